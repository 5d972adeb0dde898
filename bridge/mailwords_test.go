package bridge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// postings lists the particulars of what has happened to mails, by the log.
func (o *office) postings(number int64) (list []bridge.Posting) {
	o.t.Helper()
	events, err := o.Events(o.t.Context(), number, 0, 1000)
	o.must(bridge.Conversation{}, err)
	for _, e := range events {
		if p, ok := e.Data.(bridge.Posting); ok {
			list = append(list, p)
		}
	}
	return list
}

// What happened to a mail is told with the beginning of what it said last, as that stands now.
func TestMail_IsToldWithItsWords(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	opened := bridge.Opened{Conversation: c}
	o.writes(xavi, opened, bridge.Said{ID: "s1", Text: "Like this."})
	first := o.outbox(2 * time.Minute)
	o.writes(xavi, opened, bridge.Said{ID: "s2", Text: "And\nthat."})
	o.writes(xavi, opened, bridge.Said{ID: "s3", Text: "Never mind."})
	o.writes(xavi, opened, bridge.Said{ID: "s4", Type: bridge.EventRetraction, About: "s3"})
	second := o.outbox(2 * time.Minute)[1:]
	o.sent(second)
	o.sent(first)
	var said []string
	for _, p := range o.postings(c.Number) {
		said = append(said, p.Said)
	}
	if want := []string{"And that.", "Like this."}; !slices.Equal(said, want) {
		t.Errorf("told are %q, want %q", said, want)
	}
}

// Words that were due by mail when the visitor was blocked do not go, and that is told.
func TestMail_NotSentToTheBlockedIsTold(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "Like this."})
	_, err := o.BlockVisitor(t.Context(), xavi, c.Visitor, false, 0, "")
	o.must(c, err)
	o.goes(5 * time.Minute)
	o.goes(5 * time.Minute)
	if got := o.posts(c.Number); !slices.Equal(got, []string{"blocked"}) {
		t.Errorf("the log tells %q", got)
	}
}

// Our own addresses, with and without a mark, are nobody's to whom we write.
func TestOwnAddress_IsRefused(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "")
	o.must(c.Conversation, err)
	for _, address := range []string{support, "Support@Example.org", "support+x@example.org", "support+t.abc@example.org"} {
		_, asked := o.ask("b", address)
		_, wrote := o.WriteFirst(t.Context(), xavi, address, "Course", "Hello")
		for what, err := range map[string]error{"a request": asked, "a page": o.VisitorMails(t.Context(), c.Number, address), "mail": wrote, "a transcript": o.SendTranscript(t.Context(), c.Number, address)} {
			if phrase.CodeOf(err) != phrase.CodeInvalid || !strings.Contains(err.Error(), "the support itself") {
				t.Errorf("%s with %s: %v", what, address, err)
			}
		}
	}
	o.must(bridge.Conversation{}, o.VisitorMails(t.Context(), c.Number, "supporter@example.org"))
}

// Refused is what no mail can be written to, so that nobody believes that it goes there.
func TestValidEmail(t *testing.T) {
	for address, want := range map[string]bool{
		"ann@example.org": true, "ann@localhost": true, "a.b+c@ex-ample.co.uk": true, "jörg@exämple.net": true, "ann@xn--exmple-cua.net": true,
		"ann": false, "ann@host": false, "a@[127.0.0.1]": false, "a@b_c.example": false, "a@-b.example": false, "a@b-.example": false, "a@b..example": false,
		"a@ab--c.example": false, "Ann <ann@example.org>": false, `"a b"@example.org`: false, "a@exa\u0301mple.org": true, "a@\u0301a.example": false,
		strings.Repeat("a", 65) + "@example.org": false, "a@" + strings.Repeat("a", 64) + ".org": false, "a@" + strings.Repeat("a.", 130) + "org": false,
	} {
		if got := bridge.ValidEmail(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// A subject that is too long is refused, and not cut without a word.
func TestWriteFirst_SubjectTooLong(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	_, err := o.WriteFirst(t.Context(), xavi, "bob@example.net", strings.Repeat("x", 201), "Hello")
	if phrase.CodeOf(err) != phrase.CodeTooLarge || !strings.Contains(err.Error(), "200") {
		t.Error(err)
	}
	_, err = o.WriteFirst(t.Context(), xavi, "bob@example.net", strings.Repeat("x", 200), "Hello")
	o.must(bridge.Conversation{}, err)
}

// The log tells whether an address is the first one or replaces another.
func TestVisitorMails_TellsOfAnotherAddress(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "")
	o.must(c.Conversation, err)
	for _, address := range []string{"ann@example.net", "Ann@example.net", "eve@example.net"} {
		o.must(bridge.Conversation{}, o.VisitorMails(t.Context(), c.Number, address))
	}
	var got []bool
	events, err := o.Events(t.Context(), c.Number, 0, 100)
	o.must(c.Conversation, err)
	for _, e := range events {
		if e.Type == bridge.EventEmail {
			got = append(got, e.Data == bridge.Contact{Instead: true})
		}
	}
	if !slices.Equal(got, []bool{false, false, true}) {
		t.Errorf("replaced: %v", got)
	}
}

// The card of a ticket that waits says what is doubtful about the mail, so that the offer can.
func TestCard_OfADoubtfulMail(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	l := anna("1@example.net", "Course", "How?")
	l.Doubtful, l.AnswerTo = true, "eve@example.com"
	m := o.gets(l)
	card, err := o.Card(t.Context(), m.Conversation)
	o.must(card.Conversation, err)
	if !card.Letter.Doubtful || card.Letter.AnswerTo != "eve@example.com" {
		t.Errorf("the card has %+v", card.Letter)
	}
}
