package imap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/mail"
	"slices"
	"sync"
	"testing"
	"time"
)

// shelf is a Store in memory, and a Report. It knows mails by their Message-ID.
type shelf struct {
	settle   func()                       // waits until all goroutines wait, if that can be known
	patience time.Duration                // how long wait waits
	refuse   func(try int, raw Raw) error // may fail a Take; it gets how many there were of this mail

	mu       sync.Mutex
	cursor   Cursor
	starts   []Cursor
	taken    []Raw
	known    map[string]bool // by Message-ID
	tries    map[uint32]int
	aside    map[uint32]error
	asideRaw []Raw
	passed   []uint32
	health   []string // "well" or what Down was told
	changed  chan struct{}
}

func newShelf() *shelf {
	return &shelf{settle: func() {}, patience: 2 * time.Minute, known: map[string]bool{}, tries: map[uint32]int{}, aside: map[uint32]error{}, changed: make(chan struct{})}
}

// wait waits until something holds.
func (s *shelf) wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	late := time.After(s.patience)
	for {
		s.mu.Lock()
		ok, changed := holds(), s.changed
		s.mu.Unlock()
		if ok {
			s.settle()
			return
		}
		select {
		case <-changed:
		case <-late:
			s.mu.Lock()
			defer s.mu.Unlock()
			t.Fatalf("%s does not come true: %d mails, cursor %+v, health %q", what, len(s.taken), s.cursor, s.health)
		}
	}
}

// change runs f, and wakes who waits.
func (s *shelf) change(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		close(s.changed)
		s.changed = make(chan struct{})
	}()
	return f()
}

func (s *shelf) Cursor(context.Context) (Cursor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cursor, nil
}

func (s *shelf) Start(_ context.Context, c Cursor) error {
	return s.change(func() error {
		s.cursor = c
		s.starts = append(s.starts, c)
		return nil
	})
}

func (s *shelf) Take(ctx context.Context, raw Raw) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.change(func() error {
		s.tries[raw.UID]++
		if s.refuse != nil {
			if err := s.refuse(s.tries[raw.UID], raw); err != nil {
				return err
			}
		}
		if err := s.move(raw.Validity, raw.UID); err != nil {
			return err
		}
		if raw.Received.After(s.cursor.Last) {
			s.cursor.Last = raw.Received
		}
		if !s.known[id(raw)] {
			s.taken = append(s.taken, raw)
		}
		s.known[id(raw)] = true
		return nil
	})
}

func (s *shelf) Quarantine(_ context.Context, raw Raw, err error) error {
	return s.change(func() error {
		s.aside[raw.UID] = err
		s.asideRaw = append(s.asideRaw, raw)
		return s.move(raw.Validity, raw.UID)
	})
}

func (s *shelf) Pass(_ context.Context, validity, uid uint32) error {
	return s.change(func() error {
		s.passed = append(s.passed, uid)
		return s.move(validity, uid)
	})
}

// move moves the cursor past a mail, which only goes forward.
func (s *shelf) move(validity, uid uint32) error {
	if validity != s.cursor.Validity || uid < s.cursor.Next {
		return fmt.Errorf("mail %d of %d, the cursor is %+v", uid, validity, s.cursor)
	}
	s.cursor.Next = uid + 1
	return nil
}

func (s *shelf) Down(err error) {
	_ = s.change(func() error { s.health = append(s.health, err.Error()); return nil })
}

func (s *shelf) Well() {
	_ = s.change(func() error { s.health = append(s.health, "well"); return nil })
}

// told returns what was told of the mailbox's health.
func (s *shelf) told() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.health)
}

// ids returns the Message-IDs of all mails taken, or their text.
func (s *shelf) ids() (ids []string) {
	for _, raw := range s.taken {
		ids = append(ids, id(raw))
	}
	return ids
}

func id(raw Raw) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw.Body))
	if err != nil || m.Header.Get("Message-Id") == "" {
		return string(raw.Body)
	}
	return m.Header.Get("Message-Id")
}

// letter is a mail with a number.
func letter(n int) []byte {
	return fmt.Appendf(nil, "Message-ID: <%d@test>\r\nFrom: ann@example.org\r\nSubject: mail %d\r\n\r\nHello %d\r\n", n, n, n)
}

// wall is the machine's clock.
type wall struct{}

func (wall) Now() time.Time { return time.Now() }

// quiet logs nothing.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// read runs a mailbox until the test ends.
func read(t *testing.T, o Options, s *shelf) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	o.Report = s
	go func() { done <- New(o, s).Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return stop
}
