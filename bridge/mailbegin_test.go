package bridge_test

import (
	"testing"

	"porchlight/bridge"
)

// Where a mailbox begins replaces its cursor, and when its server gives UIDs anew, the mail that comes under them
// is stored beside the mail that had them before, each once.
func TestMail_Begins(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	keep := func(uid uint32, print string) {
		t.Helper()
		o.must(bridge.Conversation{}, o.Mail.Keep(ctx, bridge.InMail{Mailbox: "INBOX", Validity: 7, UID: uid, Fingerprint: print, Received: o.clock.Now(), Raw: []byte(print)}))
	}
	begin := func(next uint32) {
		t.Helper()
		o.must(bridge.Conversation{}, o.Mail.Begin(ctx, "INBOX", bridge.MailCursor{Validity: 7, Next: next}))
	}
	begin(5)
	keep(4, "older")
	keep(5, "a")
	keep(6, "b")
	begin(5) // the backup has neither
	keep(5, "c")
	keep(6, "b")
	list, err := o.Mail.Unsorted(ctx, 10)
	o.must(bridge.Conversation{}, err)
	at, err := o.Mail.Cursor(ctx, "INBOX")
	o.must(bridge.Conversation{}, err)
	if len(list) != 3 || at.Next != 7 {
		t.Errorf("stored %d mails, cursor %+v", len(list), at)
	}
}
