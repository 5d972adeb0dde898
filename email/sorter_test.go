package email

import (
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/email/compose"
	"porchlight/email/letter"
)

// aDraft is an answer without a subject.
func aDraft() bridge.Draft {
	return bridge.Draft{Kind: bridge.AnswerMail, Conversation: bridge.Conversation{Number: 12}, Request: bridge.Request{Name: "Ann", Language: "de"}, To: "ann@example.org",
		MessageID: "m.1@example.org", At: time.Unix(1_800_000_000, 0), Lines: []bridge.Entry{{Event: bridge.Event{From: bridge.FromOperator, Type: bridge.EventMessage, Name: "Olga", Text: "Hello"}}}}
}

// A sender's domain is written in one way, whichever of the two forms the mail has (RFC 5891).
func TestLettered(t *testing.T) {
	for address, want := range map[string]string{
		"jörg@xn--exmple-cua.net": "jörg@exämple.net", "jörg@exämple.net": "jörg@exämple.net", "ann@example.org": "ann@example.org",
		"ann@xn--ä.example": "ann@xn--ä.example", "": "", "xn--exmple-cua.net@example.org": "xn--exmple-cua.net@example.org",
	} {
		if got := lettered(address); got != want {
			t.Errorf("%s: %s, should be %s", address, got, want)
		}
	}
}

// The bridge and what writes mails have one subject for a mail that nobody gave one.
func TestPost_Subject(t *testing.T) {
	p, err := NewPost("Example <support@example.org>", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := aDraft()
	raw, err := p.Compose(d)
	if err != nil {
		t.Fatal(err)
	}
	want := letter.ReadHeader(raw, letter.Options{}).Subject
	if got := p.Subject(d.Conversation, d.Request); got != want || got != compose.Subject(d.Request.Language, "Example", d.Conversation.Number) {
		t.Errorf("the subject is %q, and the mail has %q", got, want)
	}
}

// What the bridge takes for an address can be written to: else somebody believes that a mail goes, and it does not.
func TestPost_WritesToWhatIsAnAddress(t *testing.T) {
	p, err := NewPost("Example <support@example.org>", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"ann@example.org", "ann@localhost", "jörg@exämple.net", "ann@xn--exmple-cua.net", "a.b+c@ex-ample.co.uk", "a@[127.0.0.1]", "a@b_c.example",
		"a@-b.example", "a@ab--c.example", "a@b..example", "a@straße.example", "a@例え.example", "a@مثال.example", "a@b.example.", "a@😀.example", "a@½.example"} {
		d := aDraft()
		d.To = address
		if _, err := p.Compose(d); bridge.ValidEmail(address) && err != nil {
			t.Errorf("%s is an address: %v", address, err)
		}
	}
}
