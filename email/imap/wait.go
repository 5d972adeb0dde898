package imap

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// How long to wait for news before looking for mail all the same.
const (
	idleFor = 4 * time.Minute  // and up to a minute more; routers forget silent connections, servers end them after 30 min
	soonFor = 10 * time.Second // the first time, and after mail: some servers announce nothing that comes just before IDLE
	pollFor = time.Minute      // without IDLE
)

// wait waits until there may be mail, or until it is time to look.
func (s *session) wait(ctx context.Context) error {
	if !s.caps.Has(imap.CapIdle) {
		return s.poll(ctx)
	}
	var idle *imapclient.IdleCommand
	err := s.within(stepLimit, Waiting, func() (err error) {
		idle, err = s.client.Idle()
		return err
	})
	var no refused
	if errors.As(err, &no) {
		delete(s.caps, imap.CapIdle)
		return s.poll(ctx)
	}
	if err != nil {
		return err
	}
	d := idleFor + rand.N(time.Minute)
	if !s.calm {
		d = soonFor
	}
	s.calm = true
	s.listen(ctx, d)
	return s.within(stepLimit, Waiting, func() error {
		return errors.Join(idle.Close(), idle.Wait())
	})
}

// poll waits a while, and has the server look for mail.
func (s *session) poll(ctx context.Context) error {
	s.listen(ctx, pollFor)
	return s.within(stepLimit, Waiting, func() error { return s.client.Noop().Wait() })
}

// listen waits for news, for the time to pass, or for the end.
func (s *session) listen(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-s.news:
	case <-t.C:
	case <-s.client.Closed():
	case <-ctx.Done():
	}
}
