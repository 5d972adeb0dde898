package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// from is a letter from an address, with the Message-ID id@ its domain.
func from(address, id string, change ...func(*bridge.Letter)) bridge.Letter {
	_, domain, _ := strings.Cut(address, "@")
	l := bridge.Letter{MessageID: id + "@" + domain, From: address, Recipients: []string{support}, Text: "Text " + id}
	for _, f := range change {
		f(&l)
	}
	return l
}

// answers makes a letter an answer to a mail.
func answers(id string) func(*bridge.Letter) {
	return func(l *bridge.Letter) { l.InReplyTo = id }
}

// heading is what stands above the last mail in a conversation.
func (o *office) heading(number int64) bridge.Heading {
	o.t.Helper()
	events, err := o.Events(o.t.Context(), number, 0, 1000)
	o.must(bridge.Conversation{}, err)
	for _, e := range slices.Backward(events) {
		if m, ok := e.Data.(bridge.Message); ok && m.Mail.Came {
			return m.Mail
		}
	}
	return bridge.Heading{}
}

// A visitor has one open conversation under each address of theirs: what answers one that has ended goes on in
// the one that is open, since the operator's words go there.
func TestMail_AnswersGoOnInTheOpenConversation(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	first := o.conversation(o.gets(from("anna@example.net", "1")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: first}, bridge.Said{ID: "s1", Text: "So."})
	out := o.outbox(2 * time.Minute)[0]
	o.must(o.Close(t.Context(), xavi, first.Visitor, ""))
	second := o.conversation(o.gets(from("anna@example.net", "2")).Conversation)
	if second.Number == first.Number || second.Visitor != first.Visitor {
		t.Fatalf("the second mail came to #%d of %s", second.Number, second.Visitor)
	}
	if m := o.gets(from("anna@example.net", "3", answers(out.MessageID))); m.Conversation != second.Number {
		t.Errorf("the answer came to #%d", m.Conversation)
	}
	if got := o.conversation(first.Number).State; got != bridge.Closed {
		t.Errorf("the first is %s", got)
	}
}

// Long after the end, what answers a conversation opens one other, and not one for each mail.
func TestMail_FollowUpOnce(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	first := o.conversation(o.gets(from("anna@example.net", "1")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: first}, bridge.Said{ID: "s1", Text: "So."})
	out := o.outbox(2 * time.Minute)[0]
	o.must(o.Close(t.Context(), xavi, first.Visitor, ""))
	o.clock.Move(15 * 24 * time.Hour)
	again := o.gets(from("anna@example.net", "2", answers(out.MessageID))).Conversation
	if m := o.gets(from("anna@example.net", "3", answers(out.MessageID))); again == first.Number || m.Conversation != again {
		t.Errorf("the mails came to #%d and #%d", again, m.Conversation)
	}
}

// Who writes many mails has a few conversations, all of which one block ends; nothing that comes later is heard
// until the block is taken back.
func TestMail_ManyFromOneAddress(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	came := make(map[int64]int)
	for n := range 12 {
		came[o.gets(from("spam@example.net", fmt.Sprint(n))).Conversation]++
	}
	if len(came) != 5 || came[5] != 8 {
		t.Errorf("they came to %v", came)
	}
	third := o.conversation(3)
	if _, err := o.BlockVisitor(t.Context(), xavi, third.Visitor, false, 0, ""); err != nil {
		t.Fatal(err)
	}
	for number := range came {
		if c := o.conversation(number); c.State != bridge.Closed {
			t.Errorf("#%d is %s", number, c.State)
		}
	}
	if m := o.gets(from("spam@example.net", "late")); m.Fate != "blocked" || m.Conversation != 0 {
		t.Errorf("after the block: %+v", m)
	}
	if list, err := o.Blocks.UnblockVisitor(t.Context(), third.Visitor); len(list) != 5 || err != nil {
		t.Errorf("unblocked: %v, %v", list, err)
	}
	if m := o.gets(from("spam@example.net", "again")); m.Conversation != 6 {
		t.Errorf("after it: %+v", m)
	}
}

// An operator's answer by their own mail program is noted in its conversation, and is no visitor's words; unless
// it may be forged.
func TestMail_AnsweredFromOutside(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	_, err := o.Team.Change(t.Context(), olga, func(x *bridge.Operator) { x.Notify.MailTo = "olga@home.example" })
	o.must(bridge.Conversation{}, err)
	c := o.conversation(o.gets(from("anna@example.net", "1")).Conversation)
	token := func(l *bridge.Letter) {
		l.Recipients = []string{o.mail.Addresses.ReplyTo(support, o.thread(c.Number, "anna@example.net"))}
	}
	for n, l := range []bridge.Letter{from(support, "2", answers("1@example.net")), from("olga@home.example", "3", token)} {
		if m := o.gets(l); m.Fate != string(bridge.Outside) || m.Conversation != c.Number {
			t.Errorf("%d: %+v", n, m)
		}
	}
	if got := o.posts(c.Number); !slices.Equal(got, []string{"outside Text 2", "outside Text 3"}) {
		t.Errorf("the log tells %q", got)
	}
	if m := o.gets(from(support, "4", token, func(l *bridge.Letter) { l.Doubtful = true })); m.Conversation != c.Number || o.heading(c.Number).Address != support || !o.heading(c.Number).Doubtful {
		t.Errorf("a forged one is %+v, %+v", m, o.heading(c.Number))
	}
	if m := o.gets(from(support, "5")); m.Conversation != 0 {
		t.Errorf("one without a conversation opened #%d", m.Conversation)
	}
}

// A form of the site that sends in our own name, with the visitor's address for answers, opens a ticket of that
// visitor.
func TestMail_SiteForm(t *testing.T) {
	o := newOffice(t).halted()
	m := o.gets(from(support, "1", func(l *bridge.Letter) { l.AnswerTo = "Anna@example.net" }))
	if c := o.conversation(m.Conversation); c.Email != "anna@example.net" {
		t.Errorf("the ticket is %+v", c)
	}
}

// Mail goes in the language that somebody wrote in last, if their mail names none.
func TestMail_LanguageOfBefore(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	german := func(l *bridge.Letter) { l.Language = "de" }
	language := func(number int64) string {
		card, err := o.Card(t.Context(), number)
		o.must(card.Conversation, err)
		return card.Request.Language
	}
	first := o.conversation(o.gets(from("anna@example.net", "1", german)).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: first}, bridge.Said{ID: "s1", Text: "So."})
	o.must(o.Close(t.Context(), xavi, first.Visitor, ""))
	again := o.gets(from("anna@example.net", "2")).Conversation
	if got := language(again); again == first.Number || got != "de" {
		t.Errorf("#%d is in %q", again, got)
	}
	_, err := o.Team.Change(t.Context(), xavi, func(x *bridge.Operator) { x.Language = "es" })
	o.must(bridge.Conversation{}, err)
	c, err := o.WriteFirst(t.Context(), xavi, "bob@example.net", "a", "b")
	o.must(c, err)
	if got := language(c.Number); got != "es" {
		t.Errorf("to a stranger it is in %q", got)
	}
}

// An answer to a notice by mail is no request.
func TestMail_AnswerToANotice(t *testing.T) {
	o := newOffice(t).halted()
	op, err := o.Team.Change(t.Context(), olga, func(x *bridge.Operator) { x.Notify = bridge.Notify{Mail: true, MailTo: "olga@home.example"} })
	o.must(bridge.Conversation{}, err)
	o.must(bridge.Conversation{}, o.Mail.SendNotice(t.Context(), bridge.Notice{ID: "a", Operator: op}))
	m := o.gets(from("olga@home.example", "1", answers(o.outbox(0)[0].MessageID)))
	if got := o.last(olga); m.Conversation != 0 || !strings.Contains(got, "did nothing: write to me in your chat client") {
		t.Errorf("it is %+v, and she reads %q", m, got)
	}
}

// A program's mail that names a number in its subject is a request like any other.
func TestMail_ProgramNamesANumber(t *testing.T) {
	o := newOffice(t).halted()
	for _, sender := range []string{"anna@example.net", "shop@example.net"} {
		first := o.gets(from("anna@example.net", sender)).Conversation
		m := o.gets(from(sender, sender+"2", func(l *bridge.Letter) { l.Nature, l.Number = bridge.Generated, first }))
		if m.Conversation == 0 {
			t.Errorf("from %s it is %+v", sender, m)
		}
	}
}

// A mail whose sender can't be written to is a ticket all the same, and says so.
func TestMail_SenderWithoutAddress(t *testing.T) {
	o := newOffice(t).halted()
	for n, address := range []string{"taro.@docomo.example", "ann@intranet", ""} {
		m := o.gets(bridge.Letter{MessageID: fmt.Sprint(n, "@x"), From: address, Recipients: []string{support}, Text: "Help"})
		if c := o.conversation(m.Conversation); c.Kind != bridge.Ticket || c.Email != "" || !o.heading(c.Number).Mute || o.heading(c.Number).Address != address {
			t.Errorf("%q is %+v", address, m)
		}
	}
}

// One without an address can go on in a conversation, too.
func TestMail_SenderWithoutAddressGoesOn(t *testing.T) {
	o := newOffice(t).halted()
	c := o.gets(from("anna@example.net", "1")).Conversation
	m := o.gets(bridge.Letter{MessageID: "2@x", Text: "It is me", Recipients: []string{o.mail.Addresses.ReplyTo(support, o.thread(c, "anna@example.net"))}})
	if h := o.heading(c); m.Conversation != c || !h.Mute {
		t.Errorf("it came to #%d with %+v", m.Conversation, h)
	}
	for n := range 7 { // more than have conversations of their own
		o.gets(bridge.Letter{MessageID: fmt.Sprint(n, "@y"), Text: "Help", Recipients: []string{support}})
	}
}

// Who has written by a token once does not write unmarked by a number later, nor is unmarked by a reference.
func TestMail_TokenIsNoTicketOfEntry(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(from("anna@example.net", "1")).Conversation)
	o.gets(from("eve@example.com", "2", func(l *bridge.Letter) {
		l.Recipients = []string{o.mail.Addresses.ReplyTo(support, o.thread(c.Number, "anna@example.net"))}
	}))
	if m := o.gets(from("eve@example.com", "3", func(l *bridge.Letter) { l.Number = c.Number })); m.Conversation == c.Number {
		t.Error("a number let her in")
	}
	if m := o.gets(from("eve@example.com", "4", answers("1@example.net"))); m.Conversation != c.Number || o.heading(c.Number).Address != "eve@example.com" {
		t.Errorf("a reference is %+v, %+v", m, o.heading(c.Number))
	}
	events, err := o.Events(t.Context(), c.Number, 0, 100)
	o.must(c, err)
	if got := events[len(events)-1].Speaker("Anna"); got != "eve@example.com" {
		t.Errorf("Anna is told that %s said it", got)
	}
}

// Automatic mails do not fill a conversation, and one from somebody who is blocked is not shown.
func TestMail_ManyAutomatic(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(from("anna@example.net", "1")).Conversation)
	automatic := func(l *bridge.Letter) { l.Nature, l.InReplyTo, l.Subject = bridge.Automatic, "1@example.net", "Away" }
	for n := range 9 {
		o.gets(from("anna@example.net", fmt.Sprint("a", n), automatic))
	}
	if got := o.posts(c.Number); len(got) != 3 {
		t.Errorf("the log tells %q", got)
	}
	other := o.conversation(o.gets(from("bob@example.net", "1", func(l *bridge.Letter) { l.MessageID = "b@example.net" })).Conversation)
	if _, err := o.BlockVisitor(t.Context(), xavi, other.Visitor, false, 0, ""); err != nil {
		t.Fatal(err)
	}
	m := o.gets(from("bob@example.net", "b2", automatic, answers("b@example.net")))
	if got := o.posts(other.Number); len(got) > 0 || m.Fate != "blocked" {
		t.Errorf("of a blocked sender the log tells %q, %+v", got, m)
	}
}

// However many mails wait, there is room for chats.
func TestMail_LeavesRoomForChats(t *testing.T) {
	o := newOffice(t).halted()
	for n := range 9 {
		o.gets(from(fmt.Sprint("a", n, "@example.net"), fmt.Sprint(n)))
	}
	if _, err := o.ask("a", "anna@example.net"); phrase.CodeOf(err) != phrase.CodeBusy {
		t.Errorf("a ticket of the page: %v", err)
	}
	o.come(xavi)
	o.mustAsk("b")
}

// A page can't open a conversation again while its visitor has another one open.
func TestVisitorWrites_NotInTwoConversations(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	first := h.mustAsk("a")
	h.must(bridge.Conversation{}, h.VisitorCloses(t.Context(), first.Number))
	second, err := h.Ask(t.Context(), bridge.Inquiry{ClientID: "b", Returning: first.Visitor, Request: bridge.Request{Name: "Anna", Reason: "Again"}})
	h.must(bridge.Conversation{}, err)
	if _, _, err := h.VisitorWrites(t.Context(), first.Number, "c", "And this?"); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("writing in the first: %v", err)
	}
	h.must(bridge.Conversation{}, h.VisitorCloses(t.Context(), second.Number))
	if _, _, err := h.VisitorWrites(t.Context(), first.Number, "d", "And now?"); err != nil {
		t.Error(err)
	}
}
