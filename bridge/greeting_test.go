package bridge_test

import (
	"slices"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// greets gives operators a greeting.
func (o *office) greets(list ...bridge.OperatorJID) {
	o.t.Helper()
	for _, jid := range list {
		o.alter(jid, func(x *bridge.Operator) { x.Greeting = "Hello!" })
	}
}

// said lists what operators said in a conversation.
func (o *office) said(number int64) (list []string) {
	o.t.Helper()
	events, err := o.Events(o.t.Context(), number, 0, 1000)
	o.must(bridge.Conversation{}, err)
	for _, e := range events {
		if e.From == bridge.FromOperator && e.Type.Content() {
			list = append(list, e.Text)
		}
	}
	return list
}

// A greeting is said by itself, so nothing counts it as an operator's answer: no vote, no transcript and no place beside a
// new owner come of it, and the visitor is still the one who wrote last.
func TestGreeting_AnswersNothing(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi, olga)
	o.greets(xavi)
	c, err := o.Ask(ctx, bridge.Inquiry{ClientID: "the client id of Anna", Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "Where?"}})
	o.must(bridge.Conversation{}, err)
	o.must(o.Take(ctx, xavi, c.Number))
	if got := o.said(c.Number); !slices.Equal(got, []string{"Hello!"}) {
		t.Fatalf("Xavi says %q", got)
	}
	if err := o.VisitorVotes(ctx, c.Number, 5, ""); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("a vote about a greeting: %v", err)
	}
	if err := o.SendTranscript(ctx, c.Number, "anna@example.net"); phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("a transcript with a greeting alone: %v", err)
	}
	if m, err := o.MinePage(ctx, xavi, 1, 10); err != nil || len(m.Owned) != 1 || m.Owned[0].Last.From == bridge.FromOperator {
		t.Errorf("last wrote %+v, %v", m.Owned, err)
	}
	o.alter(olga, func(x *bridge.Operator) { x.Permissions = append(x.Permissions, bridge.MayTakeOver) })
	o.must(o.Moves.TakeOver(ctx, olga, c.Number))
	if m, err := o.MinePage(ctx, xavi, 1, 10); err != nil || len(m.Guest) != 0 {
		t.Errorf("who has only greeted stays as a guest: %+v, %v", m.Guest, err)
	}
	o.writes(olga, c, bridge.Said{ID: "w", Text: "Here."})
	o.must(bridge.Conversation{}, o.VisitorVotes(ctx, c.Number, 5, ""))
	o.must(bridge.Conversation{}, o.SendTranscript(ctx, c.Number, "anna@example.net"))
}

// Whoever takes what waits by any command says their greeting; in a conversation that had one lately, nobody does.
func TestGreeting_WhateverTakesIt(t *testing.T) {
	o := newOffice(t).halted()
	ctx := t.Context()
	o.come(xavi, olga)
	o.greets(xavi, olga)
	for name, take := range map[string]func(number int64) (bridge.Conversation, error){
		"take":     func(number int64) (bridge.Conversation, error) { return o.Take(ctx, xavi, number) },
		"next":     func(int64) (bridge.Conversation, error) { return o.Moves.Next(ctx, xavi, "") },
		"take N !": func(number int64) (bridge.Conversation, error) { return o.Moves.TakeOver(ctx, xavi, number) },
	} {
		c := o.mustAsk("the client id of " + name)
		o.must(take(c.Number))
		if got := o.said(c.Number); !slices.Equal(got, []string{"Hello!"}) {
			t.Errorf("%s: Xavi says %q", name, got)
		}
		x, _ := o.Team.Operator(olga)
		o.must(o.Pass(ctx, xavi, c.Visitor, x, bridge.Department{}, ""))
		o.must(o.Take(ctx, olga, c.Number))
		if got := o.said(c.Number); len(got) != 1 {
			t.Errorf("%s: the next one greets, too: %q", name, got)
		}
	}
}
