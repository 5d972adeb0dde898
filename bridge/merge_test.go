package bridge_test

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// both opens a chat of Anna's, which Xavi has, and a ticket of hers that came by mail.
func (o *office) both() (chat, ticket bridge.Conversation) {
	o.t.Helper()
	o.come(xavi)
	c, err := o.Ask(o.t.Context(), bridge.Inquiry{ClientID: "the client id of Anna", Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "Where?"}})
	o.must(bridge.Conversation{}, err)
	o.must(o.Take(o.t.Context(), xavi, c.Number))
	m := o.gets(anna("1@example.net", "Course", "How?"))
	return o.conversation(c.Number), o.conversation(m.Conversation)
}

// does is must that returns the conversation.
func (o *office) does(c bridge.Conversation, err error) bridge.Conversation {
	o.t.Helper()
	o.must(c, err)
	return c
}

// Two requests of one visitor become one: the other one is closed, and whatever is about it is about the one that goes
// on.
func TestMerge(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	chat, ticket := o.both()
	if chat.Visitor == ticket.Visitor {
		t.Fatal("the two have one address, so the test shows less")
	}
	made, err := o.Merge(ctx, xavi, chat.Visitor, ticket.Number)
	goesOn, ended := made.GoesOn, made.Ended
	o.must(goesOn, err)
	if goesOn.Number != chat.Number || ended.State != bridge.Closed || ended.Reason != bridge.ReasonMerged || ended.Into != chat.Number {
		t.Fatalf("goes on %+v\nended %+v", goesOn, ended)
	}
	if !goesOn.Unanswered.Equal(chat.Unanswered) {
		t.Errorf("unanswered since %v, want %v", goesOn.Unanswered, chat.Unanswered)
	}
	for what, c := range map[string]bridge.Conversation{
		"take":  o.does(o.Take(ctx, xavi, ticket.Number)),
		"note":  o.does(o.Note(ctx, xavi, ticket.Visitor, "n", "two accounts")),
		"write": o.does(o.OperatorWrites(ctx, xavi, ticket.Visitor, bridge.Said{ID: "w", Text: "Here."})),
	} {
		if c.Number != chat.Number {
			t.Errorf("%s about #%d acts on #%d", what, ticket.Number, c.Number)
		}
	}
	if _, _, err := o.VisitorWrites(ctx, ticket.Number, "a client id of 16", "hm"); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("the page of the one that ended goes on there: %v", err)
	}
	cards, _, err := o.Past(ctx, chat, 10)
	if err != nil || !slices.ContainsFunc(cards, func(c bridge.Card) bool { return c.Number == ticket.Number }) {
		t.Errorf("the history of #%d lacks #%d: %+v, %v", chat.Number, ticket.Number, cards, err)
	}

	c, err := o.Unmerge(ctx, xavi, chat.Visitor, ticket.Number)
	o.must(c, err)
	if c.Number != ticket.Number || c.State != bridge.Active || c.Owner != xavi || c.Into != 0 || c.Kind != bridge.Ticket {
		t.Errorf("parted again it is %+v", c)
	}
}

// answers are mails about a request, by its number and by a mail of it.
func (o *office) answers(number int64, mail string) (list []int64) {
	o.t.Helper()
	for i, l := range []bridge.Letter{{Number: number}, {InReplyTo: mail}} {
		l.MessageID, l.From, l.Recipients, l.Text = string(rune('a'+i))+mail, "anna@example.net", []string{support}, "The words of who owns the address"
		list = append(list, o.gets(l).Conversation)
	}
	return list
}

// Anybody can type somebody else's address. So after a page's request was joined with what came by mail from that address,
// further mail from there is not shown on the page, whichever of the two goes on, but makes a request of its own.
func TestMerge_TypedAddressesShowNobodysMail(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	chat, ticket := o.both()
	o.must(bridge.Conversation{}, o.Attach(ctx, chat.Number))
	made, err := o.Merge(ctx, xavi, chat.Visitor, ticket.Number)
	o.must(made.GoesOn, err)
	if made.Same || made.GoesOn.Number != chat.Number {
		t.Fatalf("an address that was typed proves who somebody is: %+v", made)
	}
	list := o.answers(ticket.Number, "1@example.net")
	if list[0] == chat.Number || list[0] == ticket.Number || list[1] != list[0] {
		t.Errorf("mails about #%d are in %v", ticket.Number, list)
	}
	if now := o.conversation(list[0]); now.State != bridge.Waiting || now.Visitor != ticket.Visitor {
		t.Errorf("the further mail makes %+v", now)
	}
	events, err := o.Events(ctx, chat.Number, 0, 100)
	o.must(bridge.Conversation{}, err)
	for _, e := range events {
		if e.Text == "The words of who owns the address" {
			t.Errorf("the page shows somebody else's mail: %+v", e)
		}
	}
}

// What came by mail from one address is one person's: mail about the request that ended goes on in the other one.
func TestMerge_MailGoesOnWhereItProvesTheAddress(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	one := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	other := o.conversation(o.gets(anna("2@example.net", "Bill", "How much?")).Conversation)
	if one.Visitor == other.Visitor {
		t.Fatal("the two have one address here, so the test shows less")
	}
	o.must(o.Take(ctx, xavi, one.Number))
	made, err := o.Merge(ctx, xavi, one.Visitor, other.Number)
	o.must(made.GoesOn, err)
	if list := o.answers(other.Number, "2@example.net"); !made.Same || list[0] != one.Number || list[1] != one.Number {
		t.Errorf("%+v, and mails about #%d are in %v", made, other.Number, list)
	}
	forged := anna("3@example.net", "Prize", "Click!")
	forged.Doubtful = true
	third := o.conversation(o.gets(forged).Conversation)
	if made, err = o.Merge(ctx, xavi, one.Visitor, third.Number); err != nil || made.Same {
		t.Errorf("a mail that may be forged proves its sender's address: %+v, %v", made, err)
	}
}

// A question about a request that was joined with another one meanwhile can be answered by the number of either, and who asked
// reads the answer.
func TestMerge_AQuestionIsStillAnswered(t *testing.T) {
	for _, by := range []string{"the chat", "the mail"} {
		o := newOffice(t).halted()
		ctx := t.Context()
		o.come(olga)
		chat, ticket := o.both()
		o.must(o.Take(ctx, xavi, ticket.Number))
		colleague, _ := o.Team.Operator(olga)
		o.must(o.Moves.Question(ctx, xavi, ticket.Visitor, colleague, "Do we ship to Andorra?"))
		made, err := o.Merge(ctx, xavi, chat.Visitor, ticket.Number)
		o.must(made.GoesOn, err)
		number := chat.Number
		if by == "the mail" {
			number = ticket.Number
		}
		o.must(o.Moves.Answer(ctx, olga, number, "We do."))
		if got := o.last(xavi); got != "notice #2 Olga about #2: We do." {
			t.Errorf("by the number of %s: Xavi reads %q", by, got)
		}
	}
}

// Who is blocked after two requests were joined is blocked under both addresses, at whichever of them that was said, and both
// are free again after it.
func TestMerge_ABlockHoldsForBoth(t *testing.T) {
	for _, at := range []string{"the chat", "the mail"} {
		o := newOffice(t).halted()
		ctx := t.Context()
		chat, ticket := o.both()
		made, err := o.Merge(ctx, xavi, chat.Visitor, ticket.Number)
		o.must(made.GoesOn, err)
		v := chat.Visitor
		if at == "the mail" {
			v = ticket.Visitor
		}
		_, err = o.BlockVisitor(ctx, xavi, v, false, 0, "spam")
		o.must(bridge.Conversation{}, err)
		if m := o.gets(anna("9@example.net", "Course", "More!")); m.Fate != "blocked" {
			t.Errorf("%s: after it a mail gets %+v", at, m)
		}
		if _, err := o.Ask(ctx, bridge.Inquiry{ClientID: "another client id", Returning: chat.Visitor, Request: bridge.Request{Reason: "More!"}}); phrase.CodeOf(err) != phrase.CodeForbidden {
			t.Errorf("%s: after it the page asks: %v", at, err)
		}
		if list, err := o.Blocks.UnblockVisitor(ctx, v); len(list) != 2 || err != nil {
			t.Errorf("%s: unblocked %v, %v", at, list, err)
		}
	}
}

// What is closed, somebody else's, somebody else's request or the same one is not joined.
func TestMerge_Refused(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	chat, ticket := o.both()
	o.come(olga)
	other := o.gets(bridge.Letter{MessageID: "b@example.net", From: "bob@example.net", Recipients: []string{support}, Subject: "?", About: "?", Text: "?"}).Conversation
	try := func(what string, jid bridge.OperatorJID, v bridge.VisitorJID, number int64, want phrase.Code) {
		t.Helper()
		before := []bridge.Conversation{o.conversation(chat.Number), o.conversation(ticket.Number)}
		if _, err := o.Merge(ctx, jid, v, number); phrase.CodeOf(err) != want {
			t.Errorf("%s: %v", what, err)
		}
		if after := []bridge.Conversation{o.conversation(chat.Number), o.conversation(ticket.Number)}; !slices.Equal(before, after) {
			t.Errorf("%s changes %+v into %+v", what, before, after)
		}
	}
	try("somebody else's request", xavi, chat.Visitor, other, phrase.CodeConflict)
	try("itself", xavi, chat.Visitor, chat.Number, phrase.CodeInvalid)
	try("no number", xavi, chat.Visitor, 99, phrase.CodeNotFound)
	try("by another operator", olga, chat.Visitor, ticket.Number, phrase.CodeConflict)
	try("from one that nobody has", xavi, ticket.Visitor, chat.Number, phrase.CodeConflict)
	o.must(o.Take(ctx, olga, ticket.Number))
	try("a colleague's", xavi, chat.Visitor, ticket.Number, phrase.CodeConflict)
	o.must(o.Close(ctx, olga, ticket.Visitor, ""))
	try("a closed one", xavi, chat.Visitor, ticket.Number, phrase.CodeConflict)
}

// The one whose page is open goes on, and is taken if it waits.
func TestMerge_ThePageGoesOn(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	ticket := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	o.must(o.Take(ctx, xavi, ticket.Number))
	c, err := o.Ask(ctx, bridge.Inquiry{ClientID: "the client id of Anna", Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "Where?"}})
	o.must(bridge.Conversation{}, err)
	o.must(bridge.Conversation{}, o.Attach(ctx, c.Number))
	made, err := o.Merge(ctx, xavi, ticket.Visitor, c.Number)
	goesOn, ended := made.GoesOn, made.Ended
	o.must(goesOn, err)
	if goesOn.Number != c.Number || goesOn.Owner != xavi || ended.Number != ticket.Number || ended.Into != c.Number {
		t.Errorf("goes on %+v\nended %+v", goesOn, ended)
	}
	if now := o.does(o.Note(ctx, xavi, ticket.Visitor, "n", "x")); now.Number != c.Number {
		t.Errorf("the ticket's address leads to #%d", now.Number)
	}
}

// A vote in junk counts nowhere, and whose request is junk is not asked for one. It counts again when that
// is taken back.
func TestJunk_HasNoVote(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.come(xavi)
	c, d := h.mustAsk("a"), h.mustAsk("b")
	for _, one := range []bridge.Opened{c, d} {
		defer h.see(one.Number)()
		h.must(h.Take(ctx, xavi, one.Number))
		h.must(h.OperatorWrites(ctx, xavi, one.Visitor, bridge.Said{Text: "Hello"}))
	}
	if err := h.VisitorVotes(ctx, c.Number, 1, "you are all idiots"); err != nil {
		t.Fatal(err)
	}
	counts := func(when string, want int64) {
		t.Helper()
		tally, list, _, err := h.Votes.List(ctx, xavi, bridge.Always(), 1)
		all, err2 := h.Votes.Tallies(ctx, bridge.Always())
		if err != nil || err2 != nil || tally.Count() != want || all[xavi].Count() != want || int64(len(list)) > want {
			t.Errorf("%s: votes %v, %v, %+v, want %d: %v, %v", when, tally, all, list, want, err, err2)
		}
	}
	counts("before", 1)
	h.must(h.Junk(ctx, xavi, c.Visitor))
	h.must(h.Junk(ctx, xavi, d.Visitor))
	counts("junk", 0)
	if b, err := h.Votes.Ballot(ctx, d.Number); err != nil || b.Open {
		t.Errorf("its visitor is asked for a vote: %v", err)
	}
	if err := h.VisitorVotes(ctx, d.Number, 1, ""); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("its visitor votes: %v", err)
	}
	h.must(h.NoJunk(ctx, xavi, c.Visitor))
	counts("no junk", 1)
}

// Parting two requests takes none out of a colleague's hands: only who has the one that goes on, or had the other one, parts them.
// Whoever had it is told.
func TestUnmerge_IsTheOwners(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	chat, ticket := o.both()
	o.must(o.Take(ctx, xavi, ticket.Number))
	o.come(olga)
	made, err := o.Merge(ctx, xavi, chat.Visitor, ticket.Number)
	o.must(made.GoesOn, err)
	if c, err := o.Unmerge(ctx, olga, chat.Visitor, ticket.Number); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("Olga, who has nothing to do with it, parts them, and has %+v, %v", c, err)
	}
	if _, err := o.Team.Change(ctx, olga, func(x *bridge.Operator) { x.Permissions = bridge.Permissions{bridge.MayTakeOver} }); err != nil {
		t.Fatal(err)
	}
	o.must(o.Moves.TakeOver(ctx, olga, chat.Number))
	if c := o.does(o.Unmerge(ctx, olga, chat.Visitor, ticket.Number)); c.Owner != olga {
		t.Errorf("the owner of the one that goes on has %+v", c)
	}
	if got, want := o.last(xavi), "notice #2 Olga has opened #2 again, which you had, and has it now."; got != want {
		t.Errorf("Xavi reads %q, want %q", got, want)
	}
}

// Who parts two requests leaves a trace in the logs of both, and the visitor who read that it goes on elsewhere reads that it does not.
func TestUnmerge_IsTold(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	chat, ticket := o.both()
	_, err := o.Merge(ctx, xavi, chat.Visitor, ticket.Number)
	o.must(chat, err)
	before := map[int64]int64{chat.Number: o.conversation(chat.Number).Seq, ticket.Number: o.conversation(ticket.Number).Seq}
	o.must(o.Unmerge(ctx, xavi, chat.Visitor, ticket.Number))
	for number, want := range map[int64]bridge.Merged{chat.Number: {Parted: ticket.Number}, ticket.Number: {From: chat.Number}} {
		events, err := o.Events(ctx, number, before[number], 50)
		if err != nil {
			t.Fatal(err)
		}
		var traces []bridge.Merged
		var told []string
		for _, e := range events {
			if m, ok := e.Data.(bridge.Merged); ok {
				traces = append(traces, bridge.Merged{Parted: m.Parted, From: m.From})
			}
			if e.Type == bridge.EventMessage && e.From == bridge.FromSystem {
				told = append(told, e.Words(phrase.Tongue("en")))
			}
		}
		if !slices.Equal(traces, []bridge.Merged{want}) {
			t.Errorf("the log of #%d has %+v, want %+v", number, traces, want)
		}
		if len(told) > 0 != (number == ticket.Number) || len(told) > 0 && told[0] != "Your two requests are apart again. This one goes on here, as #2." {
			t.Errorf("the visitor of #%d reads %q", number, told)
		}
	}
}

// What is owed in the one that goes on because of the other one is owed there no more when they are parted: it is reminded of
// nothing, and its targets run as before.
func TestUnmerge_LeavesNoDebt(t *testing.T) {
	for _, answered := range []bool{true, false} {
		h := aims(t, bridge.Targets{First: 2 * time.Hour, Next: time.Hour, Solved: 10 * time.Hour}, "")
		ctx := t.Context()
		older, err := h.ask("b", "anna@example.org")
		h.must(bridge.Conversation{}, err)
		h.clock.Move(time.Minute)
		c, err := h.ask("a", "anna@example.org")
		h.must(bridge.Conversation{}, err)
		for _, one := range []bridge.Opened{older, c} {
			defer h.see(one.Number)()
			h.must(h.Take(ctx, xavi, one.Number))
		}
		if answered {
			h.must(h.OperatorWrites(ctx, xavi, c.Visitor, bridge.Said{Text: "Here."}))
		}
		owes := func() (since, first, solve time.Time) {
			now := h.conversation(c.Number)
			return now.Unanswered, now.Promise.First, now.Promise.Solve
		}
		since, first, solve := owes()
		if _, err = h.Merge(ctx, xavi, c.Visitor, older.Number); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := owes(); got.Equal(since) {
			t.Fatal("the other one's debt is not taken over, so the test shows less")
		}
		h.must(h.Unmerge(ctx, xavi, c.Visitor, older.Number))
		if s, f, v := owes(); !s.Equal(since) || !f.Equal(first) || !v.Equal(solve) {
			t.Errorf("answered %v: it owes since %v, %v, %v, and before %v, %v, %v", answered, s, f, v, since, first, solve)
		}
		if now := h.conversation(c.Number); now.Due.Remind.IsZero() != answered {
			t.Errorf("answered %v: reminded at %v", answered, now.Due.Remind)
		}
	}
}

// No mail goes about junk, not even what an operator has said already; and junk can be taken back.
func TestJunk(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	ticket := o.conversation(o.gets(anna("1@example.net", "Course", "Buy!")).Conversation)
	o.writes(xavi, bridge.Opened{Conversation: ticket}, bridge.Said{ID: "w", Text: "What?"})
	c := o.does(o.Junk(ctx, xavi, ticket.Visitor))
	if c.State != bridge.Closed || c.Reason != bridge.ReasonJunk {
		t.Errorf("junk is %+v", c)
	}
	o.goes(time.Hour)
	if c = o.does(o.NoJunk(ctx, xavi, ticket.Visitor)); c.State != bridge.Active || c.Owner != xavi || c.Kind != bridge.Ticket {
		t.Errorf("no junk is %+v", c)
	}
	if _, err := o.NoJunk(ctx, xavi, ticket.Visitor); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Error(err)
	}
	o.goes(time.Hour)

	waits := o.conversation(o.gets(anna("2@example.net", "Course", "Buy more!")).Conversation)
	_, err := o.Close(ctx, xavi, ticket.Visitor, "")
	o.must(bridge.Conversation{}, err)
	if waits.Number == ticket.Number {
		t.Fatal("the second mail made no request of its own")
	}
	if c := o.does(o.Junk(ctx, xavi, waits.Visitor)); c.Reason != bridge.ReasonJunk || c.Owner != "" {
		t.Errorf("junk that waits is %+v", c)
	}
}
