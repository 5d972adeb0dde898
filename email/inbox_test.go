package email

import (
	"strings"
	"testing"

	"porchlight/email/imap"
)

// A mail is known again under another UID and whatever its server writes above it does not matter, but two mails that
// differ in what names them, or without a Message-ID in a single byte, are two.
func TestFingerprint(t *testing.T) {
	one, other := &inbox{name: "imaps://a/INBOX"}, &inbox{name: "imaps://b/INBOX"}
	of := func(mail string) string {
		body := []byte(strings.ReplaceAll(mail, "\n", "\r\n"))
		return one.fingerprint(imap.Raw{UID: 1, Validity: 1, Size: int64(len(body)), Body: body})
	}
	const named = "Message-ID: <1@relay>\nFrom: daemon@relay\nSubject: Undelivered\n\nmailbox 1\n"
	bare := strings.TrimPrefix(named, "Message-ID: <1@relay>\n")
	if of(named) != of(strings.Replace(named, "mailbox 1", "mailbox 2", 1)) {
		t.Error("a mail with the same names and size counts as another one")
	}
	if of(named) == of(strings.Replace(named, "<1@", "<2@", 1)) {
		t.Error("two Message-IDs count as the same mail")
	}
	if of(bare) != of(bare) || of(bare) == of(strings.Replace(bare, "mailbox 1", "mailbox 2", 1)) {
		t.Error("without a Message-ID, two bounces count as the same mail")
	}
	first := imap.Raw{UID: 1, Validity: 1}
	if a, b, c := one.fingerprint(first), one.fingerprint(imap.Raw{UID: 2, Validity: 1}), other.fingerprint(first); a == b || a == c {
		t.Error("two mails of which nothing was fetched count as one")
	}
}
