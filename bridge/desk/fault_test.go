package desk_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
)

// faulty is a store that can be made to fail.
type faulty struct {
	bridge.Store
	lost      bool // every View fails
	full      bool // every Update fails
	forgetful bool // SaveCarriedOut fails
}

func (s *faulty) View(ctx context.Context, f func(bridge.Reader) error) error {
	if s.lost {
		return errors.New("disk I/O error")
	}
	return s.Store.View(ctx, f)
}

func (s *faulty) Update(ctx context.Context, f func(bridge.Tx) error) error {
	if s.full {
		return phrase.Fail(phrase.CodeUnavailable, "The disk is full.")
	}
	if !s.forgetful {
		return s.Store.Update(ctx, f)
	}
	return s.Store.Update(ctx, func(tx bridge.Tx) error { return f(forgetfulTx{tx}) })
}

type forgetfulTx struct{ bridge.Tx }

func (forgetfulTx) SaveCarriedOut(bridge.OperatorJID, string, time.Time, time.Time) error {
	return errors.New("disk full")
}

// When stored answers can't be read, the operator is told of a fault, and not that the
// command does not exist.
func TestCanned_WhatCantBeReadIsAFault(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "canned-add hi Hello!")
	op, _ := o.bridge.Team.Operator(xavi)
	o.store.lost = true
	if answer, err := o.Line(t.Context(), desk.Call{Operator: op, Visitor: c.Visitor}, "hi"); phrase.CodeOf(err) != phrase.CodeInternal {
		t.Errorf("got %q, %v", answer, err)
	}
}

// A command whose repetition could not be remembered is carried out all the same, and the
// log says so.
func TestOnce_WhatCantBeRemembered(t *testing.T) {
	o := newOffice(t)
	o.ask()
	op, _ := o.bridge.Team.Operator(xavi)
	o.store.forgetful = true
	answer, err := o.Line(t.Context(), desk.Call{Operator: op, StanzaID: "t1"}, "take 1")
	if err != nil || !strings.HasPrefix(answer, "#1 is yours") {
		t.Errorf("got %q, %v", answer, err)
	}
	if log := o.log.String(); !strings.Contains(log, "remember command") || !strings.Contains(log, "disk full") {
		t.Errorf("logged: %s", log)
	}
}

// A command that was not remembered is carried out again when it comes again. A note and a stored
// answer are in the log once even then. The time of a block begins anew.
func TestOnce_WhatIsCarriedOutAgain(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, c.Visitor, "canned-add hi Hello!")
	op, _ := o.bridge.Team.Operator(xavi)
	o.store.forgetful = true
	again := func(line string) {
		t.Helper()
		if answer, err := o.Line(t.Context(), desk.Call{Operator: op, Visitor: c.Visitor, StanzaID: line}, line); err != nil {
			t.Errorf("%s: got %q, %v", line, answer, err)
		}
	}
	again("note look here")
	again("note look here")
	again("hi")
	again("hi")
	log, err := o.bridge.Events(t.Context(), c.Number, 0, 100)
	count := map[string]int{}
	for _, e := range log {
		count[e.Text]++
	}
	if err != nil || count["look here"] != 1 || count["Hello!"] != 1 {
		t.Errorf("logged: %v, %v", count, err)
	}
	again("block 1h")
	o.clock.move(time.Minute)
	again("block 1h")
	blocks := o.bridge.Blocks.List()
	if len(blocks) != 1 || !blocks[0].Ends.Equal(o.clock.Now().Add(time.Hour)) {
		t.Errorf("blocked: %v", blocks)
	}
}
