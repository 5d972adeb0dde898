package bridge_test

import (
	"crypto/sha256"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// link is the token of a new link of an operator.
func (h *house) link(o bridge.OperatorJID) string {
	h.t.Helper()
	url, err := h.Passes.Link(h.t.Context(), o, bridge.View{})
	if err != nil {
		h.t.Fatal(err)
	}
	return url[strings.LastIndexByte(url, '/')+1:]
}

// session is the token of a new session of an operator.
func (h *house) session(o bridge.OperatorJID) string {
	h.t.Helper()
	session, _, err := h.Passes.Redeem(h.t.Context(), h.link(o), "")
	if err != nil {
		h.t.Fatal(err)
	}
	return session
}

// is checks whose session a token is, "" for nobody's.
func (h *house) is(session string, want bridge.OperatorJID) {
	h.t.Helper()
	o, err := h.Passes.Who(h.t.Context(), session)
	if o.JID != want || (want == "") != (phrase.CodeOf(err) == phrase.CodeForbidden) {
		h.t.Errorf("the session is %q's (%v), want %q's", o.JID, err, want)
	}
}

// used checks that a link can't be redeemed, and that the refusal does not say why.
func (h *house) used(link string) {
	h.t.Helper()
	_, _, unknown := h.Passes.Redeem(h.t.Context(), "nothing", "")
	for _, err := range []error{h.Passes.Works(h.t.Context(), link), func() error { _, _, err := h.Passes.Redeem(h.t.Context(), link, ""); return err }()} {
		if phrase.CodeOf(err) != phrase.CodeNotFound || phrase.Of(err).String() != phrase.Of(unknown).String() {
			h.t.Errorf("link: %v, want that of an unknown one", err)
		}
	}
}

// A link opens one session, however often somebody looks at it, and only for a while.
func TestPasses_ALinkWorksOnce(t *testing.T) {
	h := newHouse(t)
	link := h.link(olga)
	for range 3 {
		if err := h.Passes.Works(t.Context(), link); err != nil {
			t.Error(err)
		}
	}
	h.is(link, "") // a link is no session
	session, to, err := h.Passes.Redeem(t.Context(), link, "")
	if err != nil || to != "" {
		t.Fatal(to, err)
	}
	h.is(session, olga)
	h.used(link)
	for view, want := range map[bridge.View]string{
		{During: "30d", Kind: bridge.Ticket, Who: "o&l=g#a@example.org", Section: "stats"}: "?kind=tickets&range=30d&who=o%26l%3Dg%23a%40example.org#stats",
		{Kind: bridge.Chat, Section: "week"}:                                               "#week",
		{Who: bridge.OperatorJID(strings.Repeat("x", 300) + "@example.org")}:               "", // too long
	} {
		url, err := h.Passes.Link(t.Context(), olga, view)
		if err != nil {
			t.Fatal(err)
		}
		if _, to, err := h.Passes.Redeem(t.Context(), url[strings.LastIndexByte(url, '/')+1:], ""); to != want || err != nil {
			t.Errorf("the link of %+v leads to %q, %v; want %q", view, to, err, want)
		}
	}
	h.used(session)
	late := h.link(olga)
	h.clock.Move(bridge.LinkLasts)
	h.used(late)
	h.is(session, olga)
	h.clock.Move(bridge.SessionLasts - bridge.LinkLasts - time.Second)
	h.is(session, olga)
	h.clock.Move(time.Second)
	h.is(session, "")
}

// Of many who press the button of one link at once, one gets the session.
func TestPasses_OneOfManyWins(t *testing.T) {
	h := newHouse(t)
	link := h.link(olga)
	var won atomic.Int64
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, _, err := h.Passes.Redeem(t.Context(), link, ""); err == nil {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d sessions were opened", won.Load())
	}
}

// The store has hashes alone, another node knows the passes, and few of them are kept.
func TestPasses_AreStoredAsHashesAndSwept(t *testing.T) {
	h := newHouse(t)
	var links []string
	for range 9 {
		links = append(links, h.link(olga))
		h.clock.Move(time.Second)
	}
	for _, l := range links[:4] {
		h.used(l)
	}
	session := h.session(olga)
	if err := h.Passes.Works(t.Context(), links[8]); err != nil {
		t.Error(err)
	}
	h.close()
	h.open()
	h.is(session, olga)
	list := func(kind bridge.PassKind) (list []bridge.Pass) {
		err := h.store.View(t.Context(), func(r bridge.Reader) (err error) {
			list, err = r.PassesOf(olga, kind)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	for _, p := range append(list(bridge.PassLink), list(bridge.PassSession)...) {
		for _, token := range append(links, session) {
			if len(p.Hash) != 32 || strings.Contains(string(p.Hash), token) {
				t.Errorf("stored: %x", p.Hash)
			}
		}
	}
	if n := len(list(bridge.PassLink)); n != 4 { // five at most, of which one became a session
		t.Errorf("%d links are stored", n)
	}
	h.clock.Move(bridge.SessionLasts)
	h.link(olga)
	if a, b := len(list(bridge.PassLink)), len(list(bridge.PassSession)); a != 1 || b != 0 {
		t.Errorf("%d links and %d sessions are stored after all have ended but one", a, b)
	}
	for range 12 {
		h.session(olga)
	}
	if n := len(list(bridge.PassSession)); n != 10 {
		t.Errorf("%d sessions are stored", n)
	}
}

// Whoever is disabled or deleted is logged out at once, and stays so when enabled again.
func TestPasses_EndWithTheOperator(t *testing.T) {
	h := newHouse(t)
	link, session := h.link(olga), h.session(olga)
	change := func(enabled bool) {
		t.Helper()
		err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error {
			o, err := tx.Operator(olga)
			o.Enabled = enabled
			if err == nil {
				err = tx.SaveOperator(o)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	change(false)
	h.is(session, "")
	h.used(link)
	if _, err := h.Passes.Link(t.Context(), olga, bridge.View{}); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("a disabled operator's link: %v", err)
	}
	change(true)
	h.is(session, "")
	h.used(link)
	session = h.session(olga)
	h.is(session, olga)
	if err := h.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }); err != nil {
		t.Fatal(err)
	}
	h.is(session, "")
	if err := h.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true}); err != nil {
		t.Fatal(err)
	}
	h.is(session, "")
}

// team-logout ends all of one's own sessions and links, and nobody else's; a browser that opens another
// link ends the session that it had.
func TestPasses_LogOut(t *testing.T) {
	h := newHouse(t)
	one, two, others, link := h.session(olga), h.session(olga), h.session(xavi), h.link(olga)
	three, _, err := h.Passes.Redeem(t.Context(), h.link(olga), two)
	if err != nil {
		t.Fatal(err)
	}
	h.is(two, "")
	if err := h.Passes.Leave(t.Context(), three); err != nil {
		t.Error(err)
	}
	if err := h.Passes.Leave(t.Context(), three); err != nil {
		t.Errorf("leaving again: %v", err)
	}
	h.is(three, "")
	h.is(one, olga)
	h.session(olga)
	if n, err := h.Passes.LogOut(t.Context(), olga); n != 2 || err != nil {
		t.Errorf("%d sessions ended, %v; want 2", n, err)
	}
	h.is(one, "")
	h.used(link)
	h.is(others, xavi)
	if n, err := h.Passes.LogOut(t.Context(), olga); n != 0 || err != nil {
		t.Errorf("%d sessions ended, %v; want none", n, err)
	}
}

// Only a super operator makes a wall's link, which lasts until it is taken back, opens no session, and is
// in the audit log without its token.
func TestPasses_Walls(t *testing.T) {
	h := newHouse(t)
	x, _ := h.Team.Operator(xavi)
	o, _ := h.Team.Operator(olga)
	if _, _, err := h.Passes.Wall(t.Context(), o, "hall"); phrase.CodeOf(err) != phrase.CodeForbidden {
		t.Errorf("Olga makes a wall: %v", err)
	}
	w, url, err := h.Passes.Wall(t.Context(), x, " Hall\n2 ")
	if err != nil || w.Name != "Hall 2" {
		t.Fatal(w, err)
	}
	token := url[strings.LastIndexByte(url, '/')+1:]
	for _, name := range []string{"hall 2", "", strings.Repeat("x", 41)} {
		if _, _, err := h.Passes.Wall(t.Context(), x, name); phrase.CodeOf(err) != phrase.CodeInvalid {
			t.Errorf("wall %q: %v", name, err)
		}
	}
	h.clock.Move(1000 * time.Hour)
	h.link(xavi) // sweeps
	if who, err := h.Passes.Screen(t.Context(), token); who.JID != xavi || err != nil {
		t.Errorf("the wall is %q's, %v", who.JID, err)
	}
	h.is(token, "")
	h.used(token)
	if _, err := h.Passes.LogOut(t.Context(), xavi); err != nil {
		t.Error(err)
	}
	if list, err := h.Passes.Walls(t.Context()); len(list) != 1 || err != nil {
		t.Errorf("walls after a logout: %v, %v", list, err)
	}
	if _, err := h.Passes.DeleteWall(t.Context(), x, "HALL 2"); err != nil {
		t.Error(err)
	}
	if _, err := h.Passes.Screen(t.Context(), token); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("a wall that was taken back: %v", err)
	}
	if _, err := h.Passes.DeleteWall(t.Context(), x, "HALL 2"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("taken back again: %v", err)
	}
	hash := sha256.Sum256([]byte("olga's"))
	err = h.store.Update(t.Context(), func(tx bridge.Tx) error { // as if Olga had been a super operator
		return tx.SavePass(bridge.Pass{Hash: hash[:], Kind: bridge.PassWall, Operator: olga, Name: "hers", Made: h.clock.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Passes.Screen(t.Context(), "olga's"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("the wall of somebody who is no super operator: %v", err)
	}
	var lines []string
	err = h.store.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.Audits(string(xavi), bridge.Always().From, bridge.Always().Until, 10)
		for _, a := range list {
			lines = append(lines, a.ByName+": "+a.Line)
		}
		return err
	})
	if got, want := strings.Join(lines, "; "), "Xavi: team-wall-delete Hall 2; Xavi: team-wall Hall 2"; err != nil || got != want {
		t.Errorf("audited %q, %v; want %q", got, err, want)
	}
}
