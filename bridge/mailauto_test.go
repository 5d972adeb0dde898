package bridge_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// newDesk is an office that tells visitors by mail that their requests have come. Time moves only when
// the test says so.
func newDesk(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.close()
	o.mail.Acknowledge, o.burst, o.keep = true, 100, true // so many requests may wait
	o.open()
	o.Link.Up()
	return o.halted()
}

// told lists the automatic mails that wait, in the order of the alphabet, and takes them and all others
// away.
func (o *office) told() (list []string) {
	o.t.Helper()
	for mails := o.outbox(0); len(mails) > 0; mails = o.outbox(0) {
		for _, m := range mails {
			if m.Kind.Automatic() {
				list = append(list, string(m.Raw))
			}
		}
		o.sent(mails)
	}
	slices.Sort(list)
	return list
}

// tells checks which automatic mails wait.
func (o *office) tells(what string, want ...string) {
	o.t.Helper()
	if got := o.told(); !slices.Equal(got, want) {
		o.t.Errorf("%s: it sends %q, want %q", what, got, want)
	}
}

const toAnna = `acknowledgement to anna@example.net, after ""`

// Whoever has nobody to talk to at once, or writes by mail, is told once that the request has come.
// Words in a conversation that there is, a chat with somebody, and what an operator begins tell nothing.
func TestAcknowledgement_WhenATicketComesToBe(t *testing.T) {
	o := newDesk(t)
	page, err := o.ask("a", "anna@example.net")
	o.must(page.Conversation, err)
	o.tells("a request while nobody is there", toAnna)
	_, _, err = o.VisitorWrites(t.Context(), page.Number, "w1", "More.")
	o.must(page.Conversation, err)
	o.tells("more words")

	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.tells("a mail", `acknowledgement to anna@example.net, after "1@example.net"`)
	more := anna("2@example.net", "Re: Course", "Please?")
	more.InReplyTo = "1@example.net"
	o.gets(more)
	o.tells("another mail in the same matter")

	o.come(xavi)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	_, err = o.WriteFirst(t.Context(), xavi, "carl@example.net", "Invoice", "It is paid.")
	o.must(c, err)
	o.told()
	chat, err := o.ask("b", "")
	o.must(chat.Conversation, err)
	withMail, err := o.ask("c", "dora@example.net")
	o.must(withMail.Conversation, err)
	o.tells("chats")
	o.leave(xavi)
	o.must(bridge.Conversation{}, o.VisitorMails(t.Context(), chat.Number, "bob@example.net"))
	o.tells("a chat whose visitor gives an address since nobody is there", `acknowledgement to bob@example.net, after ""`)
	o.see(withMail.Number)
	o.clock.Move(5 * time.Minute)
	o.tells("a chat that nobody took in time", `acknowledgement to dora@example.net, after ""`)
}

// Who has left an address and closed the page before anybody came is not lost: the request goes on by mail, and is on offer. Without
// an address it ends.
func TestVisitorGone_WhoLeftAnAddressIsAnswered(t *testing.T) {
	o := newDesk(t)
	o.come(xavi)
	known, err := o.ask("a", "anna@example.net")
	o.must(known.Conversation, err)
	unknown, err := o.ask("b", "")
	o.must(unknown.Conversation, err)
	o.told()
	o.clock.Move(2*time.Minute + time.Second)
	o.tells("a page that is closed while nobody has come", toAnna)
	c := o.conversation(known.Number)
	if asked, err := o.AskedNow(t.Context(), c.Number); c.State != bridge.Waiting || c.Kind != bridge.Ticket || len(asked) != 1 || err != nil {
		t.Errorf("it is %s %s, on offer to %v, %v", c.Kind, c.State, asked, err)
	}
	if c := o.conversation(unknown.Number); c.Reason != bridge.ReasonVisitorLeft {
		t.Errorf("the one without an address: %+v", c)
	}
}

// Where the option is off nothing goes.
func TestAcknowledgement_Off(t *testing.T) {
	o := newDesk(t)
	o.mail.Acknowledge = false
	o.close()
	o.open()
	o.halted()
	_, err := o.ask("a", "anna@example.net")
	o.must(bridge.Conversation{}, err)
	o.gets(anna("1@example.net", "Course", "How?"))
	o.tells("switched off")
}

// Outside the hours of the department the mail says when these begin, and inside them it does not.
func TestAcknowledgement_Closed(t *testing.T) {
	o := newDesk(t) // on a Saturday
	o.setHours("Mon-Fri 9-17; Europe/Madrid", map[string]string{"sales": "Sat 11-15; UTC", "never": "closed"}, nil)
	ask := func(id, department string) {
		_, err := o.Ask(t.Context(), bridge.Inquiry{ClientID: id, Department: department, Request: bridge.Request{Name: "Anna", Email: id + "@example.net", Reason: "How?"}})
		o.must(bridge.Conversation{}, err)
	}
	ask("a", "support")
	o.tells("by the site's hours", `closed to a@example.net, after "", back Mon 09:00 CET`)
	ask("b", "sales")
	o.tells("by the department's own hours", `acknowledgement to b@example.net, after ""`)
	o.clock.Move(3 * time.Hour)
	ask("c", "sales")
	o.tells("after the department's hours", `closed to c@example.net, after "", back Sat 11:00 UTC`)
	o.clock.Move(42 * time.Hour)
	ask("d", "support")
	o.tells("on Monday at ten", `acknowledgement to d@example.net, after ""`)
	o.clock.Move(14 * time.Hour)
	o.come(xavi)
	o.gets(from("e@example.net", "1"))
	o.tells("at night while somebody is there", `acknowledgement to e@example.net, after "1@example.net"`)
}

// One address gets three automatic mails in a day, however it is written, and all together get 60 in an
// hour. Beyond that nothing goes, the operators see nothing of it, and a number tells how often.
func TestAcknowledgement_Limits(t *testing.T) {
	o := newDesk(t)
	ask := func(id, email string) bridge.Opened {
		c, err := o.ask(id, email)
		o.must(c.Conversation, err)
		return c
	}
	for i, email := range []string{"anna@example.net", "Anna@Example.net", "ANNA@example.net"} {
		ask(fmt.Sprint("a", i), email)
	}
	if got := o.told(); len(got) != 3 {
		t.Errorf("three requests are answered by %q", got)
	}
	fourth := ask("a3", "anna@example.net")
	o.tells("the fourth in a day")
	if got := o.posts(fourth.Number); got != nil {
		t.Errorf("the log tells %q", got)
	}
	o.clock.Move(24*time.Hour + time.Minute)
	ask("a4", "anna@example.net")
	o.tells("a day later", toAnna)
	for i := range 70 {
		ask(fmt.Sprint("b", i), fmt.Sprintf("b%d@example.net", i))
	}
	if got := len(o.told()); got != 59 {
		t.Errorf("%d mails went to many addresses, want 59", got)
	}
	o.clock.Move(time.Hour + time.Minute)
	ask("c", "anna@example.net")
	o.tells("an hour later", toAnna)
	s, err := o.Stats(t.Context())
	if err != nil || s.MailsWithheld != 12 {
		t.Errorf("%d were withheld (%v), want 12", s.MailsWithheld, err)
	}
}

// Nothing goes to machines, or to lists. Nobody can ask in the name of our own address (TestOwnAddress_IsRefused).
func TestAcknowledgement_ToNoMachine(t *testing.T) {
	o := newDesk(t)
	quiet := []string{"noreply@example.net", "No-Reply@example.net", "shop-noreply@example.net", "do_not_reply@example.net", "donotreply+x@example.net", "MAILER-DAEMON@example.net",
		"postmaster@example.net", "bounce@example.net", "bounces+12=anna@example.net", "bounce-12@example.net", "list-bounces@example.net", "owner-list@example.net", "list-request@example.net",
		"majordomo@example.net", "abuse@example.org", "root@example.org"}
	for i, email := range quiet {
		c, err := o.ask(fmt.Sprint("q", i), email)
		o.must(c.Conversation, err)
		o.tells(email)
	}
	for i, email := range []string{"abuse@example.net", "jim.oreply@example.net", "bouncer@example.net", "request@example.net", "anna+news@example.net", "ann@example.org"} {
		c, err := o.ask(fmt.Sprint("p", i), email)
		o.must(c.Conversation, err)
		o.tells(email, fmt.Sprintf(`acknowledgement to %s, after ""`, email))
	}
}

// Nothing answers a mail that a program wrote, that came over a list, that wants no automatic answer, or
// whose sender is forged.
func TestAcknowledgement_ToNoMachinesMail(t *testing.T) {
	o := newDesk(t)
	change := map[string]func(*bridge.Letter){
		"automatic": func(l *bridge.Letter) { l.Nature = bridge.Automatic },
		"generated": func(l *bridge.Letter) { l.Nature = bridge.Generated },
		"list":      func(l *bridge.Letter) { l.Nature = bridge.Listed },
		"bounce":    func(l *bridge.Letter) { l.Nature, l.Bounce = bridge.Bounced, bridge.Bounce{Failed: true} },
		"quiet":     func(l *bridge.Letter) { l.Quiet = true },
		"doubtful":  func(l *bridge.Letter) { l.Doubtful = true },
	}
	for name, change := range change {
		l := anna(name+"@example.net", name, "How?")
		l.From = name + "@example.net"
		change(&l)
		o.gets(l)
		o.tells(name)
	}
}

// A visitor who is blocked is told nothing, though the request came before.
func TestAcknowledgement_NotToTheBlocked(t *testing.T) {
	o := newDesk(t)
	o.come(xavi)
	ask := func(id, email string) bridge.Opened {
		c, err := o.Ask(t.Context(), bridge.Inquiry{ClientID: id, Request: bridge.Request{Name: "Anna", Email: email, Reason: "How?", Address: "192.0.2.7"}})
		o.must(c.Conversation, err)
		return c
	}
	waits, bad := ask("a", "anna@example.net"), ask("b", "")
	o.see(waits.Number)
	_, err := o.BlockVisitor(t.Context(), xavi, bad.Visitor, true, 0, "")
	o.must(bad.Conversation, err)
	o.leave(xavi)
	o.clock.Move(5 * time.Minute)
	o.tells("from a blocked range")
	if c := o.conversation(waits.Number); c.Kind != bridge.Ticket {
		t.Errorf("#%d is %+v", c.Number, c)
	}
}

// The log tells once that the visitor was told, and what went wrong: that is the first news of a wrong
// address. An address that is not there gets no automatic mail for a month, and who writes there sees it.
func TestAcknowledgement_WrongAddress(t *testing.T) {
	o := newDesk(t)
	ask := func(id, email string) bridge.Opened {
		c, err := o.ask(id, email)
		o.must(c.Conversation, err)
		return c
	}
	good := ask("a", "anna@example.net")
	o.told()
	if got := o.posts(good.Number); !slices.Equal(got, []string{"acknowledged"}) {
		t.Errorf("the log tells %q", got)
	}
	gone, full, back := ask("b", "gone@example.net"), ask("c", "full@example.net"), ask("d", "back@example.net")
	mails := map[int64]bridge.OutMail{}
	for _, m := range o.outbox(0) {
		mails[m.Conversation] = m
	}
	o.must(gone.Conversation, o.Mail.Late(t.Context(), mails[gone.Number].ID, "451 later"))
	o.must(gone.Conversation, o.Mail.Failed(t.Context(), mails[gone.Number].ID, "550 5.1.1 no such user"))
	o.must(full.Conversation, o.Mail.Failed(t.Context(), mails[full.Number].ID, "552 5.2.2 mailbox full"))
	o.must(back.Conversation, o.Mail.Sent(t.Context(), mails[back.Number].ID))
	o.gets(bridge.Letter{MessageID: "4@relay", From: "mailer-daemon@relay", Recipients: []string{mails[back.Number].From}, Nature: bridge.Bounced,
		Bounce: bridge.Bounce{Failed: true, Words: "5.1.1 no such user"}})
	for c, want := range map[int64]string{gone.Number: "failed 550 5.1.1 no such user", full.Number: "failed 552 5.2.2 mailbox full", back.Number: "bounced 5.1.1 no such user"} {
		if got := o.posts(c); !slices.Equal(got, []string{"acknowledged", want}) {
			t.Errorf("the log of #%d tells %q", c, got)
		}
	}
	again := ask("b2", "Gone@example.net")
	ask("c2", "full@example.net")
	ask("d2", "back@example.net")
	o.tells("a wrong address, a full mailbox, and one that bounced", `acknowledgement to full@example.net, after ""`)
	card, err := o.Card(t.Context(), again.Number)
	if err != nil || !card.Dead {
		t.Errorf("the card does not warn: %+v, %v", card, err)
	}
	o.clock.Move(31 * 24 * time.Hour)
	ask("b3", "gone@example.net")
	o.tells("a month later", `acknowledgement to gone@example.net, after ""`)
	unwritten := ask("n", "nobody@example.net")
	if got := o.posts(unwritten.Number); !slices.Equal(got, []string{"failed no such recipient"}) {
		t.Errorf("the log tells %q of a mail that can't be written", got)
	}
}

// asLetter is a mail as its recipient's mail server hands it on, if that is a porchlight, too.
func asLetter(m bridge.OutMail, from string) bridge.Letter {
	l := bridge.Letter{MessageID: m.MessageID, From: from, Recipients: []string{m.To}, Subject: "Re: " + string(m.Kind), Text: string(m.Raw), Nature: bridge.Personal}
	if m.Kind != bridge.AnswerMail {
		l.Nature, l.Quiet = bridge.Automatic, true
	}
	return l
}

// Two porchlights that write to each other, a vacation program, and one that does not say that it is one,
// get few automatic mails and stop by themselves.
func TestAcknowledgement_NoLoops(t *testing.T) {
	for name, answers := range map[string]struct {
		nature bridge.Nature
		thread bool // the answer refers to what it answers
		most   int
	}{
		"another porchlight":                {bridge.Automatic, true, 1},
		"a vacation program":                {bridge.Automatic, false, 1},
		"a program that says nothing":       {bridge.Personal, true, 1},
		"a program that begins always anew": {bridge.Personal, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			o := newDesk(t)
			o.gets(anna("0@example.net", "Course", "How?"))
			sent := 0
			for round := range 20 {
				list := o.outbox(time.Minute)
				o.sent(list)
				for _, m := range list {
					sent++
					l := anna(fmt.Sprint(round, "-", m.ID, "@example.net"), "Out of office", "Away")
					l.Nature = answers.nature
					if answers.thread {
						l.InReplyTo, l.Recipients = m.MessageID, []string{o.mail.Addresses.ReplyTo(support, o.thread(m.Conversation, m.To))}
					}
					o.gets(l)
				}
			}
			if sent != answers.most {
				t.Errorf("%d mails were sent, want %d", sent, answers.most)
			}
		})
	}
	a, b := newDesk(t), newDesk(t)
	b.mail.Addresses.Support = "help@example.com"
	b.close()
	b.open()
	b.halted()
	for i := range 5 { // whoever fills in the form of one gives the address of the other
		_, err := a.ask(fmt.Sprint("a", i), "help@example.com")
		a.must(bridge.Conversation{}, err)
	}
	sent := 0
	for range 20 {
		for from, to := range map[*office]*office{a: b, b: a} {
			list := from.outbox(time.Minute)
			from.sent(list)
			for _, m := range list {
				sent++
				to.gets(asLetter(m, from.mail.Addresses.Support))
			}
		}
	}
	if sent != 3 {
		t.Errorf("two porchlights sent each other %d mails", sent)
	}
}

// A conversation that becomes a ticket for the second time tells nothing again.
func TestAcknowledgement_OnceInAConversation(t *testing.T) {
	o := newDesk(t)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	o.tells("the first time", toAnna)
	o.come(xavi)
	o.must(o.Take(t.Context(), xavi, c.Number))
	_, err = o.Close(t.Context(), xavi, c.Visitor, "")
	o.must(c.Conversation, err)
	o.see(c.Number)
	_, _, err = o.VisitorWrites(t.Context(), c.Number, "w1", "One more thing.")
	o.must(c.Conversation, err)
	if now := o.conversation(c.Number); now.Kind != bridge.Chat {
		t.Fatalf("it goes on as %+v", now)
	}
	o.clock.Move(5 * time.Minute)
	o.tells("the second time")
	if now := o.conversation(c.Number); now.Kind != bridge.Ticket {
		t.Errorf("it is %+v", now)
	}
}
