package onsite_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/onsite"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// rules is a Store of tests, in memory.
type rules struct{ list []onsite.Rule }

func (s *rules) UpdateInvitations(_ context.Context, f func(onsite.Tx) error) error   { return f(s) }
func (s *rules) ViewInvitations(_ context.Context, f func(onsite.Reader) error) error { return f(s) }
func (s *rules) Invitations() ([]onsite.Rule, error)                                  { return s.list, nil }
func (s *rules) SaveInvitation(r onsite.Rule) error                                   { s.list = append(s.list, r); return nil }
func (s *rules) DeleteInvitation(string) error                                        { s.list = nil; return nil }
func (s *rules) AppendAudit(*bridge.Audit) error                                      { return nil }

var olga = bridge.Operator{JID: "olga@example.org", Name: "Olga", Invitation: "May I help you choose?"}

// site is a Site of tests, all of whose surroundings a test sets.
type site struct {
	*onsite.Site
	*testing.T
	clock  *clocktest.Clock
	mode   string
	query  bool
	online bool
	away   bool // Olga gets no offers
	told   []string
	rung   []string
	pair   // another node on the same store
}

func newSite(t *testing.T, list ...onsite.Rule) *site {
	s := &site{T: t, clock: clocktest.At(time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)), mode: setting.OnSiteLoaded, online: true}
	s.Site = s.open(nil, list...)
	if strings.HasPrefix(t.Name(), "TestSite_AsOneOfTwo/") {
		s.begin(list)
	}
	if strings.HasSuffix(t.Name(), twinFirst) {
		s.turns++
	}
	return s
}

// open makes a Site.
func (s *site) open(cluster *onsite.Cluster, list ...onsite.Rule) *onsite.Site {
	one := onsite.New(&rules{list}, onsite.Options{Now: s.clock.Now, Mode: func() string { return s.mode }, Query: func() bool { return s.query }, Online: func(string) bool { return s.online },
		Zone: func() *time.Location { return time.UTC }, Available: func(bridge.OperatorJID) bool { return !s.away },
		Tell: func(_ context.Context, o bridge.OperatorJID, p phrase.Phrase) error {
			s.told = append(s.told, fmt.Sprintf("%s: %s", o, p))
			return nil
		}, Cluster: cluster, Log: slog.New(slog.DiscardHandler), Most: 6, MostFrom: 4})
	if err := one.Load(s.Context()); err != nil {
		s.Fatal(err)
	}
	one.OnInvite(func(stream string) { s.rung = append(s.rung, stream) })
	return one
}

// page is what a page tells first.
func page(key string) onsite.Beacon {
	return onsite.Beacon{Key: key, Page: bridge.Page{URL: "https://www.example.org/pricing", Title: "Pricing", Referrer: "https://search.example/q?secret=1"}, Language: "en", Browser: "B " + key, Stream: "s-" + key}
}

func (s *site) tell(b onsite.Beacon) onsite.Answer {
	s.Helper()
	a, err := s.Beacon(s.Context(), b)
	if err != nil {
		s.Error(err)
	}
	return a
}

// only is the one visit that there is.
func (s *site) only() onsite.Visit {
	s.Helper()
	list := s.Visits()
	if len(list) != 1 {
		s.Fatalf("%d visits", len(list))
	}
	return list[0]
}

func (s *site) wantTold(want ...string) {
	s.Helper()
	if strings.Join(s.told, "\n") != strings.Join(want, "\n") {
		s.Errorf("told %q, want %q", s.told, want)
	}
	s.told = nil
}

// A page is on the list until it leaves, or tells nothing for two and a half minutes. Its query, and all of the page from
// which the visitor came but the host, are left out.
func TestSite_SaysWhoIsThere(t *testing.T) {
	s := newSite(t)
	b := page("one")
	b.Page.URL += "?token=secret#top"
	if a := s.tell(b); a.Again != time.Minute || a.Invitation != nil {
		t.Errorf("answer %+v", a)
	}
	v := s.only()
	if v.Page != (bridge.Page{URL: "https://www.example.org/pricing", Title: "Pricing", Referrer: "search.example"}) || len(v.ID) != 4 || v.Pages != 1 {
		t.Errorf("visit %+v", v)
	}
	s.clock.Move(time.Minute)
	b.Page.URL = "https://www.example.org/cart"
	s.tell(b)
	if v := s.only(); v.Pages != 2 || !v.Since.Equal(s.clock.Now()) || v.Page.Referrer != "search.example" {
		t.Errorf("after another page: %+v", v)
	}
	s.query, b.Page.URL = true, b.Page.URL+"?n=2"
	s.tell(b)
	if v := s.only(); v.Page.URL != b.Page.URL {
		t.Errorf("a site that wants queries sees %q", v.Page.URL)
	}
	s.clock.Move(3 * time.Minute)
	if list := s.Visits(); len(list) != 0 {
		t.Errorf("a silent page is still there: %+v", list)
	}
	s.tell(page("two"))
	gone := page("two")
	gone.Left = true
	s.tell(gone)
	s.only() // the next page may be on its way
	s.clock.Move(6 * time.Second)
	if list := s.Visits(); len(list) != 0 {
		t.Errorf("a page that left is still there: %+v", list)
	}
}

// Nothing is kept where the site has not switched it on, and where it wants only those who have the widget open, nothing of
// others.
func TestSite_IsOffUntilItIsSwitchedOn(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		mode string
		open bool
		want int
	}{{setting.OnSiteOff, true, 0}, {setting.OnSiteOpen, false, 0}, {setting.OnSiteOpen, true, 1}, {setting.OnSiteOff, true, 0}} {
		s.mode = c.mode
		b := page("one")
		b.Open = c.open
		s.tell(b)
		if n := len(s.Visits()); n != c.want {
			t.Errorf("%s, open %t: %d visits", c.mode, c.open, n)
		}
	}
}

// An operator's invitation reaches the page once, by its stream or with the next beacon. The operator hears what has become
// of it, without the visitor's name, which nobody would find in that notice when the visitor is to be erased.
func TestSite_AnOperatorInvites(t *testing.T) {
	for _, c := range []struct {
		does  string
		state onsite.State
		left  bool
		told  string
		then  string
	}{
		{"closes", onsite.Closed, false, "%s has closed your invitation, and is not asked again today.", "does not want to be invited"},
		{"refuses", onsite.Refused, false, "%s does not want to be invited any more.", "does not want to be invited"},
		{"leaves", onsite.Shown, true, "%s has left without answering your invitation.", "is not on the site now"},
		{"sees it", onsite.Shown, false, "", "was invited by you 0 s ago and has not answered"},
	} {
		s := newSite(t)
		anna := func() onsite.Beacon {
			b := page("one")
			b.Who.Name = "Anna"
			return b
		}
		s.tell(anna())
		id := s.only().ID
		v, err := s.Invite(olga, strings.ToUpper(id), "")
		if err != nil || v.Invitation.Text != olga.Invitation || strings.Join(s.rung, " ") != "s-one" {
			t.Fatalf("%s: %+v, %v, rung %q", c.does, v, err, s.rung)
		}
		got := s.tell(anna()).Invitation
		if got == nil || got.Name != "Olga" || got.URL != "https://www.example.org/pricing" {
			t.Fatalf("%s: the page got %+v", c.does, got)
		}
		b := anna()
		b.Told, b.State, b.Left = got.Token, c.state, c.left
		if again := s.tell(b).Invitation; again != nil {
			t.Errorf("%s: the page is told twice: %+v", c.does, again)
		}
		if c.left {
			s.wantTold() // the next page may be on its way
			s.clock.Move(31 * time.Second)
			s.tell(page("two"))
		}
		if c.told == "" {
			s.wantTold()
		} else {
			s.wantTold("olga@example.org: " + fmt.Sprintf(c.told, id))
		}
		if _, err := s.Invite(olga, id, "Hello!"); err == nil || !strings.Contains(err.Error(), c.then) {
			t.Errorf("%s: invited again: %v", c.does, err)
		}
	}
}

// A visitor who answers proves by the token that there was an invitation, once.
func TestSite_AVisitorAnswers(t *testing.T) {
	s := newSite(t)
	s.tell(page("one"))
	v, err := s.Invite(olga, s.only().ID, "Hello, you!")
	if err != nil {
		t.Fatal(err)
	}
	token := v.Invitation.Token
	b := page("one")
	b.Open, b.Told, b.State = true, token, onsite.Shown
	s.tell(b)
	s.clock.Move(10 * time.Minute) // the page is in the background
	s.tell(page("two"))
	if i, _, ok := s.Pending(token); !ok || i.By != olga.JID || i.Text != "Hello, you!" {
		t.Errorf("pending: %+v, %t", i, ok)
	}
	s.Answered(t.Context(), token, 61, olga.JID)
	s.wantTold(fmt.Sprintf("olga@example.org: %s has answered your invitation: #61.", v.ID))
	if _, _, ok := s.Pending(token); ok {
		t.Error("an invitation can be answered twice")
	}
	if _, _, ok := s.Pending(""); ok {
		t.Error("no token is a token")
	}
	s.clock.Move(time.Hour)
	s.tell(page("two"))
	s.wantTold()
	if st := s.Stats(); st.Invited != 1 || st.Answered != 1 || st.Declined != 0 {
		t.Errorf("stats %+v", st)
	}
}

// An operator can't invite who talks, who has the form open, or while they could not have the chat.
func TestSite_RefusesToInvite(t *testing.T) {
	s := newSite(t)
	b := page("one")
	s.tell(b)
	id := s.only().ID
	want := func(reason string) {
		t.Helper()
		if _, err := s.Invite(olga, id, ""); err == nil || !strings.Contains(err.Error(), reason) || !strings.HasSuffix(err.Error(), "Nothing was sent.") {
			t.Errorf("want %q, got %v", reason, err)
		}
	}
	b.Open = true
	s.tell(b)
	want("has the form open")
	b.Who = onsite.Who{Name: "Anna", Count: 1, Last: 31, Talks: true}
	s.tell(b)
	want("Anna (" + id + ") has a conversation already: #31")
	b.Who, b.Open, b.Refuses = onsite.Who{}, false, true
	s.tell(b)
	want("does not want to be invited")
	s.away = true
	want("You get no requests")
	if _, err := s.Invite(olga, id, strings.Repeat("x", 501)); err == nil {
		t.Error("a text of any length is taken")
	}
}

// A rule invites by itself: at the time that it says, never over an open form, never who talks or has said no, not while nobody
// is there, and the same browser once a day.
func TestSite_ARuleInvites(t *testing.T) {
	s := newSite(t, onsite.Rule{Name: "pricing", Page: "/pricing", After: 45 * time.Second, Once: onsite.ADay, Text: "Questions about prices?"})
	if a := s.tell(page("one")); a.Invitation != nil || a.Again != 45*time.Second {
		t.Errorf("at once: %+v", a)
	}
	s.clock.Move(45 * time.Second)
	for _, change := range []func(*onsite.Beacon){
		func(b *onsite.Beacon) { b.Open = true }, func(b *onsite.Beacon) { b.Who.Talks = true }, func(b *onsite.Beacon) { s.online = false },
	} {
		b := page("one")
		change(&b)
		if a := s.tell(b); a.Invitation != nil || a.Again != time.Minute {
			t.Errorf("%+v is invited: %+v", b, a)
		}
		s.online = true
	}
	got := s.tell(page("one")).Invitation
	if got == nil || got.By != "" || got.Text != "Questions about prices?" {
		t.Fatalf("invitation %+v", got)
	}
	left := page("one")
	left.Left = true
	s.tell(left)
	s.wantTold() // nobody has invited
	again := page("two")
	again.Browser = page("one").Browser
	s.tell(again)
	s.clock.Move(time.Minute)
	if a := s.tell(again); a.Invitation != nil {
		t.Error("the same browser is invited on the next page, too")
	}
	other := page("three")
	other.Refuses = true
	s.tell(other)
	s.clock.Move(time.Minute)
	if a := s.tell(other); a.Invitation != nil {
		t.Error("somebody who has refused is invited")
	}
	s.clock.Move(25 * time.Hour)
	again.Key = "four"
	s.tell(again)
	s.clock.Move(time.Minute)
	if a := s.tell(again); a.Invitation == nil {
		t.Error("nobody is invited on the next day")
	}
}

// One address can't take what is everybody's: it has a limit of its own, and when all room is taken, the greediest address
// gives way to others.
func TestSite_OneClientCantTakeAllRoom(t *testing.T) {
	s := newSite(t)
	enter := func(key string, address, network uint64) error {
		b := page(key)
		b.From = onsite.From{Address: address, Network: network}
		_, err := s.Beacon(t.Context(), b)
		s.clock.Move(time.Second)
		return err
	}
	for i := range 4 {
		if err := enter(fmt.Sprint("greedy", i), 1, 1); err != nil {
			t.Error(err)
		}
	}
	if err := enter("one too many", 1, 1); phrase.CodeOf(err) != phrase.CodeBusy {
		t.Errorf("beyond the limit of an address: %v", err)
	}
	for from := uint64(2); from <= 4; from++ {
		if err := enter(fmt.Sprint("other", from), from, from); err != nil {
			t.Errorf("address %d: %v", from, err)
		}
	}
	if st := s.Stats(); st.Visits != 6 || st.Refused != 1 {
		t.Errorf("stats %+v", st)
	}
	if err := enter("greedy again", 1, 1); err == nil {
		t.Error("the greediest displaces others")
	}
	s = newSite(t)
	for address := range uint64(6) { // a network whose addresses have one page each
		if err := enter(fmt.Sprint("of a network", address), 10+address, 10); err != nil {
			t.Error(err)
		}
	}
	if err := enter("another", 1, 1); err != nil {
		t.Errorf("a network has all room: %v", err)
	}
}

// Whoever looks at the list is told when it looks otherwise, and not each time a page says that it is still there.
func TestSite_TellsThatTheListHasChanged(t *testing.T) {
	s := newSite(t)
	n := 0
	s.OnChange(func() { n++ })
	changes := func(what string, want bool, does func()) {
		t.Helper()
		before := n
		does()
		if (n > before) != want {
			t.Errorf("%s: told %d times", what, n-before)
		}
	}
	one := page("one")
	changes("a page", true, func() { s.tell(one) })
	s.clock.Move(time.Minute)
	changes("the same page", false, func() { s.tell(one) })
	changes("another page", true, func() { one.Page.URL = cart; s.tell(one) })
	changes("in the background", true, func() { s.tell(hidden(one)) })
	changes("seen again", true, func() { s.tell(one) })
	var token string
	changes("an invitation", true, func() {
		v, err := s.Invite(olga, s.only().ID, "")
		if err != nil {
			t.Fatal(err)
		}
		token = v.Invitation.Token
	})
	changes("its answer", true, func() { s.Answered(t.Context(), token, 61, olga.JID) })
	changes("it goes", true, func() { s.tell(left(one)) })
	s.clock.Move(6 * time.Second)
	changes("it is not listed any more", true, func() { s.tell(hidden(page("nobody"))) })
}

// What a page has told before it had its stream may come after what it tells of it: it is reached by the stream all the same.
func TestBeacon_TheStreamStays(t *testing.T) {
	s := newSite(t)
	early := page("one")
	early.Stream = ""
	s.tell(page("one"))
	s.tell(early)
	if _, err := s.Invite(olga, s.only().ID, ""); err != nil || strings.Join(s.rung, " ") != "s-one" {
		t.Errorf("rung %q, %v", s.rung, err)
	}
}
