package bridge_test

import (
	"fmt"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Our own address and a number are what anybody can write: no conversation tells of such a mail.
func TestMail_OwnAddressAndANumber(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(from("anna@example.net", "1")).Conversation)
	o.gets(from(support, "2", func(l *bridge.Letter) { l.Number, l.Text = c.Number, "Refund her 500 euros." }))
	if got := o.posts(c.Number); len(got) > 0 {
		t.Errorf("the log tells %q", got)
	}
	for n := range 9 {
		o.gets(from(support, fmt.Sprint("x", n), answers("1@example.net")))
	}
	if got := o.posts(c.Number); len(got) != 3 {
		t.Errorf("of nine that name a mail the log tells %q", got)
	}
}

// What may be forged never goes on in a conversation that it does not name, however many the person has whom it
// names; a block of that person holds for it, too.
func TestMail_ForgedIsSomebodyElse(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	hers := make(map[int64]bool)
	for n := range 5 {
		hers[o.gets(from("anna@example.net", fmt.Sprint(n))).Conversation] = true
	}
	forged := func(l *bridge.Letter) { l.Doubtful = true }
	for n := range 7 {
		if m := o.gets(from("anna@example.net", fmt.Sprint("f", n), forged)); m.Conversation == 0 || hers[m.Conversation] {
			t.Errorf("a forged mail came to #%d", m.Conversation)
		}
	}
	if _, err := o.BlockVisitor(t.Context(), xavi, o.conversation(1).Visitor, false, 0, ""); err != nil {
		t.Fatal(err)
	}
	if m := o.gets(from("anna@example.net", "late", forged)); m.Fate != "blocked" {
		t.Errorf("after a block: %+v", m)
	}
}

// A visitor who is blocked has no transcript sent.
func TestTranscript_NotToTheBlocked(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "So."})
	_, err = o.BlockVisitor(t.Context(), xavi, c.Visitor, false, 0, "")
	o.must(bridge.Conversation{}, err)
	if err := o.SendTranscript(t.Context(), c.Number, "anna@example.net"); err == nil {
		t.Error("it is sent")
	}
	o.goes(time.Hour)
}

// A transcript only names the files that operators sent, so that these go with a mail after it.
func TestTranscript_LeavesFilesToTheMail(t *testing.T) {
	o := newOffice(t)
	d := &depot{ready: true}
	o.mail.Post, o.mail.Uploads = packer{}, d
	o.close()
	o.open()
	o.halted()
	o.come(xavi)
	c := o.conversation(o.gets(from("anna@example.net", "1")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s2", File: bridge.File{URL: "https://upload.example.org/a.pdf", Name: "a.pdf"}})
	o.must(c, o.SendTranscript(t.Context(), c.Number, "anna@example.net"))
	o.outbox(time.Hour)
	if d.wanted == nil {
		t.Error("no mail takes the file along")
	}
}

// An address that comes with a transcript is stored only if the transcript is sent.
func TestTranscript_RefusedStoresNoAddress(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "")
	o.must(c.Conversation, err)
	send := func() phrase.Code { return phrase.CodeOf(o.SendTranscript(t.Context(), c.Number, "anna@example.net")) }
	if code := send(); code != phrase.CodeConflict {
		t.Errorf("before an answer: %q", code)
	}
	if email := o.conversation(c.Number).Email; email != "" {
		t.Errorf("%q is stored", email)
	}
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "So."})
	if code := send(); code != "" {
		t.Errorf("after an answer: %q", code)
	}
	if email := o.conversation(c.Number).Email; email != "anna@example.net" {
		t.Errorf("the address is %q", email)
	}
}
