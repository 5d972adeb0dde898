package bridge_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// interrupted is a store before one of whose updates something else happens.
type interrupted struct {
	bridge.Store
	left int // updates before
	by   func()
}

// Update implements bridge.Store.
func (s *interrupted) Update(ctx context.Context, f func(bridge.Tx) error) error {
	if s.left--; s.left == 0 {
		s.by()
	}
	return s.Store.Update(ctx, f)
}

// A large mail whose parts were deleted as left over before its row was stored, since the clock was set forward, is not
// stored without its bytes: it is fetched again, and whole then.
func TestMail_PartsGoneBeforeTheRow(t *testing.T) {
	o := newOffice(t).halted()
	raw := largeMail()
	mail := bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 1, Fingerprint: "f", Received: o.clock.Now(), Raw: raw, Bytes: int64(len(raw))}
	weak := &interrupted{Store: o.store, left: 1 << 30}
	b, err := bridge.Open(t.Context(), weak, bridge.Options{Domain: "support.example.org", Clock: o.clock, Mail: o.mail, Log: slog.New(slog.DiscardHandler)})
	o.must(bridge.Conversation{}, err)
	weak.left, weak.by = 4, func() { // after three parts
		o.clock.Move(2 * time.Hour)
		o.Turn(t.Context())
	}
	if err := b.Mail.Keep(t.Context(), mail); err == nil || !strings.Contains(err.Error(), "0 of 3 parts") {
		t.Errorf("without its parts it is stored: %v", err)
	}
	c, err := b.Mail.Cursor(t.Context(), "INBOX")
	if err != nil || c.Next > 1 {
		t.Errorf("the mailbox is read up to %+v, %v", c, err)
	}
	o.must(bridge.Conversation{}, b.Mail.Keep(t.Context(), mail))
	list, err := o.Mail.Unsorted(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("stored %v, %v", list, err)
	}
	if m, err := o.Mail.Arrived(t.Context(), list[0]); err != nil || !bytes.Equal(m.Raw, raw) {
		t.Errorf("%d of %d bytes, %v", len(m.Raw), len(raw), err)
	}
}

// A mail that goes and has lost a part has failed, and keeps no other mail back.
func TestMail_LostPartKeepsNothingBack(t *testing.T) {
	o := newOffice(t).halted()
	out := bridge.OutMail{Kind: bridge.NoticeMail, From: support, To: "anna@example.net", State: bridge.MailQueued, Made: o.clock.Now(), Due: o.clock.Now()}
	lost, good := out, out
	lost.ID, lost.MessageID, lost.Apart, lost.Raw = "a", "a@x", "gone", []byte{}
	good.ID, good.MessageID, good.Raw = "b", "b@x", []byte("good")
	for _, m := range []bridge.OutMail{lost, good} {
		o.must(bridge.Conversation{}, o.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.CreateOutMail(m) }))
	}
	o.outbox(0)
	if list := o.outbox(0); len(list) != 1 || list[0].ID != "b" {
		t.Errorf("it sends %v", list)
	}
	o.must(bridge.Conversation{}, o.store.View(t.Context(), func(r bridge.Reader) error {
		m, err := r.OutMail("a")
		if m.State != bridge.MailFailed {
			t.Errorf("the other is %s", m.State)
		}
		return err
	}))
}

// A mail that came and has lost a part is given up in the end, and the super operators are told.
func TestMail_CameAndLostAPart(t *testing.T) {
	o := newOffice(t).halted()
	m := bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 1, Fingerprint: "f", Received: o.clock.Now(), Raw: []byte{}, Apart: "gone", State: bridge.MailNew, Kept: o.clock.Now()}
	o.must(bridge.Conversation{}, o.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.CreateInMail(&m) }))
	for range 20 {
		_, err := o.Mail.Arrived(t.Context(), m.ID)
		if phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Fatal(err)
		}
		o.must(bridge.Conversation{}, o.Mail.GiveUp(t.Context(), m.ID, bridge.Letter{}, err))
		o.clock.Move(time.Hour)
	}
	if list, err := o.Mail.Unsorted(t.Context(), 9); err != nil || len(list) != 0 || !strings.Contains(o.last(xavi), "mail") {
		t.Errorf("it is tried again: %v, %v; the desk says %q", list, err, o.last(xavi))
	}
}
