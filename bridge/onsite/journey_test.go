package onsite_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/onsite"
	"porchlight/bridge/setting"
)

const cart = "https://www.example.org/cart"

// next is what another page in the same browser tells first, to which the first one's page leads.
func next(key, url string) onsite.Beacon {
	b := page(key)
	b.Browser, b.Page.URL, b.Page.Referrer = page("one").Browser, url, page("one").Page.URL
	return b
}

// left is what a page tells last.
func left(b onsite.Beacon) onsite.Beacon {
	b.Left = true
	return b
}

func hidden(b onsite.Beacon) onsite.Beacon {
	b.Hidden = true
	return b
}

// invited begins a visit whose visitor Olga has invited and who has seen it.
func (s *site) invited() onsite.Visit {
	s.Helper()
	s.tell(page("one"))
	v, err := s.Invite(olga, s.only().ID, "")
	if err != nil {
		s.Fatal(err)
	}
	b := page("one")
	b.Told, b.State = s.tell(b).Invitation.Token, onsite.Shown
	s.tell(b)
	return v
}

// An operator's invitation goes with the visitor to the next page, and operators call the visitor as before. The operator
// hears that the visitor has left when the next page has not come in half a minute, and not before.
func TestSite_AnInvitationFollowsTheVisitor(t *testing.T) {
	s := newSite(t)
	v := s.invited()
	for i, url := range []string{cart, "https://www.example.org/checkout?step=2"} {
		b := next(fmt.Sprint("next", i), url)
		last := page("one")
		if i > 0 {
			b.Page.Referrer, last = cart+"?n=1", next("next0", cart)
		}
		s.tell(left(last))
		s.clock.Move(20 * time.Second)
		s.tell(page("neighbour")) // all that is over is dropped
		s.tell(left(page("neighbour")))
		if i := s.tell(b).Invitation; i == nil || i.Token != v.Invitation.Token || i.By != olga.JID {
			t.Errorf("%s has the invitation %+v", url, i)
		}
		b.Told, b.State = v.Invitation.Token, onsite.Shown
		if a := s.tell(b); a.Invitation != nil || a.Over {
			t.Errorf("%s is told again: %+v", url, a)
		}
	}
	s.clock.Move(10 * time.Second)
	if w := s.only(); w.ID != v.ID || w.Pages != 3 || !w.Began.Equal(v.Began) || w.Page.Referrer != "search.example" || w.Page.URL != "https://www.example.org/checkout" {
		t.Errorf("the visit is %+v", w)
	}
	s.wantTold()
	s.tell(left(next("next1", "https://www.example.org/checkout")))
	s.clock.Move(29 * time.Second)
	s.tell(page("neighbour"))
	s.wantTold()
	s.clock.Move(6 * time.Second)
	s.tell(page("neighbour"))
	s.wantTold(fmt.Sprintf("olga@example.org: %s has left without answering your invitation.", v.ID))
}

// Whether a page goes on with a visit follows from what its browser says, and from nothing less.
func TestSite_WhichPageIsTheNext(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*site, *onsite.Beacon)
		same   bool
	}{
		{"a link", func(*site, *onsite.Beacon) {}, true},
		{"a link to the same page", func(_ *site, b *onsite.Beacon) { b.Page.URL = page("one").Page.URL }, true},
		{"a link from a page with a query", func(_ *site, b *onsite.Beacon) { b.Page.Referrer += "?a=1" }, true},
		{"a typed address", func(_ *site, b *onsite.Beacon) { b.Page.Referrer = "" }, false},
		{"another page of the site", func(_ *site, b *onsite.Beacon) { b.Page.Referrer = cart }, false},
		{"another site", func(_ *site, b *onsite.Beacon) { b.Page.Referrer = "https://search.example/pricing" }, false},
		{"another browser", func(_ *site, b *onsite.Beacon) { b.Browser = "B other" }, false},
		{"another network", func(_ *site, b *onsite.Beacon) { b.From = onsite.From{Address: 9, Network: 9} }, false},
		{"too late", func(s *site, _ *onsite.Beacon) { s.clock.Move(31 * time.Second) }, false},
		{"loaded again", func(_ *site, b *onsite.Beacon) { b.Came, b.Page = onsite.Reloaded, page("one").Page }, true},
		{"another page loaded again", func(_ *site, b *onsite.Beacon) { b.Came = onsite.Reloaded }, false},
		{"back where the visit never was", func(_ *site, b *onsite.Beacon) { b.Came, b.Page.Referrer = onsite.Returned, "" }, false},
		{"a page that is still there", func(s *site, b *onsite.Beacon) { s.tell(page("one")) }, false},
	} {
		s := newSite(t)
		v := s.invited()
		s.tell(left(page("one")))
		b := next("two", cart)
		s.clock.Move(6 * time.Second)
		c.change(s, &b)
		if got := s.tell(b).Invitation != nil; got != c.same {
			t.Errorf("%s: the invitation is there: %t", c.name, got)
		}
		if again := s.Visits()[len(s.Visits())-1].ID == v.ID; again != c.same {
			t.Errorf("%s: the same visit: %t", c.name, again)
		}
	}
}

// Who goes back comes to a page that was kept in the browser's memory, with its key, or to one that is loaded anew.
func TestSite_GoingBackIsTheSameVisit(t *testing.T) {
	for _, key := range []string{"one", "loaded anew"} {
		s := newSite(t)
		v := s.invited()
		s.tell(left(page("one")))
		s.tell(next("two", cart))
		s.tell(left(next("two", cart)))
		b := page(key)
		b.Browser, b.Came = page("one").Browser, onsite.Returned
		if i := s.tell(b).Invitation; i == nil || s.only().ID != v.ID {
			t.Errorf("%s: invited %+v in %s, which was %s", key, i, s.only().ID, v.ID)
		}
		s.tell(left(b))
		if s.tell(b); s.only().ID != v.ID || s.only().Pages != 3 {
			t.Errorf("%s: back at once: %+v", key, s.only())
		}
		s.wantTold()
	}
}

// The next page may tell of itself before the last one says that it goes. Then it is reached by its stream.
func TestSite_TheNextPageIsFaster(t *testing.T) {
	s := newSite(t)
	v := s.invited()
	s.rung = nil
	if a := s.tell(next("two", cart)); a.Invitation != nil || len(s.Visits()) != 2 {
		t.Errorf("beside the page that is still there: %+v", a)
	}
	s.clock.Move(time.Second)
	s.tell(left(page("one")))
	if strings.Join(s.rung, " ") != "s-two" || s.only().ID != v.ID || s.only().Pages != 2 {
		t.Errorf("rung %q, visit %+v", s.rung, s.only())
	}
	if i := s.tell(next("two", cart)).Invitation; i == nil || i.Token != v.Invitation.Token {
		t.Errorf("invitation %+v", i)
	}
	s.wantTold()
}

// A rule's invitation belongs to the page. On the next one another rule may invite, and so may an operator.
func TestSite_ARulesInvitationStaysOnItsPage(t *testing.T) {
	s := newSite(t, onsite.Rule{Name: "pricing", Page: "/pricing", Once: onsite.ADay, Text: "Questions about prices?"})
	if s.tell(page("one")).Invitation == nil {
		t.Fatal("not invited")
	}
	s.tell(left(page("one")))
	if i := s.tell(next("two", cart)).Invitation; i != nil {
		t.Errorf("invited on the next page: %+v", i)
	}
	if _, err := s.Invite(olga, s.only().ID, ""); err != nil {
		t.Error(err)
	}
}

// Where only those count who have opened the widget, the next page of a visit counts too.
func TestSite_TheNextPageOfWhoHadItOpen(t *testing.T) {
	s := newSite(t)
	v := s.invited()
	s.mode = setting.OnSiteOpen
	s.tell(left(page("one")))
	if i := s.tell(next("two", cart)).Invitation; i == nil || s.only().ID != v.ID {
		t.Errorf("invitation %+v", i)
	}
}

// A page in the background is there for as long as it does not go, and can be invited: the visitor reads it once back. After half an
// hour the operator hears that it is over, and the page is told so when the visitor is back.
func TestSite_APageInTheBackgroundIsThere(t *testing.T) {
	s := newSite(t)
	v := s.invited()
	if a := s.tell(hidden(page("one"))); a.Again != 0 {
		t.Errorf("a page in the background tells again in %s", a.Again)
	}
	for range 5 {
		s.clock.Move(5 * time.Minute)
		s.tell(page("neighbour"))
		s.tell(left(page("neighbour")))
	}
	s.clock.Move(time.Minute)
	if w := s.only(); w.ID != v.ID || !w.Hidden.Equal(s.clock.Now().Add(-26*time.Minute)) {
		t.Errorf("after 26 minutes: %+v", w)
	}
	b := page("one")
	b.Told, b.State = v.Invitation.Token, onsite.Shown
	if a := s.tell(b); a.Over || !s.only().Hidden.IsZero() {
		t.Errorf("seen again: %+v", a)
	}
	s.wantTold()
	s.tell(hidden(page("one")))
	s.clock.Move(31 * time.Minute)
	s.tell(page("neighbour"))
	s.wantTold(fmt.Sprintf("olga@example.org: %s has had the page in the background for 30 min without answering your invitation, which is over.", v.ID))
	if a := s.tell(b); !a.Over {
		t.Errorf("back too late: %+v", a)
	}

	s = newSite(t)
	s.tell(page("one"))
	s.tell(hidden(page("one")))
	s.clock.Move(10 * time.Minute)
	if _, err := s.Invite(olga, s.only().ID, ""); err != nil {
		t.Error(err)
	}
	if s.tell(page("one")).Invitation == nil {
		t.Error("the visitor is back and not invited")
	}
	id := s.only().ID
	s.tell(left(page("one")))
	s.tell(hidden(page("one"))) // sent before, and come later
	s.clock.Move(31 * time.Second)
	s.tell(page("neighbour"))
	s.wantTold(fmt.Sprintf("olga@example.org: %s has left without answering your invitation.", id))
}

// An operator hears of an invited visitor who gave way to others, and may invite somebody anew whose conversation is over.
func TestSite_WhatBecameOfWhoGaveWay(t *testing.T) {
	s := newSite(t)
	var ids []string
	for i := range 4 {
		b := page(fmt.Sprint("greedy", i))
		b.From = onsite.From{Address: 1, Network: 1}
		s.tell(b)
		ids = append(ids, s.Visits()[i].ID)
		s.clock.Move(time.Second)
	}
	if _, err := s.Invite(olga, ids[0], ""); err != nil {
		t.Fatal(err)
	}
	for from := uint64(2); from <= 4; from++ {
		b := page(fmt.Sprint("other", from))
		b.From = onsite.From{Address: from, Network: from}
		s.tell(b)
	}
	s.wantTold(fmt.Sprintf("olga@example.org: %s has left without answering your invitation.", ids[0]))

	s = newSite(t)
	v := s.invited()
	s.Answered(t.Context(), v.Invitation.Token, 61, olga.JID)
	if _, err := s.Invite(olga, v.ID, "Anything else?"); err != nil {
		t.Error(err)
	}
}
