package bridge_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const support = "support@example.org"

// pen is a Post that writes mails of one line.
type pen struct{}

// Compose implements bridge.Post. It can't write to nobody@example.net.
func (pen) Compose(d bridge.Draft) ([]byte, error) {
	if d.To == "nobody@example.net" {
		return nil, errors.New("no such recipient")
	}
	if d.Kind.Automatic() {
		back := ""
		if !d.Back.IsZero() {
			back = d.Back.Format(", back Mon 15:04 MST")
		}
		return fmt.Appendf(nil, "%s to %s, after %q%s", d.Kind, d.To, d.InReplyTo, back), nil
	}
	var said []string
	for _, e := range d.Lines {
		said = append(said, e.Text)
	}
	return fmt.Appendf(nil, "to %s, %s, after %q: %s", d.To, d.Subject, d.InReplyTo, strings.Join(said, " | ")), nil
}

// Subject implements bridge.Post.
func (pen) Subject(bridge.Conversation, bridge.Request) string { return "" }

// Notify implements bridge.Post.
func (pen) Notify(d bridge.NoticeDraft) ([]byte, error) {
	return fmt.Appendf(nil, "notice to %s: %s", d.To, d.Say(d.Title)), nil
}

// office is a house with a mail channel.
type office struct {
	*house
	uid uint32
}

func newOffice(t *testing.T) *office {
	t.Helper()
	h := newHouse(t)
	h.mail = bridge.MailOptions{Post: pen{}, Addresses: bridge.Addresses{Support: support, Separator: "+"}}
	h.close()
	h.open()
	return &office{house: h}
}

// gets lets a mail come and be sorted.
func (o *office) gets(l bridge.Letter) bridge.InMail {
	o.t.Helper()
	return o.getsFor("", l)
}

// getsFor lets a mail come to the mailbox of a department.
func (o *office) getsFor(department string, l bridge.Letter) bridge.InMail {
	o.t.Helper()
	o.uid++
	ctx := o.t.Context()
	if l.Nature == "" {
		l.Nature = bridge.Personal
	}
	o.must(bridge.Conversation{}, o.Mail.Keep(ctx, bridge.InMail{Mailbox: "INBOX" + department, Validity: 1, UID: o.uid, Fingerprint: fmt.Sprint(o.uid), Received: o.clock.Now(), Raw: []byte("raw")}))
	list, err := o.Mail.Unsorted(ctx, 10)
	if err != nil || len(list) != 1 {
		o.t.Fatalf("unsorted: %v, %v", list, err)
	}
	o.must(bridge.Conversation{}, o.Mail.Sort(ctx, list[0], department, l))
	m, err := o.Mail.Arrived(ctx, list[0])
	o.must(bridge.Conversation{}, err)
	if m.State != bridge.MailDone {
		o.t.Errorf("the mail is %s", m.State)
	}
	return m
}

// outbox lets time pass, and returns what is to be sent then.
func (o *office) outbox(d time.Duration) []bridge.OutMail {
	o.t.Helper()
	o.clock.Move(d)
	o.Turn(o.t.Context())
	list, err := o.Mail.Outgoing(o.t.Context(), 10)
	o.must(bridge.Conversation{}, err)
	return list
}

// goes checks which mails are to be sent after some time, and returns them.
func (o *office) goes(d time.Duration, want ...string) []bridge.OutMail {
	o.t.Helper()
	list := o.outbox(d)
	var got []string
	for _, m := range list {
		got = append(got, string(m.Raw))
	}
	if !slices.Equal(got, want) {
		o.t.Errorf("after %v it sends %q, want %q", d, got, want)
	}
	return list
}

// sent says that the relay took the mails.
func (o *office) sent(list []bridge.OutMail) {
	o.t.Helper()
	for _, m := range list {
		o.must(bridge.Conversation{}, o.Mail.Sent(o.t.Context(), m.ID))
	}
}

// posts lists what has happened to mails, by the log.
func (o *office) posts(number int64) (list []string) {
	o.t.Helper()
	events, err := o.Events(o.t.Context(), number, 0, 1000)
	o.must(bridge.Conversation{}, err)
	for _, e := range events {
		if p, ok := e.Data.(bridge.Posting); ok {
			list = append(list, strings.TrimSpace(string(p.Action)+" "+e.Text))
		}
	}
	return list
}

// anna is a mail from Anna.
func anna(id, subject, text string) bridge.Letter {
	return bridge.Letter{MessageID: id, From: "anna@example.net", Name: "Anna", Recipients: []string{support}, Subject: subject, About: subject, Text: text}
}

// halted stops the house's own turns, since the test makes them.
func (o *office) halted() *office {
	o.stop()
	o.stop = func() {}
	return o
}

// A mail becomes a ticket, what an operator answers goes by mail, gathered and once, and the answer to
// it comes to the same conversation, however it is addressed.
func TestMail_ThereAndBack(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	m := o.gets(anna("1@example.net", "Course", "How?"))
	c := o.conversation(m.Conversation)
	if c.Kind != bridge.Ticket || c.State != bridge.Waiting || c.Email != "anna@example.net" {
		t.Fatalf("the mail became %+v", c)
	}
	opened := bridge.Opened{Conversation: c}
	o.writes(xavi, opened, bridge.Said{ID: "s1", Text: "Like this."})
	o.goes(time.Minute)
	o.writes(xavi, opened, bridge.Said{ID: "s2", Text: "And that."})
	list := o.goes(2*time.Minute, `to anna@example.net, Course, after "1@example.net": Like this. | And that.`)
	o.sent(list)
	o.goes(time.Hour)
	if got := o.posts(c.Number); !slices.Equal(got, []string{"sent"}) {
		t.Errorf("the log tells %q", got)
	}
	for i, answer := range []bridge.Letter{
		{InReplyTo: list[0].MessageID}, {References: []string{"x@y", list[0].MessageID, "z@y"}}, {Number: c.Number},
	} {
		answer.MessageID, answer.From, answer.Recipients, answer.Text = fmt.Sprint("a", i, "@example.net"), "anna@example.net", []string{support}, fmt.Sprint("Thanks ", i)
		if m := o.gets(answer); m.Conversation != c.Number {
			t.Errorf("answer %d came to #%d", i, m.Conversation)
		}
	}
}

// The token of a thread proves that its holder was sent the mail: somebody else who has it writes in
// the conversation, marked. Who knows an id or a number only opens a conversation of their own.
func TestMail_OthersWriteOnlyWithTheToken(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	list := o.outbox(2 * time.Minute)
	thread := o.thread(c.Number, "anna@example.net")
	eve := bridge.Letter{From: "eve@example.com", Text: "Me too", MessageID: "e1@example.com"}
	withID := eve
	withID.InReplyTo = list[0].MessageID
	m := o.gets(withID)
	if m.Conversation == c.Number {
		t.Error("an id let a stranger into the conversation")
	}
	if got := o.posts(m.Conversation); !slices.Equal(got, []string{"related"}) {
		t.Errorf("the log of the new one tells %q", got)
	}
	withToken := eve
	withToken.MessageID, withToken.Recipients = "e2@example.com", []string{strings.ToUpper(o.mail.Addresses.ReplyTo(support, thread))}
	if m := o.gets(withToken); m.Conversation != c.Number {
		t.Errorf("the token led to #%d", m.Conversation)
	}
	events, err := o.Events(t.Context(), c.Number, 0, 100)
	o.must(c, err)
	last, _ := events[len(events)-1].Data.(bridge.Message)
	if last.Mail.Address != "eve@example.com" {
		t.Errorf("the other sender is not marked: %+v", last)
	}
}

// thread is the thread of an address.
func (o *office) thread(number int64, address string) (th bridge.Thread) {
	o.t.Helper()
	o.must(bridge.Conversation{}, o.store.View(o.t.Context(), func(r bridge.Reader) (err error) {
		th, err = r.Thread(number, address)
		return err
	}))
	return th
}

// A mail that answers by itself, comes back or is our own says nothing in the conversation, opens
// none, and is never answered.
func TestMail_NoLoops(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	out := o.outbox(2 * time.Minute)[0]
	o.sent([]bridge.OutMail{out})
	_, err := o.Close(t.Context(), xavi, c.Visitor, "")
	o.must(c, err)
	vacation := anna("2@example.net", "I am away", "until Monday")
	vacation.InReplyTo, vacation.Nature = out.MessageID, bridge.Automatic
	o.gets(vacation)
	stray := anna("3@example.net", "I am away", "until Monday")
	stray.Nature = bridge.Automatic
	mine := anna(out.MessageID, "Re: Course", "So.")
	mine.From = support
	exchange := vacation
	exchange.MessageID, exchange.Nature, exchange.Subject = "5@example.net", bridge.Generated, "Out of office"
	o.gets(exchange)
	for _, l := range []bridge.Letter{stray, mine} {
		if m := o.gets(l); m.Conversation != 0 {
			t.Errorf("%s came to #%d", l.MessageID, m.Conversation)
		}
	}
	bounce := bridge.Letter{MessageID: "4@relay", From: "mailer-daemon@relay", Recipients: []string{out.From}, Nature: bridge.Bounced,
		Bounce: bridge.Bounce{Failed: true, Words: "5.1.1 no such user"}}
	o.gets(bounce)
	o.gets(bounce)
	if got := o.posts(c.Number); !slices.Equal(got, []string{"sent", "automatic I am away", "automatic Out of office", "bounced 5.1.1 no such user"}) {
		t.Errorf("the log tells %q", got)
	}
	if c := o.conversation(c.Number); c.State != bridge.Closed {
		t.Errorf("#%d is %s", c.Number, c.State)
	}
	o.goes(time.Hour)
}

// A mail to a conversation that has ended opens it again for two weeks; later it begins another one
// that names it.
func TestMail_ReopensOrFollows(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	end := func() {
		o.must(o.Take(t.Context(), xavi, c.Number))
		_, err := o.Close(t.Context(), xavi, c.Visitor, "")
		o.must(c, err)
	}
	end()
	o.clock.Move(13 * 24 * time.Hour)
	again := anna("2@example.net", "Re: Course", "Again")
	again.InReplyTo = "1@example.net"
	if m := o.gets(again); m.Conversation != c.Number || o.conversation(c.Number).State != bridge.Waiting || o.conversation(c.Number).Kind != bridge.Ticket {
		t.Errorf("it came to #%d", m.Conversation)
	}
	end()
	o.clock.Move(15 * 24 * time.Hour)
	again.MessageID = "3@example.net"
	m := o.gets(again)
	if m.Conversation == c.Number {
		t.Error("it opened a conversation that ended long ago")
	}
	if got := o.posts(m.Conversation); !slices.Equal(got, []string{"related"}) {
		t.Errorf("the log of the new one tells %q", got)
	}
}

// A mail that can't be sent is tried again at growing intervals; the log tells once that it is late,
// and after two days that it has failed.
func TestMail_TriedAgain(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: "s1", Text: "So."})
	o.outbox(2 * time.Minute)
	tries, began := 0, o.clock.Now()
	for o.clock.Now().Sub(began) < 60*time.Hour {
		for _, m := range o.outbox(time.Minute) {
			tries++
			o.must(c, o.Mail.Late(t.Context(), m.ID, "451 try later"))
		}
	}
	if got := o.posts(c.Number); !slices.Equal(got, []string{"late 451 try later", "failed 451 try later"}) || tries < 15 || tries > 25 {
		t.Errorf("after %d attempts the log tells %q", tries, got)
	}
}

// A mail is stored once, under whichever UID it comes, and the cursor moves with it.
func TestMail_StoredOnce(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	keep := func(uid uint32, print string) {
		o.must(bridge.Conversation{}, o.Mail.Keep(ctx, bridge.InMail{Mailbox: "INBOX", Validity: 7, UID: uid, Fingerprint: print, Received: o.clock.Now(), Raw: []byte(print)}))
	}
	keep(5, "a")
	keep(5, "a")
	keep(6, "a")
	keep(8, "b")
	keep(7, "c") // below the cursor
	list, err := o.Mail.Unsorted(ctx, 10)
	o.must(bridge.Conversation{}, err)
	at, err := o.Mail.Cursor(ctx, "INBOX")
	o.must(bridge.Conversation{}, err)
	if len(list) != 2 || at.Next != 9 || at.Validity != 7 {
		t.Errorf("stored %v, cursor %+v", list, at)
	}
}

// An operator writes first to somebody: the ticket is theirs, the mail goes at once, and the answer
// comes to it.
func TestMail_OperatorWritesFirst(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.WriteFirst(t.Context(), xavi, "Bob@example.net", " Invoice ", "It is paid.")
	o.must(c, err)
	if c.State != bridge.Active || c.Owner != xavi || c.Kind != bridge.Ticket {
		t.Errorf("it is %+v", c)
	}
	list := o.goes(0, `to bob@example.net, Invoice, after "": It is paid.`)
	answer := bridge.Letter{MessageID: "1@example.net", From: "bob@example.net", InReplyTo: list[0].MessageID, Text: "Thanks"}
	if m := o.gets(answer); m.Conversation != c.Number {
		t.Errorf("the answer came to #%d", m.Conversation)
	}
	for _, bad := range [][3]string{{"bob", "a", "b"}, {"bob@example.net", "", "b"}, {"bob@example.net", "a", " "}} {
		if _, err := o.WriteFirst(t.Context(), xavi, bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%q was sent", bad)
		}
	}
	o.mail = bridge.MailOptions{}
	o.close()
	o.open()
	if _, err := o.WriteFirst(t.Context(), xavi, "bob@example.net", "a", "b"); err == nil {
		t.Error("a mail was taken though mail is off")
	}
}

// What an operator sends by mail goes at once though the page is open, and not again later.
func TestMail_ForcedThoughThePageIsOpen(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	shut := o.see(c.Number)
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "One."})
	o.writes(xavi, c, bridge.Said{ID: "s2", Text: "Two.", ByMail: true})
	o.sent(o.goes(0, `to anna@example.net, , after "": One. | Two.`))
	shut()
	o.goes(time.Hour)
}

// A notice by mail is kept once, however often it is sent, and under whatever id. If it comes back or is refused, its
// operator is told at the desk, once.
func TestMail_NoticeToOperator(t *testing.T) {
	o := newOffice(t).halted()
	op, _ := o.Team.Operator(xavi)
	op.Notify = bridge.Notify{Mail: true, MailTo: "xavi@example.com"}
	notice := bridge.Notice{ID: "alarm.raised.mailbox imaps://mail.example.org/INBOX." + strings.Repeat("12.1795.0-", 30), Operator: op, Kind: bridge.NoticeAlarm}
	for range 2 {
		o.must(bridge.Conversation{}, o.Mail.SendNotice(t.Context(), notice))
	}
	list := o.outbox(0)
	if len(list) != 1 || list[0].To != "xavi@example.com" {
		t.Fatalf("it sends %+v", list)
	}
	local, _, _ := strings.Cut(list[0].From, "@")
	if len(local) > 64 || strings.ContainsAny(list[0].From+list[0].MessageID, " :/") {
		t.Errorf("its envelope is from %s, its Message-ID %s", list[0].From, list[0].MessageID)
	}
	bounce := bridge.Letter{MessageID: "4@relay", From: "mailer-daemon@relay", Recipients: []string{list[0].From}, Nature: bridge.Bounced,
		Bounce: bridge.Bounce{Failed: true, Words: "5.1.1 no such user"}}
	o.sent(list)
	for range 2 {
		o.gets(bounce)
	}
	other := notice
	other.ID = "another"
	o.must(bridge.Conversation{}, o.Mail.SendNotice(t.Context(), other))
	o.must(bridge.Conversation{}, o.Mail.Failed(t.Context(), o.outbox(0)[0].ID, "550 no"))
	var told []string
	entries, err := o.DeskEntries(t.Context(), xavi, 0, 100)
	o.must(bridge.Conversation{}, err)
	for _, e := range entries {
		told = append(told, e.Phrase.String())
	}
	if want := []string{"The notice by mail to xavi@example.com came back: 5.1.1 no such user", "The notice by mail to xavi@example.com was NOT sent: 550 no"}; !slices.Equal(told, want) {
		t.Errorf("the desk tells %q", told)
	}
}

// A mail that can't be written is told to the operator, and keeps no other waiting.
func TestMail_CantBeWritten(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	bad, err := o.WriteFirst(t.Context(), xavi, "nobody@example.net", "a", "b")
	o.must(bad, err)
	good, err := o.WriteFirst(t.Context(), xavi, "bob@example.net", "a", "b")
	o.must(good, err)
	o.goes(0, `to bob@example.net, a, after "": b`)
	if got := o.posts(bad.Number); !slices.Equal(got, []string{"failed no such recipient"}) {
		t.Errorf("the log tells %q", got)
	}
}

// The end sends at once what was not seen, but nothing to a visitor who was blocked.
func TestMail_AtTheEnd(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	end := map[string]func(bridge.Conversation){
		"solved": func(c bridge.Conversation) {
			_, err := o.Close(t.Context(), xavi, c.Visitor, "")
			o.must(c, err)
		},
		"blocked": func(c bridge.Conversation) {
			_, err := o.BlockVisitor(t.Context(), xavi, c.Visitor, false, 0, "")
			o.must(c, err)
			o.clock.Move(time.Hour)
		},
	}
	for how, want := range map[string]int{"solved": 1, "blocked": 0} {
		m := anna(how+"@example.net", how, "How?")
		m.From = how + "@example.net"
		c := o.conversation(o.gets(m).Conversation)
		o.writes(xavi, bridge.Opened{Conversation: c}, bridge.Said{ID: how, Text: "So."})
		if how == "blocked" { // else it would be due already
			o.goes(0)
		}
		end[how](c)
		list := o.outbox(0)
		if len(list) != want {
			t.Errorf("%s: %d mails go", how, len(list))
		}
		o.sent(list)
	}
}

// A visitor has the conversation sent once an operator has answered, to the address in it only, and
// once an hour.
func TestMail_Transcript(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	c, err := o.ask("a", "anna@example.net")
	o.must(c.Conversation, err)
	shut := o.see(c.Number)
	defer shut()
	send := func(address string) phrase.Code {
		return phrase.CodeOf(o.SendTranscript(t.Context(), c.Number, address))
	}
	if code := send("anna@example.net"); code != phrase.CodeConflict {
		t.Errorf("before an answer: %q", code)
	}
	o.writes(xavi, c, bridge.Said{ID: "s1", Text: "So."})
	if code := send("eve@example.net"); code != phrase.CodeInvalid {
		t.Errorf("to somebody else: %q", code)
	}
	for _, want := range []phrase.Code{"", phrase.CodeConflict} {
		if code := send("Anna@example.net"); code != want {
			t.Errorf("answered %q, want %q", code, want)
		}
	}
	o.sent(o.goes(0, `to anna@example.net, , after "": How? | So.`))
	o.clock.Move(time.Hour)
	if code := send("anna@example.net"); code != "" {
		t.Errorf("after an hour: %q", code)
	}
	if got := o.posts(c.Number); !slices.Equal(got, []string{"transcript", "sent", "transcript"}) {
		t.Errorf("the log tells %q", got)
	}
}

// Statistics implements bridge.Post.
func (pen) Statistics(d bridge.StatisticsDraft) ([]byte, error) {
	return []byte(strings.Join(append(d.Parts, d.Unsubscribe), "\n")), nil
}
