package bridge_test

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// What operators keep about a visitor counts in this conversation and in later ones, and mail goes to the address.
func TestSetParticular(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	c := o.mustAsk("the client id of Anna")
	o.must(o.Take(ctx, xavi, c.Number))
	set := func(what bridge.Particular, value, was string) {
		t.Helper()
		_, before, err := o.SetParticular(ctx, xavi, c.Visitor, what, value)
		if err != nil || before.Value != was || before.Given != (what == bridge.KeptName && was == "Anna") {
			t.Errorf("set %s %q: before it was %+v, want %q; %v", what, value, before, was, err)
		}
	}
	set(bridge.KeptName, "Anna Puig", "Anna")
	set(bridge.KeptEmail, "anna@example.net", "")
	set(bridge.KeptPhone, "+34600000000", "")
	set(bridge.KeptRemark, "She pays late", "")
	set(bridge.KeptRemark, "", "She pays late")
	set(bridge.KeptRemark, "She pays", "")
	if now := o.conversation(c.Number); now.Email != "anna@example.net" {
		t.Errorf("the address is %q", now.Email)
	}
	o.writes(xavi, c, bridge.Said{ID: "w", Text: "Like this."})
	o.goes(3*time.Minute, `to anna@example.net, , after "": Like this.`)

	next, err := o.Ask(ctx, bridge.Inquiry{ClientID: "the client id of Anna 2", Returning: c.Visitor, Request: bridge.Request{Name: "Anna", Reason: "Again"}})
	o.must(bridge.Conversation{}, err)
	card, err := o.Card(ctx, next.Number)
	if err != nil || card.Request.Name != "Anna Puig" || card.Kept.Phone != "+34600000000" || card.Kept.Remark != "She pays" {
		t.Errorf("the next request has %+v, %q; %v", card.Kept, card.Request.Name, err)
	}
	events, err := o.Events(ctx, c.Number, 0, 100)
	o.must(bridge.Conversation{}, err)
	if !slices.ContainsFunc(events, func(e bridge.Event) bool {
		return e.Text == "Anna Puig" && e.Data == bridge.KeptData{What: bridge.KeptName, Was: "Anna"} && !e.Type.Public()
	}) {
		t.Errorf("the log does not tell of the name, or tells the visitor: %+v", events)
	}
}

// To take a name back pins no name: the visitor has the one that they gave, in this request and in later ones.
func TestSetParticular_ANameIsTakenBack(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	c := o.mustAsk("the client id of Anna")
	o.must(o.Take(ctx, xavi, c.Number))
	for _, name := range []string{"Anna Puig", "Eve", ""} {
		_, _, err := o.SetParticular(ctx, xavi, c.Visitor, bridge.KeptName, name)
		o.must(bridge.Conversation{}, err)
	}
	card, err := o.Card(ctx, c.Number)
	if err != nil || card.Request.Name != "Anna" || card.Kept.Called != "" {
		t.Errorf("taken back, the request is %q's, and %q is kept; %v", card.Request.Name, card.Kept.Called, err)
	}
	next, err := o.Ask(ctx, bridge.Inquiry{ClientID: "the client id of Anna 2", Returning: c.Visitor, Request: bridge.Request{Name: "Annie", Reason: "Again"}})
	o.must(bridge.Conversation{}, err)
	if card, err = o.Card(ctx, next.Number); err != nil || card.Request.Name != "Annie" {
		t.Errorf("the next request is %q's; %v", card.Request.Name, err)
	}
}

// What a signed identity proved, an address that is none, and what somebody else has are refused.
func TestSetParticular_Refused(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi)
	proved, err := o.Ask(ctx, bridge.Inquiry{ClientID: "the client id of Anna", Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "?", Verified: "user 7"}})
	o.must(bridge.Conversation{}, err)
	mail := o.conversation(o.gets(anna("1@example.net", "Course", "How?")).Conversation)
	waits := o.mustAsk("the client id of Bob")
	o.must(o.Take(ctx, xavi, proved.Number))
	o.must(o.Take(ctx, xavi, mail.Number))
	for _, x := range []struct {
		v     bridge.VisitorJID
		what  bridge.Particular
		value string
		want  phrase.Code
	}{
		{proved.Visitor, bridge.KeptName, "Eve", phrase.CodeConflict}, {proved.Visitor, bridge.KeptEmail, "eve@example.net", phrase.CodeConflict},
		{proved.Visitor, bridge.KeptRemark, "x", ""}, {mail.Visitor, bridge.KeptEmail, "", phrase.CodeConflict}, {mail.Visitor, bridge.KeptEmail, "nobody", phrase.CodeInvalid},
		{waits.Visitor, bridge.KeptRemark, "x", phrase.CodeConflict},
	} {
		if _, _, err := o.SetParticular(ctx, xavi, x.v, x.what, x.value); phrase.CodeOf(err) != x.want && (x.want != "" || err != nil) {
			t.Errorf("set %s %q: %v, want %q", x.what, x.value, err, x.want)
		}
	}
}

// An operator's greeting is said once in a conversation, to a visitor who sees it, when the operator takes it by
// command; words of one's own need none.
func TestTake_Greets(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi, olga)
	for _, jid := range []bridge.OperatorJID{xavi, olga} {
		_, err := o.Team.Change(ctx, jid, func(x *bridge.Operator) { x.Greeting = "Hello {visitor}, I am {operator} of {site}." })
		o.must(bridge.Conversation{}, err)
	}
	greetings := func(number int64) (list []string) {
		events, err := o.Events(ctx, number, 0, 100)
		o.must(bridge.Conversation{}, err)
		for _, e := range events {
			if e.From == bridge.FromOperator && e.Type == bridge.EventMessage {
				list = append(list, e.Text)
			}
		}
		return list
	}
	c := o.mustAsk("the client id of Anna")
	o.must(o.Take(ctx, xavi, c.Number))
	if now := o.conversation(c.Number); now.Unanswered.IsZero() {
		t.Error("a greeting counts as an answer")
	}
	x, _ := o.Team.Operator(olga)
	o.must(o.Pass(ctx, xavi, c.Visitor, x, bridge.Department{}, ""))
	o.must(o.Take(ctx, olga, c.Number))
	if got := greetings(c.Number); len(got) != 1 || got[0] != "Hello Anna, I am Xavi of "+o.site()+"." {
		t.Errorf("greetings %q", got)
	}
	written := o.mustAsk("the client id of Bob")
	o.writes(xavi, written, bridge.Said{ID: "w", Text: "What is it?"})
	if got := greetings(written.Number); !slices.Equal(got, []string{"What is it?"}) {
		t.Errorf("who takes by writing says %q", got)
	}
	ticket := o.gets(anna("1@example.net", "Course", "How?")).Conversation
	o.must(o.Take(ctx, xavi, ticket))
	if got := greetings(ticket); len(got) != 0 {
		t.Errorf("a ticket is greeted: %q", got)
	}
	if err := bridge.CheckGreeting("Hello {nobody}"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("a wrong placeholder: %v", err)
	}
}

// site is what {site} becomes where nothing else is known.
func (o *office) site() string {
	c, err := o.Card(o.t.Context(), 1)
	o.must(bridge.Conversation{}, err)
	return o.Answers.Site(c)
}
