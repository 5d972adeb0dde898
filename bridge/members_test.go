package bridge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var berg = bridge.Vouched{Subject: "user 7", Name: "Anna Berg", Email: "berg@example.net"}

// A conversation that began without a name goes on as the one for whom the site vouches: operators see who it is, the log keeps what was
// typed, answers go to the proved address, and the next request of the identity has the same address here.
func TestMembers_SignsIn(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	c := o.mustAsk("the client id of Anna")
	o.must(o.Take(ctx, xavi, c.Number))
	for range 2 { // again: nothing more happens
		o.must(c.Conversation, o.Members.SignsIn(ctx, c.Number, berg))
	}
	card, err := o.Card(ctx, c.Number)
	if q := card.Request; err != nil || q.Name != berg.Name || q.Email != berg.Email || q.Verified != berg.Subject || card.Email != berg.Email || card.Visitor != c.Visitor || card.Owner != xavi {
		t.Errorf("the card is %+v, %v", card, err)
	}
	log, err := o.Events(ctx, c.Number, 0, 100)
	o.must(c.Conversation, err)
	var told []bridge.Event
	for _, e := range log {
		if e.Type == bridge.EventIdentity {
			told = append(told, e)
		}
	}
	if len(told) != 1 || told[0].Text != berg.Name || told[0].Data != (bridge.Identified{Subject: berg.Subject, Email: berg.Email, Was: "Anna"}) || told[0].Type.Public() {
		t.Errorf("the log tells %+v", told)
	}
	next, err := o.Ask(ctx, bridge.Inquiry{ClientID: "another browser's id", Request: bridge.Request{Name: berg.Name, Reason: "?", Verified: berg.Subject}})
	o.must(next.Conversation, err)
	if next.Visitor != c.Visitor {
		t.Errorf("the next request is of %s, want %s", next.Visitor, c.Visitor)
	}
}

// An identity takes over nothing that is another one's, nor what is over; and who used the browser before does not become the visitor who
// signs in.
func TestMembers_SignsInToNothingElse(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	first := o.mustAsk("the client id of Anna")
	o.must(first.Conversation, o.VisitorCloses(ctx, first.Number))
	refused := func(number int64, who bridge.Vouched) {
		t.Helper()
		if err := o.Members.SignsIn(ctx, number, who); phrase.CodeOf(err) != phrase.CodeConflict {
			t.Errorf("#%d: %v", number, err)
		}
	}
	refused(first.Number, berg)
	second, err := o.Ask(ctx, bridge.Inquiry{ClientID: "the client id of Anna 2", Returning: first.Visitor, Request: bridge.Request{Name: "Anna", Reason: "Again"}})
	o.must(second.Conversation, err)
	o.must(second.Conversation, o.Members.SignsIn(ctx, second.Number, berg))
	refused(second.Number, bridge.Vouched{Subject: "user 8", Name: "Eve"})
	next, err := o.Ask(ctx, bridge.Inquiry{ClientID: "another browser's id", Request: bridge.Request{Name: berg.Name, Reason: "?", Verified: berg.Subject}})
	o.must(next.Conversation, err)
	if next.Visitor == second.Visitor {
		t.Error("the identity has the address of whoever used the browser before")
	}
	if err := o.Members.SignsIn(ctx, first.Number, bridge.Vouched{Subject: "user 8", Email: "no address"}); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("with an address that is none: %v", err)
	}
}

// A list has what the browser has the token of and what is the identity's, each once, the newest words first; another identity's is not in
// it, and a token that does not fit opens nothing. Its tokens open their conversations and no others.
func TestMembers_Talks(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	ask := func(id, reason, subject string) bridge.Opened {
		c, err := o.Ask(ctx, bridge.Inquiry{ClientID: "the client id " + id, Request: bridge.Request{Name: id, Reason: reason, Verified: subject}})
		o.must(c.Conversation, err)
		o.clock.Move(1e9)
		return c
	}
	lamp, cable, bill, eves := ask("a", "Lamp?", ""), ask("b", "Cable?", "user 7"), ask("c", "Bill?", "user 7"), ask("d", "Eve's", "user 8")
	for i, said := range []string{"One.", "Two.", "Three."} {
		o.writes(xavi, lamp, bridge.Said{ID: fmt.Sprint(i), Text: said})
	}
	list := func(subject string, held ...bridge.Held) (list []bridge.Talk) {
		t.Helper()
		list, err := o.Members.Talks(ctx, subject, held)
		o.must(bridge.Conversation{}, err)
		for _, x := range list {
			if n, err := o.Tokens.Admit(ctx, x.ID, x.Token); err != nil || n != x.Number {
				t.Errorf("the token of #%d opens #%d, %v", x.Number, n, err)
			}
			for _, y := range []bridge.Opened{lamp, cable, bill, eves} {
				if _, err := o.Tokens.Admit(ctx, y.ID, x.Token); y.ID != x.ID && phrase.CodeOf(err) != phrase.CodeNotFound {
					t.Errorf("the token of #%d opens #%d, too", x.Number, y.Number)
				}
			}
		}
		return list
	}
	shown := func(list []bridge.Talk) (lines []string) {
		for _, x := range list {
			lines = append(lines, fmt.Sprint(x.About, " ", x.With, " ", x.Last.Text, " ", x.Unread))
		}
		return lines
	}
	held := []bridge.Held{{lamp.ID, lamp.Token, lamp.Seq}, {cable.ID, cable.Token, 1}, {eves.ID, eves.Token, 1}, {bill.ID, lamp.Token, 0}, {"unknown", "token", 0}}
	for subject, want := range map[string][]string{
		"":       {"Lamp? Xavi Three. 3", "Eve's  Eve's 0", "Cable?  Cable? 0"},
		"user 7": {"Lamp? Xavi Three. 3", "Bill?  Bill? 0", "Cable?  Cable? 0"},
		"user 8": {"Lamp? Xavi Three. 3", "Eve's  Eve's 0"},
	} {
		if got := shown(list(subject, held...)); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
	elsewhere := list("user 7")
	if got := shown(elsewhere); !slices.Equal(got, []string{"Bill?  Bill? 0", "Cable?  Cable? 0"}) || elsewhere[0].Token == bill.Token {
		t.Errorf("in another browser: %q", got)
	}
	if _, err := o.Tokens.Admit(ctx, lamp.ID, strings.Replace(elsewhere[0].Token, "a", "b", 1)); err == nil {
		t.Error("a made-up token opens something")
	}
	o.writes(xavi, bill, bridge.Said{ID: "b", Text: "Here."})
	if got := shown(list("user 7")); got[0] != "Bill? Xavi Here. 1" {
		t.Errorf("after an answer: %q", got)
	}
	_, _, err := o.VisitorWrites(ctx, bill.Number, "a client id of 16", "Thanks")
	o.must(bill.Conversation, err)
	if shown(list("user 7"))[0] != "Bill? Xavi Thanks 0" {
		t.Errorf("what is answered is unread: %q", shown(list("user 7")))
	}
	o.must(lamp.Conversation, o.Members.SignsIn(ctx, lamp.Number, berg))
	if got := shown(list("user 7")); len(got) != 3 {
		t.Errorf("signed in, another browser finds %q", got)
	}
}
