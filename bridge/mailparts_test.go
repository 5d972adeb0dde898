package bridge_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// largeMail is a mail of some parts, none of which is like another.
func largeMail() []byte {
	raw := make([]byte, 5<<20/2)
	for i := range raw {
		raw[i] = byte(i>>16 + i)
	}
	return raw
}

// brittle is a store that fails at one of its updates, as a program that is killed then.
type brittle struct {
	bridge.Store
	left int
}

var errKilled = errors.New("killed")

// Update implements bridge.Store.
func (b *brittle) Update(ctx context.Context, f func(bridge.Tx) error) error {
	if b.left--; b.left < 0 {
		return errKilled
	}
	return b.Store.Update(ctx, f)
}

// leftParts counts the parts of mails that no mail names.
func (o *office) leftParts() int {
	o.t.Helper()
	var list []bridge.MailPart
	o.must(bridge.Conversation{}, o.store.View(o.t.Context(), func(r bridge.Reader) (err error) {
		list, err = r.LeftMailParts(o.clock.Now().Add(time.Minute), 100)
		return err
	}))
	return len(list)
}

// A large mail is stored in parts. Wherever the program ends meanwhile, the mail is fetched again and there
// once and whole, and what is left over is deleted later.
func TestMail_LargeOneIsThereOnceAndWhole(t *testing.T) {
	raw := largeMail()
	for killed := range 5 { // the mail takes four updates: three parts and its row
		o := newOffice(t).halted()
		mail := bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 1, Fingerprint: "f", Received: o.clock.Now(), Raw: raw, Bytes: int64(len(raw))}
		weak := &brittle{o.store, 99}
		b, err := bridge.Open(t.Context(), weak, bridge.Options{Domain: "support.example.org", Clock: o.clock, Mail: o.mail, Log: slog.New(slog.DiscardHandler)})
		o.must(bridge.Conversation{}, err)
		weak.left = killed
		if err := b.Mail.Keep(t.Context(), mail); (err == nil) != (killed == 4) {
			t.Fatalf("killed at update %d: %v", killed, err)
		}
		for range 2 {
			o.must(bridge.Conversation{}, o.Mail.Keep(t.Context(), mail))
		}
		list, err := o.Mail.Unsorted(t.Context(), 10)
		if err != nil || len(list) != 1 {
			t.Fatalf("killed at update %d: stored %v, %v", killed, list, err)
		}
		if m, err := o.Mail.Arrived(t.Context(), list[0]); err != nil || !bytes.Equal(m.Raw, raw) || m.Apart == "" {
			t.Errorf("killed at update %d: %d bytes of %d, %v", killed, len(m.Raw), len(raw), err)
		}
		if n := o.leftParts(); n != killed%4 {
			t.Errorf("killed at update %d: %d parts are left over", killed, n)
		}
		o.clock.Move(2 * time.Hour)
		o.Turn(t.Context())
		m, err := o.Mail.Arrived(t.Context(), list[0])
		if n := o.leftParts(); n != 0 || err != nil || !bytes.Equal(m.Raw, raw) {
			t.Errorf("killed at update %d, later: %d parts are left over, the mail has %d bytes, %v", killed, n, len(m.Raw), err)
		}
	}
}

// longPen writes mails that are too large for their rows.
type longPen struct{ pen }

// Compose implements bridge.Post.
func (longPen) Compose(d bridge.Draft) ([]byte, error) { return largeMail(), nil }

// A large mail that goes is listed whole until it was sent.
func TestMail_LargeOneGoes(t *testing.T) {
	o := newOfficeOf(t, twoDesks)
	o.mail.Post = longPen{}
	o.close()
	o.open()
	o.halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s", Text: "So.", ByMail: true})
	for range 2 {
		list := o.outbox(0)
		if len(list) != 1 || !bytes.Equal(list[0].Raw, largeMail()) || list[0].Apart == "" {
			t.Fatalf("it sends %d mails", len(list))
		}
		o.must(c, o.Mail.Late(t.Context(), list[0].ID, "451 later"))
		o.clock.Move(time.Hour)
	}
}

// The bytes of mail that is old and done with are deleted. Mail is still known then: an answer to it finds
// its conversation, a copy of it is not stored again. What waits stays whole.
func TestMail_OldBytesAreDeleted(t *testing.T) {
	for _, keep := range []time.Duration{0, 24 * time.Hour} {
		o := newOffice(t)
		o.mail.KeepRaw = keep
		o.close()
		o.open()
		o.halted()
		o.come(xavi)
		m := o.gets(anna("1@example.net", "Course", "How?"))
		c := o.conversation(m.Conversation)
		o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s", Text: "So.", ByMail: true})
		sent := o.outbox(0)
		o.sent(sent)
		o.must(bridge.Conversation{}, o.Mail.Keep(t.Context(), bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 50, Fingerprint: "large", Raw: largeMail()}))
		unsorted, err := o.Mail.Unsorted(t.Context(), 1)
		o.must(c, err)
		o.must(bridge.Conversation{}, o.Mail.Sort(t.Context(), unsorted[0], "", anna("large@example.net", "Large", "See")))
		o.must(bridge.Conversation{}, o.Mail.Keep(t.Context(), bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 51, Fingerprint: "waits", Raw: []byte("waits")}))
		waits, err := o.Mail.Unsorted(t.Context(), 1)
		o.must(c, err)

		o.outbox(23 * time.Hour)
		o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s2", Text: "More.", ByMail: true})
		o.outbox(2 * time.Hour)
		o.outbox(2 * time.Hour)
		raws := func(ids ...int64) (all []string) {
			for _, id := range ids {
				m, err := o.Mail.Arrived(t.Context(), id)
				o.must(c, err)
				all = append(all, fmt.Sprint(len(m.Raw) > 0))
			}
			return all
		}
		gone := fmt.Sprint(keep == 0)
		if got, want := strings.Join(raws(m.ID, unsorted[0], waits[0]), " "), strings.Join([]string{gone, gone, "true"}, " "); got != want {
			t.Errorf("kept for %v: mails that came are there: %s, want %s", keep, got, want)
		}
		if n := o.leftParts(); n != 0 {
			t.Errorf("kept for %v: %d parts are left over", keep, n)
		}
		if list := o.outbox(0); len(list) != 1 || len(list[0].Raw) == 0 {
			t.Errorf("kept for %v: it sends %v", keep, list)
		}
		o.must(bridge.Conversation{}, o.store.View(t.Context(), func(r bridge.Reader) error {
			out, err := r.OutMail(sent[0].ID)
			if len(out.Raw) > 0 != (keep == 0) {
				t.Errorf("kept for %v: the mail that went has %d bytes", keep, len(out.Raw))
			}
			return err
		}))
		o.must(bridge.Conversation{}, o.Mail.Keep(t.Context(), bridge.InMail{Mailbox: "INBOX", Validity: 1, UID: 52, Fingerprint: m.Fingerprint, Raw: []byte("raw")}))
		o.must(bridge.Conversation{}, o.Mail.Sort(t.Context(), waits[0], "", anna("waits@example.net", "Waits", "So")))
		if list, err := o.Mail.Unsorted(t.Context(), 9); err != nil || len(list) != 0 {
			t.Errorf("kept for %v: a copy is stored: %v, %v", keep, list, err)
		}
		o.uid = 60
		answer := anna("3@example.net", "Re: Course", "Thanks")
		answer.InReplyTo = sent[0].MessageID
		if m := o.gets(answer); m.Conversation != c.Number {
			t.Errorf("kept for %v: the answer came to #%d", keep, m.Conversation)
		}
	}
}

// An answer is known though its program writes the id of our mail in another case.
func TestMail_IDsInAnotherCase(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s", Text: "So.", ByMail: true})
	sent := o.outbox(0)
	for i, fold := range []func(string) string{strings.ToUpper, strings.ToLower} {
		answer := anna(fmt.Sprint("a", i, "@example.net"), "Thanks", "Thanks")
		answer.InReplyTo = fold(sent[0].MessageID)
		if m := o.gets(answer); m.Conversation != c.Number {
			t.Errorf("the answer to %s came to #%d", answer.InReplyTo, m.Conversation)
		}
	}
}
