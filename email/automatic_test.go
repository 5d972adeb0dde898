package email_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/email"
	"porchlight/email/letter"
)

// A mail that goes by itself has nothing that its visitor gave: anybody can type somebody else's address. It tells
// the time by the visitor's clocks, else by those of the hours; and whoever gets it knows that it is automatic.
func TestPost_AutomaticMailHasNothingOfTheVisitor(t *testing.T) {
	post, err := email.NewPost("Example Support <support@example.org>", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for zone, when := range map[string]string{"": "2026-11-30 09:00 CET", "no/such": "2026-11-30 09:00 CET", "Asia/Tokyo": "2026-11-30 17:00 JST"} {
		for _, kind := range []bridge.MailKind{bridge.AcknowledgementMail, bridge.ClosedMail} {
			d := bridge.Draft{Kind: kind, To: "anna@example.net", ReplyTo: "support+t.x@example.org", MessageID: "m.1@example.org", InReplyTo: "v1@example.net", At: time.Now(), Subject: "Pills",
				Conversation: bridge.Conversation{Number: 7}, Back: time.Date(2026, 11, 30, 9, 0, 0, 0, madrid),
				Request: bridge.Request{Name: "Pills", Reason: "Pills at http://pills.example", TimeZone: zone, Page: bridge.Page{URL: "http://pills.example", Title: "Pills"}}}
			raw, err := post.Compose(d)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(strings.ToLower(string(raw)), "pills") {
				t.Errorf("%s has words of the visitor: %s", kind, raw)
			}
			if told := strings.Contains(string(raw), when); told != (kind == bridge.ClosedMail) {
				t.Errorf("%s in %q tells %q: %v: %s", kind, zone, when, told, raw)
			}
			if l := letter.Read(raw, letter.Options{}); l.Kind != letter.Automatic || !l.Quiet || l.InReplyTo != "v1@example.net" {
				t.Errorf("%s is read as %s, quiet %v, after %q", kind, l.Kind, l.Quiet, l.InReplyTo)
			}
		}
	}
}
