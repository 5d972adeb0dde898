package imap

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"
)

// How long a Mailbox waits before it connects again.
const (
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	loginPause   = 15 * time.Minute // after a refused login, so that the account is not locked
)

// Mailbox reads one mailbox.
type Mailbox struct {
	opts  Options
	store Store
	log   *slog.Logger

	// What only the goroutine of Run uses.
	next     uint32   // as in the store's Cursor
	window   window   // what of the mailbox is read by date
	failures int      // sessions that failed since something was last achieved
	down     bool     // Report was told
	told     bool     // Report was told anything
	bad      troubled // the mail at which sessions end
}

// New prepares to read a mailbox into a store. It does not connect.
func New(o Options, s Store) *Mailbox {
	return &Mailbox{opts: o, store: s, log: o.Log.With("mailbox", o.Server.String())}
}

// Run reads the mailbox until the context ends, which is no error. It may be called once. It never gives up:
// after failures it waits from 1 s up to 5 min, after a refused login 15 min, and connects again.
func (m *Mailbox) Run(ctx context.Context) error {
	for {
		err := m.session(ctx)
		if ctx.Err() != nil {
			return nil
		}
		m.failures++
		wait := m.pause(err)
		m.log.Info("connection to the mailbox ended", "err", err, "pause", wait)
		if m.failures > 1 || hopeless(err) {
			m.isDown(err)
		}
		if !sleep(ctx, wait) {
			return nil
		}
	}
}

// pause says how long to wait after an error. Not all who lost the same server come back at the same time.
func (m *Mailbox) pause(err error) time.Duration {
	if hopeless(err) {
		return loginPause
	}
	d := longestPause
	if m.failures < 10 {
		d = min(d, firstPause<<(m.failures-1))
	}
	return d*3/4 + rand.N(d/4)
}

// sleep waits, and reports whether the context has not ended meanwhile.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// isDown tells that the mailbox can't be read.
func (m *Mailbox) isDown(err error) {
	if !m.down && m.opts.Report != nil {
		m.opts.Report.Down(err)
	}
	m.down, m.told = true, true
}

// isWell notes that something was achieved, and tells that the mailbox is read.
func (m *Mailbox) isWell() {
	if (m.down || !m.told) && m.opts.Report != nil {
		m.opts.Report.Well()
	}
	m.failures, m.down, m.told = 0, false, true
}

// session connects and reads mail until the connection ends, or the context.
func (m *Mailbox) session(ctx context.Context) error {
	s, err := open(ctx, m.opts)
	if err != nil {
		return err
	}
	defer s.end()
	if err := m.position(ctx, s); err != nil {
		return err
	}
	for {
		if err := m.drain(ctx, s); err != nil {
			return err
		}
		m.isWell()
		if err := s.wait(ctx); err != nil {
			return err
		}
	}
}

// drain takes all mails that are there.
func (m *Mailbox) drain(ctx context.Context, s *session) error {
	for {
		select {
		case <-s.news: // what it announced is found now
		default:
		}
		until := m.window.until
		uids, err := s.search(m.next, until, m.window.since)
		if err != nil {
			return err
		}
		for _, uid := range uids {
			s.calm = false
			if err := m.take(ctx, s, uid); err != nil {
				return err
			}
		}
		switch {
		case len(uids) == batch: // there may be more
		case until == 0:
			return nil
		default:
			if err := m.pass(ctx, s, until-1); err != nil {
				return err
			}
			m.window = window{}
		}
	}
}

// pass leaves out what is left up to a UID.
func (m *Mailbox) pass(ctx context.Context, s *session, uid uint32) error {
	if m.next > uid {
		return nil
	}
	if err := m.store.Pass(ctx, s.box.UIDValidity, uid); err != nil {
		return m.opts.Server.fail(Storing, err)
	}
	m.next = uid + 1
	return nil
}

// take reads one mail and gives it to the store.
func (m *Mailbox) take(ctx context.Context, s *session, uid uint32) error {
	raw, err := m.fetch(s, uid)
	switch {
	case errors.Is(err, errGone):
		return m.pass(ctx, s, uid)
	case err != nil:
		return m.trouble(ctx, s, uid, err)
	}
	m.bad = troubled{}
	err = m.keep(ctx, raw)
	if err != nil {
		return m.opts.Server.fail(Storing, err)
	}
	m.next = uid + 1
	m.isWell()
	return nil
}
