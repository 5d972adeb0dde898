package imap

import (
	"context"
	"time"
)

// window is a part of the mailbox of which only mails of some days are wanted. It lives in memory: if the
// program ends before the window is read, older mails in it that have higher UIDs than wanted ones are taken
// as well.
type window struct {
	since time.Time
	until uint32 // a UID; 0: there is no window
}

// position finds where to read on.
func (m *Mailbox) position(ctx context.Context, s *session) error {
	c, err := m.store.Cursor(ctx)
	if err != nil {
		return m.opts.Server.fail(Storing, err)
	}
	now := m.opts.Clock.Now()
	switch {
	case c.Validity == s.box.UIDValidity && !s.hasLost(c):
		m.next = c.Next
		return nil
	case c.Validity == 0 && m.opts.Since == 0:
		return m.start(ctx, s, Cursor{Last: now}, time.Time{})
	case c.Validity == 0:
		since := now.Add(-m.opts.Since)
		return m.start(ctx, s, Cursor{Last: since}, since)
	}
	m.log.Warn("the server has numbered mails anew", "uidvalidity", s.box.UIDValidity, "was", c.Validity, "uidnext", s.box.UIDNext, "next", c.Next)
	if c.Last.After(now) {
		c.Last = now // some mail had a wrong date
	}
	return m.start(ctx, s, c, c.Last.Add(-rescan))
}

// hasLost reports whether the server gives UIDs anew that it gave before, against RFC 9051 §2.3.1.1, as after a backup
// was restored. Otherwise new mail below the cursor would never be read.
func (s *session) hasLost(c Cursor) bool {
	return s.box.UIDNext != 0 && uint32(s.box.UIDNext) < c.Next
}

// rescan is how far before the last mail reading begins when the server has numbered all mails anew; the store
// knows which of them it has.
const rescan = 48 * time.Hour

// start tells the store where reading begins: at the first mail since a time, or, if that is zero, at the next
// one to come.
func (m *Mailbox) start(ctx context.Context, s *session, c Cursor, since time.Time) error {
	end, err := s.nextUID()
	if err != nil {
		return err
	}
	c.Validity, c.Next, m.window = s.box.UIDValidity, end, window{}
	if !since.IsZero() && end > 1 {
		uids, err := s.search(1, end, since)
		if err != nil {
			return err
		}
		if len(uids) > 0 {
			c.Next, m.window = uids[0], window{since: since, until: end}
		}
	}
	if err := m.store.Start(ctx, c); err != nil {
		return m.opts.Server.fail(Storing, err)
	}
	m.next = c.Next
	return nil
}
