package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"porchlight/email/smtp/smtptest"
)

// relay is a relay that may be started anew on the same address. Any goroutine may call its methods.
type relay struct {
	addr string

	mu     sync.Mutex
	sink   *smtptest.Sink
	before []smtptest.Mail // what earlier sinks have taken
}

func newRelay() (*relay, error) {
	s, err := smtptest.Listen(smtptest.Options{})
	if err != nil {
		return nil, err
	}
	return &relay{addr: s.Addr(), sink: s}, nil
}

// now returns the sink that there is.
func (r *relay) now() *smtptest.Sink {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sink
}

// mails lists all that was taken, in order.
func (r *relay) mails() []smtptest.Mail {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append(slices.Clone(r.before), r.sink.Mails()...)
}

// await waits until one more mail is taken, for two seconds at most.
func (r *relay) await(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	s := r.now()
	s.Await(ctx, len(s.Mails())+1)
}

// restart takes the relay away for a while.
func (r *relay) restart(ctx context.Context, away time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sink.Close()
	r.before = append(r.before, r.sink.Mails()...)
	if err := pause(ctx, away); err != nil {
		return err
	}
	for end := time.Now().Add(10 * time.Second); ; {
		s, err := smtptest.Listen(smtptest.Options{Addr: r.addr})
		if err == nil {
			r.sink = s
			return nil
		}
		if time.Now().After(end) {
			return err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}

// fails makes the relay fail for a while.
func (r *relay) fails(ctx context.Context, d time.Duration, rules ...smtptest.Rule) error {
	for _, rule := range rules {
		r.now().Fail(rule)
	}
	err := pause(ctx, d)
	r.heal()
	return err
}

// heal ends all that fails.
func (r *relay) heal() { r.now().Heal() }

func (r *relay) close() { r.now().Close() }
