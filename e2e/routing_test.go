package e2e_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// shift is three operators of an installation, who serve all departments.
type shift struct {
	*site
	team map[string]*person
}

func startShift(t *testing.T) *shift {
	t.Helper()
	desk := xmppd.Contact{JID: demo.Desk, Name: "Support desk", Subscription: "both"}
	s := startOn(t, settings{"timing.waiting_limit": `"30m"`, "super_operators": `["xavi@localhost", "olga@localhost", "vera@localhost"]`}, func(c *xmppd.Config) {
		i := slices.IndexFunc(c.Accounts, func(a xmppd.Account) bool { return a.Name == "vera" })
		c.Accounts = slices.Clone(c.Accounts)
		c.Accounts[i].Contacts = []xmppd.Contact{desk}
	})
	names := []string{"xavi", "olga", "vera"}
	team := make(map[string]*person)
	for i, p := range s.operators(names...) {
		team[names[i]] = p
	}
	return &shift{s, team}
}

// asked lists who was made an offer of a request so far. What the desk told before is seen by then.
func (s *shift) asked(number int64) (names []string) {
	s.t.Helper()
	for name, p := range s.team {
		word := "x" + strings.ToLower(rand.Text())
		p.desk("help "+word, word)
		if slices.ContainsFunc(p.All(), func(el *stream.Element) bool { return operator.Body(demo.Desk, fmt.Sprintf("#%d Anna", number))(el) }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// asks opens a conversation, waits until somebody is asked, and returns who.
func (s *shift) asks(reason string) (c *visitor.Conversation, who string) {
	s.t.Helper()
	c = s.ask("Anna", reason)
	var names []string
	eventually(s.t, "somebody is asked", func() bool {
		names = s.asked(c.Number)
		return len(names) > 0
	})
	if len(names) != 1 {
		s.t.Fatalf("#%d is offered to %q at once", c.Number, names)
	}
	return c, names[0]
}

// TestRouting: on a real server three operators are asked in turn, then whoever has least to do, and nobody beyond the limit; what
// waits goes to whoever has room, or on to another department. Who is asked is warned before a target is missed.
func TestRouting(t *testing.T) {
	t.Parallel()
	s := startShift(t)
	x := s.team["xavi"]
	x.desk("department-edit support routing=in-turn offer=30m", "Support: routing ring-all → in-turn")
	chats, turns := map[string]*visitor.Conversation{}, []string{}
	for i := range 3 {
		c, who := s.asks(fmt.Sprint("In turn ", i))
		turns, chats[who] = append(turns, who), c
	}
	if len(chats) != 3 {
		t.Fatalf("three requests were offered to %q", turns)
	}
	if c, who := s.asks("the fourth"); who != turns[0] {
		t.Errorf("after %q it is the turn of %s, want %s", turns, who, turns[0])
	} else {
		s.team[who].take(c.Number, c.Visitor)
	}
	for name, c := range chats {
		s.team[name].take(c.Number, c.Visitor)
	}

	x.desk("department-edit support routing=least-active", "Support: routing in-turn → least-active")
	last := chats[turns[2]]
	s.team[turns[2]].Chat(last.Visitor, rand.Text(), "!close")
	s.team[turns[2]].hears(last.Visitor, "closed")
	c, who := s.asks("who has least to do")
	if who != turns[2] {
		t.Errorf("%s has least to do, and %s is asked", turns[2], who)
	}
	s.team[who].take(c.Number, c.Visitor)

	x.desk("department-edit support limit=1", "limit none → 1")
	waits := s.ask("Anna", "all are full")
	if names := s.asked(waits.Number); len(names) != 0 {
		t.Errorf("all are full, and %q are asked", names)
	}
	if snap, err := waits.Snapshot(within(t)); err != nil || snap.Position != 1 {
		t.Errorf("while all are full its visitor has place %d, %v", snap.Position, err)
	}
	free := s.team[turns[1]]
	free.Chat(chats[turns[1]].Visitor, rand.Text(), "!close")
	free.expect("the offer when there is room", operator.Body(demo.Desk, fmt.Sprintf("#%d Anna", waits.Number)))
	free.take(waits.Number, waits.Visitor)

	x.desk("department-add sales Sales", "Sales (sales) is made")
	x.desk("department-edit support overflow=sales after=1s", "overflow none → sales")
	over := s.ask("Anna", "it goes on")
	eventually(t, "the other department, which has no limit, is asked", func() bool { return len(s.asked(over.Number)) > 0 })

	x.desk("department-edit support limit= overflow= after= first=5s next=5m", "first none → 5 s; next none → 5 min")
	x.desk("departments support", "Targets, in business hours: first answer within 5 s, each next one within 5 min")
	c, who = s.asks("how soon")
	warned := s.team[who].hears(demo.Desk, "first answer")
	if !strings.Contains(warned, fmt.Sprintf("#%d Anna", c.Number)) || !strings.Contains(warned, "(target 5 s).") {
		t.Errorf("%s is warned: %s", who, warned)
	}
	s.team[who].take(c.Number, c.Visitor)
	s.team[who].says(c.Visitor, "At once.")
	x.desk("stats support today chats text", "Targets kept: first answer")
}
