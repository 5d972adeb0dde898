package bridge_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// sessions lists the operators' sessions that go on, and how many there ever were.
func (h *house) sessions() (open []bridge.Session, logins int) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(r bridge.Reader) (err error) {
		if open, err = r.OpenSessions(); err == nil {
			logins, err = r.Logins()
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return open, logins
}

// An operator who comes online logs in. Being away is no end of it, a moment offline is none, and neither
// is a restart of porchlight if the operator is online after it.
func TestSession_BeginsWithALogin(t *testing.T) {
	h := newHouse(t)
	began := h.clock.Now()
	want := func(what string, online bool, logins int) {
		t.Helper()
		open, n := h.sessions()
		if (len(open) == 1) != online || n != logins || online && (open[0].Operator != olga || logins == 1 && !open[0].Began.Equal(began)) {
			t.Errorf("%s: the sessions are %+v, logins %d", what, open, n)
		}
	}
	presence := func(s bridge.Show) {
		t.Helper()
		if err := h.Reach.Presence(t.Context(), olga, "phone", s); err != nil {
			t.Fatal(err)
		}
		h.clock.Move(30 * time.Second)
	}
	want("before", false, 0)
	h.come(olga)
	want("at the login", true, 1)
	presence(bridge.ShowAway)
	presence(bridge.ShowAvailable)
	want("away for a moment", true, 1)
	presence(bridge.ShowOffline)
	want("offline", false, 1)
	h.come(olga)
	want("offline for a moment", true, 1)
	h.clock.Move(time.Hour)
	h.close()
	h.open()
	h.come(olga)
	if err := h.Link.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	want("after a restart", true, 1)
	presence(bridge.ShowOffline)
	h.clock.Move(time.Hour)
	h.come(olga)
	want("the next day", true, 2)
}

// Whoever is not back after a time without a link has been offline since the link was lost.
func TestSession_EndsWithTheLink(t *testing.T) {
	h := newHouse(t)
	h.come(olga, xavi)
	if err := h.Link.Alive(t.Context(), h.Now()); err != nil {
		t.Fatal(err)
	}
	lost := h.clock.Now()
	h.Link.Down()
	h.clock.Move(time.Hour)
	h.come(xavi)
	if err := h.Link.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	open, _ := h.sessions()
	if len(open) != 1 || open[0].Operator != xavi {
		t.Errorf("the sessions are %+v", open)
	}
	err := h.store.View(t.Context(), func(r bridge.Reader) error {
		s, err := r.LastSession(olga)
		if !s.Ended.Equal(lost) {
			t.Errorf("the session ended at %v, and the link at %v", s.Ended, lost)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Times in what operators are told of a time without a link are those of their zone.
func TestLink_TellsTheGapInTheReadersZone(t *testing.T) {
	h := newHouse(t)
	h.setHours("Mon-Fri 9-17; Europe/Madrid", nil, map[bridge.OperatorJID]string{olga: "Mon-Fri 9-17; Asia/Tokyo"})
	h.come(olga, xavi)
	for _, o := range []bridge.OperatorJID{olga, xavi} {
		h.must(h.Take(t.Context(), o, h.mustAsk(string(o)).Number))
	}
	h.must(h.OperatorWrites(t.Context(), xavi, h.conversation(2).Visitor, bridge.Said{ID: "1", Text: "Hello"}))
	if err := h.Link.Alive(t.Context(), h.Now()); err != nil {
		t.Fatal(err)
	}
	h.Link.Down()
	h.clock.Move(time.Minute)
	h.come(xavi, olga)
	if err := h.Link.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	for o, want := range map[bridge.OperatorJID]string{olga: `from 21:0\d:\d\d to 21:0\d:\d\d JST\.`, xavi: `from 13:0\d:\d\d to 13:0\d:\d\d CET\.(.|\n)* is of 13:0\d:\d\d CET: Hello`} {
		if said := strings.Join(h.deskTexts(o), "\n"); !regexp.MustCompile(want).MatchString(said) {
			t.Errorf("%s is told %q, want %s", o, said, want)
		}
	}
}
