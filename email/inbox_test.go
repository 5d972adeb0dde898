package email

import (
	"strings"
	"testing"

	"porchlight/email/imap"
)

// A mail is known again under another UID and at another of our addresses, whatever its server writes above it. Two
// mails that differ in what names them, or in a single byte of what they say, are two.
func TestFingerprint(t *testing.T) {
	in := &inbox{name: "a"}
	of := func(mail string) string {
		body := []byte(strings.ReplaceAll(mail, "\n", "\r\n"))
		return in.fingerprint(imap.Raw{UID: 1, Validity: 1, Size: int64(len(body)), Body: body})
	}
	const named = "Message-ID: <1@relay>\nFrom: daemon@relay\nSubject: Undelivered\n\nmailbox 1\n"
	bare := strings.TrimPrefix(named, "Message-ID: <1@relay>\n")
	if of(named) != of("Delivered-To: support+sales@example.org\n"+named) {
		t.Error("the same mail at two addresses counts as two")
	}
	if other := (&inbox{name: "b"}).fingerprint(imap.Raw{Body: []byte(strings.ReplaceAll(named, "\n", "\r\n"))}); other == of(named) {
		t.Error("the same mail in two mailboxes, which may be of two departments, counts as one")
	}
	if of(bare) == of("Received: later\n"+bare) {
		t.Error("two mails of a program count as one")
	}
	if of(named) == of(strings.Replace(named, "<1@", "<2@", 1)) {
		t.Error("two Message-IDs count as the same mail")
	}
	for _, mail := range []string{named, bare} {
		if of(mail) == of(strings.Replace(mail, "mailbox 1", "mailbox 2", 1)) {
			t.Errorf("two mails that say different things count as one: %q", mail)
		}
	}
	a, b := in.fingerprint(imap.Raw{UID: 1, Validity: 1}), in.fingerprint(imap.Raw{UID: 2, Validity: 1})
	if c := (&inbox{name: "b"}).fingerprint(imap.Raw{UID: 1, Validity: 1}); a == b || a == c {
		t.Error("two mails of which nothing was fetched count as one")
	}
}
