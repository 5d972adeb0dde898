package imap

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// tries is how often a mail may fail before it is set aside.
const tries = 3

// keepLimit is how long the store may take over one mail.
const keepLimit = time.Minute

// troubled is a mail that could not be fetched.
type troubled struct {
	uid   uint32
	tries int
	blind bool // a mail was given up, and none was fetched since: so it may be the server, not the mails
}

// fetch reads one mail; when that has failed several times, only its beginning.
func (m *Mailbox) fetch(s *session, uid uint32) (Raw, error) {
	if m.bad.uid == uid && m.bad.tries >= tries {
		return s.beginning(uid, m.opts.Clock.Now())
	}
	return s.fetch(uid)
}

// trouble counts that a mail could not be fetched, and in the end sets it aside. If the mail before was set
// aside as well, the server may be at fault, and the mail is tried again and again.
func (m *Mailbox) trouble(ctx context.Context, s *session, uid uint32, err error) error {
	if ctx.Err() != nil {
		return err
	}
	if m.bad.uid != uid {
		m.bad.uid, m.bad.tries = uid, 0
	}
	m.bad.tries++
	if m.bad.tries <= tries || m.bad.blind {
		return err
	}
	m.log.Warn("a mail can't be fetched, it is left out", "uid", uid, "err", err)
	if failed := m.store.Quarantine(ctx, Raw{Validity: s.box.UIDValidity, UID: uid}, err); failed != nil {
		return m.opts.Server.fail(Storing, failed)
	}
	m.next, m.bad = uid+1, troubled{blind: true}
	return err // the connection has ended, or it is better to have a new one
}

// keep gives a mail to the store, up to three times, and then to its quarantine. A store that can keep nothing
// has not tried: the mail is fetched again later.
func (m *Mailbox) keep(ctx context.Context, raw Raw) (err error) {
	for try := range tries {
		if err = m.try(ctx, raw); err == nil || ctx.Err() != nil || errors.Is(err, ErrStore) {
			return err
		}
		m.log.Warn("a mail can't be taken", "uid", raw.UID, "try", try+1, "err", err)
		if try < tries-1 && !sleep(ctx, keepPause<<(2*try)) {
			return ctx.Err()
		}
	}
	return m.store.Quarantine(ctx, raw, err)
}

// keepPause is how long the store has before it is given the same mail again; then four times as long.
const keepPause = 5 * time.Second

// try gives a mail to the store once. Nothing that is in a mail ends the program.
func (m *Mailbox) try(ctx context.Context, raw Raw) (err error) {
	ctx, cancel := context.WithTimeout(ctx, keepLimit)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("take a mail: panic: %v\n%s", p, debug.Stack())
		}
	}()
	return m.store.Take(ctx, raw)
}
