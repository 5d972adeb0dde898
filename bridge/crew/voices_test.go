package crew

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"porchlight/bridge"
)

// calm starts three nodes, of which a holds the link, and returns when none of them has to look for lost hints any more; not at a moment
// at which one of them does something, since what comes first then is chance.
func calm(t *testing.T, m *meeting) (a, b, c *member) {
	t.Helper()
	a, b, c = trio(t, m)
	for quiet := false; !quiet; {
		began := time.Now()
		time.Sleep(2 * sweepTime)
		quiet = true
		for _, x := range []*member{a, b, c} {
			quiet = quiet && len(x.looksSince(began)) == 0
		}
	}
	time.Sleep(tryTime / 5)
	return a, b, c
}

// looksSince are the times after a moment at which a node looked for lost hints.
func (x *member) looksSince(moment time.Time) (list []time.Duration) {
	for _, at := range ask(x, func() []time.Time { return slices.Clone(x.sweeps) }) {
		if at.After(moment) {
			list = append(list, at.Sub(moment))
		}
	}
	return list
}

// change changes a place.
func (p *place) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
}

// While no hint gets lost nobody looks for any, but once a minute.
func TestSweep_NothingIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, c := calm(t, newMeeting())
		began := time.Now()
		for range 600 {
			b.Tell(bridge.Hint{Site: true})
			time.Sleep(time.Second)
		}
		for _, x := range []*member{a, b, c} {
			if n := len(x.looksSince(began)); n < 9 || n > 10 {
				t.Errorf("%s looked %d times in ten minutes: %v", x.node.ID, n, x.looksSince(began))
			}
		}
		for _, x := range []*member{a, b, c} {
			x.leave()
		}
	})
}

// Whatever may have cost a hint has a node look within 5 s, however it came to that.
func TestSweep_SomethingMayBeLost(t *testing.T) {
	type crew struct {
		m       *meeting
		a, b, c *member // a holds the link
	}
	for name, x := range map[string]struct {
		breaks func(crew)
		looks  func(crew) []*member // who has to look
	}{
		"a message is lost on its way": {
			func(x crew) { x.b.place.change(func() { x.b.place.eats = 1 }); x.b.Tell(bridge.Hint{Site: true}) },
			func(x crew) []*member { return []*member{x.a, x.c} },
		},
		"a message can't be sent": {
			func(x crew) {
				x.b.place.change(func() { x.b.place.mute = true })
				x.b.Tell(bridge.Hint{Site: true})
				time.Sleep(10 * time.Millisecond)
				x.b.place.change(func() { x.b.place.mute = false })
			},
			func(x crew) []*member { return []*member{x.a, x.c} },
		},
		"a hint has no room": {
			func(x crew) {
				x.b.Tell(bridge.Hint{Alarm: string(make([]byte, MostPayload))})
			},
			func(x crew) []*member { return []*member{x.a, x.c} },
		},
		"too many hints wait": {
			func(x crew) {
				x.b.place.change(func() { x.b.place.slow = 100 * time.Millisecond })
				x.b.Tell(bridge.Hint{Site: true})
				synctest.Wait()
				for range mostHints + 1 {
					x.b.Tell(bridge.Hint{Site: true})
				}
			},
			func(x crew) []*member { return []*member{x.a, x.c} },
		},
		"a node does not know whether it has stored something": {
			func(x crew) { x.b.place.change(func() { x.b.place.doubts++ }) },
			func(x crew) []*member { return []*member{x.a, x.b, x.c} },
		},
		"a hint can't be taken in": {
			func(x crew) {
				x.a.note(func() { x.a.fails = errors.New("no way to the store") })
				x.b.Tell(bridge.Hint{Site: true})
			},
			func(x crew) []*member { return []*member{x.a} },
		},
		"a node dies": {
			func(x crew) { x.b.place.change(func() { x.b.place.cut = true }) },
			func(x crew) []*member { return []*member{x.a, x.c} },
		},
		"a node can't send": {
			func(x crew) { x.b.place.change(func() { x.b.place.mute = true }) },
			func(x crew) []*member { return []*member{x.a, x.c} },
		},
		"a node leaves": {
			func(x crew) { x.b.leave() },
			func(x crew) []*member { return []*member{x.a, x.c} },
		},
		"a node does not hear": {
			func(x crew) { x.b.place.change(func() { x.b.place.deaf = true }) },
			func(x crew) []*member { return []*member{x.b} },
		},
		"a connection that listens breaks": {
			func(x crew) { x.m.deafen() },
			func(x crew) []*member { return []*member{x.a, x.b, x.c} },
		},
		"another node takes the link": {
			func(x crew) { x.a.enough <- struct{}{}; synctest.Wait() },
			func(x crew) []*member {
				if x.b.holding() {
					return []*member{x.b}
				}
				return []*member{x.c}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMeeting()
				a, b, c := calm(t, m)
				began := time.Now()
				all := crew{m, a, b, c}
				x.breaks(all)
				must := x.looks(all)
				time.Sleep(5*time.Second - time.Since(began))
				synctest.Wait()
				for _, who := range must {
					if len(who.looksSince(began.Add(-time.Nanosecond))) == 0 {
						t.Errorf("%s does not look", who.node.ID)
					}
				}
				b.place.change(func() { b.place.cut, b.place.mute, b.place.deaf = false, false, false })
				for _, who := range []*member{a, b, c} {
					who.leave()
				}
			})
		})
	}
}

// While a living node sends no numbers, as those of the first version that had several, the others look each 5 s; so they do while one is
// silent.
func TestSweep_NoNumbers(t *testing.T) {
	for name, x := range map[string]func(p *place){
		"it is of an older version": func(p *place) { p.old = true },
		"it can't send":             func(p *place) { p.mute = true },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b, c := calm(t, newMeeting())
				b.place.change(func() { x(b.place) })
				time.Sleep(10 * time.Second)
				began := time.Now()
				time.Sleep(time.Minute)
				if n := len(a.looksSince(began)); n < 11 || n > 12 {
					t.Errorf("it looked %d times in a minute", n)
				}
				for _, who := range []*member{a, b, c} {
					who.leave()
				}
			})
		})
	}
}

// A node that was taken for dead looks once it was forgotten, since its pages were before: also if it hears all the while, and if it was
// forgotten right before it says again that it lives.
func TestSweep_TakenForDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeeting()
		a, b, c := calm(t, m)
		for range 20 {
			began := time.Now()
			m.mu.Lock()
			delete(m.nodes, "b/1")
			m.mu.Unlock()
			time.Sleep(7 * time.Second)
			if len(b.looksSince(began)) == 0 {
				t.Errorf("it does not look; it did %v", b.looksSince(began.Add(-time.Minute)))
			}
			time.Sleep(10*time.Second + tryTime) // at another point of a beat each time
		}
		for _, who := range []*member{a, b, c} {
			who.leave()
		}
	})
}

// A process that was frozen hears in one go what was sent meanwhile, without a gap in the numbers. It looks all the same: the others may
// have taken it for dead.
func TestVoices_Frozen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := voices{own: "b/1", clock: bridge.SystemClock{}, by: make(map[string]*voice)}
		v.heard("a/1", 1)
		v.due() // the first time
		time.Sleep(silentTime + time.Second)
		v.heard("a/1", 2)
		time.Sleep(time.Second)
		if v.heard("a/1", 3); !v.due() {
			t.Error("it does not look")
		}
		time.Sleep(2 * time.Second)
		v.heard("a/1", 4)
		time.Sleep(3 * time.Second)
		if v.due() {
			t.Error("it looks once more")
		}
	})
}

// A node of which only a part of the pages could be taken in is forgotten all the same, so that it knows if it lives.
func TestRun_CantMourn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMeeting()
		a, b, c := trio(t, m)
		a.note(func() { a.cantMourn = errors.New("no way to the store") })
		b.place.change(func() { b.place.cut = true })
		time.Sleep(15 * time.Second)
		m.mu.Lock()
		if _, there := m.nodes["b/1"]; there {
			t.Error("it is still there")
		}
		b.place.cut = false
		m.mu.Unlock()
		for _, who := range []*member{a, b, c} {
			who.leave()
		}
	})
}

// What the bridge could not look for, or not take in of who has the link, is looked for after 5 s.
func TestSweep_Fails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, c := calm(t, newMeeting())
		began := time.Now()
		c.note(func() { c.cantFollow, c.cantSweep = errors.New("no way to the store"), 1 })
		time.Sleep(5 * time.Second)
		c.note(func() { c.cantFollow = nil })
		time.Sleep(5 * time.Second)
		if n := len(c.looksSince(began)); n < 2 || n > 3 {
			t.Errorf("it looked %d times", n)
		}
		began = time.Now()
		c.note(func() { c.cantSweep = 1 })
		c.hurry()
		time.Sleep(9 * time.Second)
		if n := len(c.looksSince(began.Add(-time.Nanosecond))); n != 2 {
			t.Errorf("after it has failed it looked %d times", n)
		}
		for _, who := range []*member{a, b, c} {
			who.leave()
		}
	})
}
