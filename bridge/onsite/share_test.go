package onsite_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
)

// pair is a second node, if a test has one: the first one leads, the second one has the streams, and pages tell both in turn.
type pair struct {
	twin   *onsite.Site
	turns  int
	hints  []func() // what they have told each other, and not heard
	missed func()   // tells the first one that something may have got lost
}

// twinFirst is the end of the names of tests in which the first page tells the second node.
const twinFirst = ", the other first"

// begin makes a site one of two.
func (s *site) begin(list []onsite.Rule) {
	ears := make(map[string]func(context.Context, json.RawMessage) error)
	node := func(name, other string) *onsite.Site {
		return s.open(&onsite.Cluster{Key: []byte("the key of both"), Leads: func() bool { return name == "a" }, Join: func(hear func(context.Context, json.RawMessage) error) func(any) {
			ears[name] = hear
			return func(v any) {
				text, err := json.Marshal(v)
				if err != nil {
					s.Error(err)
				}
				s.hints = append(s.hints, func() {
					if err := ears[other](s.Context(), text); err != nil {
						s.Error(err)
					}
				})
			}
		}}, list...)
	}
	s.Site, s.twin = node("a", "b"), node("b", "a")
	s.Site.OnInvite(func(string) {})
	s.missed = func() {
		if err := ears["a"](s.Context(), nil); err != nil {
			s.Error(err)
		}
		s.flow()
	}
}

// flow has both hear what they have told each other.
func (s *site) flow() {
	for len(s.hints) > 0 {
		hear := s.hints[0]
		s.hints = s.hints[1:]
		hear()
	}
}

// Beacon tells one of the nodes.
func (s *site) Beacon(ctx context.Context, b onsite.Beacon) (onsite.Answer, error) {
	at := s.Site
	if s.turns++; s.twin != nil && s.turns%2 == 0 {
		at = s.twin
	}
	a, err := at.Beacon(ctx, b)
	s.flow()
	return a, err
}

func (s *site) Invite(by bridge.Operator, id, text string) (onsite.Visit, error) {
	v, err := s.Site.Invite(by, id, text)
	s.flow()
	return v, err
}

func (s *site) Answered(ctx context.Context, token string, number int64, owner bridge.OperatorJID) {
	s.Site.Answered(ctx, token, number, owner)
	s.flow()
}

// Stats are those of both.
func (s *site) Stats() onsite.Stats {
	st := s.Site.Stats()
	if s.twin != nil {
		more := s.twin.Stats()
		st.Refused, st.Invited, st.Answered, st.Declined = st.Refused+more.Refused, st.Invited+more.Invited, st.Answered+more.Answered, st.Declined+more.Declined
	}
	return st
}

// All is as on one node, whichever of two the pages tell.
func TestSite_AsOneOfTwo(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"AnInvitationFollowsTheVisitor":  TestSite_AnInvitationFollowsTheVisitor,
		"WhichPageIsTheNext":             TestSite_WhichPageIsTheNext,
		"GoingBackIsTheSameVisit":        TestSite_GoingBackIsTheSameVisit,
		"TheNextPageIsFaster":            TestSite_TheNextPageIsFaster,
		"ARulesInvitationStaysOnItsPage": TestSite_ARulesInvitationStaysOnItsPage,
		"TheNextPageOfWhoHadItOpen":      TestSite_TheNextPageOfWhoHadItOpen,
		"APageInTheBackgroundIsThere":    TestSite_APageInTheBackgroundIsThere,
		"WhatBecameOfWhoGaveWay":         TestSite_WhatBecameOfWhoGaveWay,
		"SaysWhoIsThere":                 TestSite_SaysWhoIsThere,
		"IsOffUntilItIsSwitchedOn":       TestSite_IsOffUntilItIsSwitchedOn,
		"AnOperatorInvites":              TestSite_AnOperatorInvites,
		"AVisitorAnswers":                TestSite_AVisitorAnswers,
		"RefusesToInvite":                TestSite_RefusesToInvite,
		"ARuleInvites":                   TestSite_ARuleInvites,
		"OneClientCantTakeAllRoom":       TestSite_OneClientCantTakeAllRoom,
		"TellsThatTheListHasChanged":     TestSite_TellsThatTheListHasChanged,
		"TheStreamStays":                 TestBeacon_TheStreamStays,
	} {
		t.Run(name, test)
		t.Run(name+twinFirst, test)
	}
}

// A node that begins, or that may have missed something, hears from the others who is there.
func TestSite_TheOthersTellWhatWasMissed(t *testing.T) {
	s := newSite(t)
	s.begin(nil)
	s.turns = 1 // the twin hears of them
	for _, key := range []string{"one", "two"} {
		if _, err := s.twin.Beacon(t.Context(), page(key)); err != nil {
			t.Error(err)
		}
	}
	s.hints = nil // lost
	if list := s.Visits(); len(list) != 0 {
		t.Fatalf("%d visits", len(list))
	}
	s.missed()
	if a, b := s.Visits(), s.twin.Visits(); len(a) != 2 || len(b) != 2 || a[0].ID != b[0].ID || a[1].Page != b[1].Page {
		t.Errorf("one knows %+v, the other %+v", a, b)
	}
}

// An invitation whose hint got lost reaches the page at the next sweep, and one that the page has is not told again.
func TestSite_AnInvitationIsToldAgain(t *testing.T) {
	s := newSite(t)
	s.begin(nil)
	s.tell(page("one"))
	if _, err := s.Site.Invite(olga, s.only().ID, ""); err != nil {
		t.Fatal(err)
	}
	s.hints = nil // lost
	s.clock.Move(5 * time.Second)
	s.turns = 0
	s.tell(page("neighbour"))
	if strings.Join(s.rung, " ") != "s-one" {
		t.Errorf("rung %q", s.rung)
	}
	s.turns = 1
	got := s.tell(page("one")).Invitation
	if got == nil {
		t.Fatal("the page is not told")
	}
	b := page("one")
	b.Told, b.State = got.Token, onsite.Shown
	s.tell(b)
	s.clock.Move(5 * time.Second)
	s.tell(page("neighbour"))
	if len(s.rung) != 1 {
		t.Errorf("rung %q", s.rung)
	}
}

// Of what crosses on its way, the later counts: an invitation is not undone by what the page told before it knew of it.
func TestSite_WhatCrosses(t *testing.T) {
	s := newSite(t)
	s.begin(nil)
	s.tell(page("one"))
	old := page("one")
	old.Page.Title = "Old"
	if _, err := s.twin.Beacon(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	called := s.twin.Visits()[0].ID
	late := s.hints
	s.hints = nil
	s.clock.Move(time.Second)
	if _, err := s.Site.Beacon(t.Context(), page("one")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Invite(olga, s.only().ID, ""); err != nil {
		t.Fatal(err)
	}
	s.hints = late
	s.flow()
	a, b := s.Visits()[0], s.twin.Visits()[0]
	if a.Page.Title != "Pricing" || a.Invitation == nil || b.Page.Title != "Pricing" || b.Invitation == nil || a.Invitation.Token != b.Invitation.Token {
		t.Errorf("one knows %+v, the other %+v", a, b)
	}
	if a.ID != called || b.ID != called {
		t.Errorf("the page that was called %s is called %s by one and %s by the other", called, a.ID, b.ID)
	}
}

// The next page may tell one node of itself before the other node has told that the last one goes: it is one visit for both.
func TestSite_TheNextPageIsFasterThanTheHint(t *testing.T) {
	s := newSite(t)
	s.begin(nil)
	v := s.invited()
	if _, err := s.twin.Beacon(t.Context(), left(page("one"))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Site.Beacon(t.Context(), next("two", cart)); err != nil {
		t.Fatal(err)
	}
	s.flow()
	for _, list := range [][]onsite.Visit{s.Site.Visits(), s.twin.Visits()} {
		if len(list) != 1 || list[0].ID != v.ID || list[0].Invitation == nil || list[0].Pages != 2 {
			t.Errorf("a node knows %+v", list)
		}
	}
}
