package crew

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"porchlight/bridge"
)

// one returns the only node that holds the link; others must not.
func one(t *testing.T, all ...*member) *member {
	t.Helper()
	var holds []*member
	for _, x := range all {
		if x.holding() {
			holds = append(holds, x)
		}
	}
	if len(holds) != 1 {
		t.Fatalf("%d nodes hold the link", len(holds))
	}
	return holds[0]
}

// trio starts three nodes, of which a holds the link, and ends them after the test.
func trio(t *testing.T, m *meeting) (a, b, c *member) {
	t.Helper()
	a = m.join(t, "a/1")
	synctest.Wait()
	b, c = m.join(t, "b/1"), m.join(t, "c/1")
	time.Sleep(time.Second)
	if one(t, a, b, c) != a {
		t.Fatal("another node holds the link")
	}
	return a, b, c
}

// The first one holds the link and keeps it; the others know of it.
func TestRun_OneHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, c := trio(t, newMeeting())
		time.Sleep(time.Hour)
		synctest.Wait()
		if one(t, a, b, c) != a || a.tenure != (bridge.Tenure{Holder: "a/1", Epoch: 1}) {
			t.Errorf("after an hour it is held under %+v", a.tenure)
		}
		for _, x := range []*member{a, b, c} {
			if id, ok := x.Holder(); id != "a/1" || !ok {
				t.Errorf("it says that %q has it", id)
			}
			if ask(x, func() bool { return x.follows }) != (x != a) {
				t.Errorf("%s was told that somebody holds it: %v", x.node.ID, x.follows)
			}
		}
		for _, x := range []*member{a, b, c} {
			x.leave()
		}
		if did := a.did; !slices.Equal(did, []string{"took", "closed the link", "dropped"}) {
			t.Errorf("it did %q", did)
		}
	})
}

// An orderly end hands the link over at once, after it was closed.
func TestRun_OrderlyEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeeting()
		a, b, c := trio(t, m)
		began := time.Now()
		a.leave()
		synctest.Wait()
		next := one(t, b, c)
		if gap := next.linkedAt.Sub(began); gap > 0 {
			t.Errorf("it took %s", gap)
		}
		if _, there := m.nodes["a/1"]; there {
			t.Error("who has left is still there")
		}
		b.leave()
		c.leave()
	})
}

// A holder that does not reach the store closes the link before another one takes it.
func TestRun_HolderIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeeting()
		a, b, c := trio(t, m)
		cut := time.Now()
		m.mu.Lock()
		a.place.cut = true
		m.mu.Unlock()
		for time.Since(cut) < 2*ttl {
			time.Sleep(10 * time.Millisecond)
			synctest.Wait()
			if a.holding() && (b.holding() || c.holding()) {
				t.Fatal("two nodes hold the link")
			}
			if a.holding() && time.Since(cut) > ttl*4/5 {
				t.Fatal("it holds the link too long")
			}
		}
		next := one(t, a, b, c)
		if gap := next.linkedAt.Sub(cut); gap > ttl+time.Second {
			t.Errorf("it took %s", gap)
		}
		m.mu.Lock()
		a.place.cut = false
		m.mu.Unlock()
		time.Sleep(ttl)
		if one(t, a, b, c) != next {
			t.Error("who is back takes the link away")
		}
		for _, x := range []*member{a, b, c} {
			x.leave()
		}
	})
}

// A holder that can't use the link gives it back, and another one takes it. So it is with one that can't begin.
func TestRun_HolderGivesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, c := trio(t, newMeeting())
		began := time.Now()
		a.enough <- struct{}{}
		synctest.Wait()
		next := one(t, a, b, c)
		if gap := next.linkedAt.Sub(began); next == a || gap > 0 {
			t.Errorf("%s holds the link after %s", next.node.ID, gap)
		}
		for _, x := range []*member{b, c} {
			x.note(func() { x.refuses = errors.New("something is wrong") })
		}
		next.enough <- struct{}{}
		time.Sleep(3 * time.Second)
		if one(t, a, b, c) != a {
			t.Error("who can begin does not have it")
		}
		for _, x := range []*member{a, b, c} {
			x.leave()
		}
	})
}

// Who is dead is mourned by the holder and then forgotten; so is who has pages and is not known.
func TestRun_MournsTheDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeeting()
		a, b, c := trio(t, m)
		m.mu.Lock()
		b.place.cut = true
		m.pagers = []string{"a/1", "b/1", "c/1", "gone/1"}
		m.mu.Unlock()
		time.Sleep(20 * time.Second)
		want := []string{"mourned b/1", "mourned gone/1"}
		mourned := ask(a, func() []string {
			return slices.DeleteFunc(slices.Clone(a.did), func(s string) bool { return s == "took" })
		})
		slices.Sort(mourned)
		if !slices.Equal(mourned, want) || slices.Contains(c.did, want[0]) {
			t.Errorf("the holder did %q, and another one %q", mourned, c.did)
		}
		m.mu.Lock()
		if _, there := m.nodes["b/1"]; there || len(m.pagers) != 2 {
			t.Errorf("known are %v, with pages %v", m.nodes, m.pagers)
		}
		b.place.cut = false
		m.mu.Unlock()
		for _, x := range []*member{a, b, c} {
			x.leave()
		}
	})
}

// told returns what others have told, without what says that hints may have been missed before the node listened.
func (m *member) told() []bridge.Hint {
	return slices.DeleteFunc(slices.Clone(m.heard), func(h bridge.Hint) bool { return h.Missed })
}

// Hints come to all other nodes, whole and in order, as many together as there is room for.
func TestTell(t *testing.T) {
	const many = 3000
	synctest.Test(t, func(t *testing.T) {
		m := newMeeting()
		a, b, c := trio(t, m)
		m.mu.Lock()
		b.place.slow = 10 * time.Millisecond
		m.mu.Unlock()
		for i := range int64(many) {
			b.Tell(bridge.Hint{Logs: []bridge.LogEnd{{Number: i + 1, Last: i}}})
		}
		b.Tell(bridge.Hint{Alarm: string(make([]byte, MostPayload))}) // too long: dropped
		b.Tell(bridge.Hint{Site: true})
		time.Sleep(time.Second)
		for _, x := range []*member{a, c} {
			heard := ask(x, x.told)
			if len(heard) != many+1 || !heard[many].Site {
				t.Fatalf("%d hints were heard", len(heard))
			}
			for i := range int64(many) {
				if got := fmt.Sprint(heard[i].Logs); got != fmt.Sprint([]bridge.LogEnd{{Number: i + 1, Last: i}}) {
					t.Fatalf("hint %d is %s", i, got)
				}
			}
		}
		if own := ask(b, b.told); len(own) > 0 {
			t.Errorf("it heard %d hints of its own", len(own))
		}
		if s := b.Stats(); s.Hints != many+1 || s.Lost != 0 || s.Age < 10*time.Millisecond || s.Age > time.Second {
			t.Errorf("it counted %+v", s)
		}
		m.mu.Lock()
		sent := slices.Clone(m.sent) // each node goes on sending, at least a number
		m.mu.Unlock()
		if n := len(sent); n > many/100 {
			t.Errorf("%d messages were sent", n)
		}
		for _, payload := range sent {
			if len(payload) > MostPayload {
				t.Errorf("a message has %d bytes", len(payload))
			}
		}
		for _, x := range []*member{a, b, c} {
			x.leave()
		}
	})
}

// Tell never waits, and what waits to be sent does not grow without end.
func TestTell_StoreIsAway(t *testing.T) {
	c := New(nil, Options{Node: Node{ID: "a/1"}, TTL: ttl})
	for range mostHints + 5 {
		c.Tell(bridge.Hint{Site: true})
	}
	if len(c.hints.list) != mostHints || c.Stats().Lost != 5 {
		t.Errorf("%d wait, and %d are lost", len(c.hints.list), c.Stats().Lost)
	}
}
