package route

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// This file plays a working day of 20 operators, from a seed and without a clock.

const (
	crewSize  = 20
	dayLength = 8 * time.Hour
	offerTime = 30 * time.Second
	chatsEach = 3
)

// worker is an operator of the day.
type worker struct {
	Person
	there  bool
	offers int // how many offers were made to them
	passed int // how often somebody else was asked, since the worker was asked last, though they could have been
}

// guest is a request of the day.
type guest struct {
	came, taken time.Duration
	tried       map[int]bool // who was asked alone
	rung        map[int]bool // who is asked with all others, and has not looked yet
	asked       int          // who is asked alone; -1: nobody
	turn        int          // counts the offers, so that an answer to an earlier one is known as such
	ring        bool
}

// event happens at a time of the day.
type event struct {
	at time.Duration
	do func()
}

// day is a day under way.
type day struct {
	t        *testing.T
	strategy Strategy
	r        *rand.Rand
	now      time.Duration
	events   []event
	workers  []*worker
	guests   []*guest
	clock    time.Time
}

func (d *day) later(by time.Duration, do func()) { d.events = append(d.events, event{d.now + by, do}) }

// between is a time between two.
func (d *day) between(a, b time.Duration) time.Duration {
	return a + time.Duration(d.r.Int64N(int64(b-a)))
}

// newDay makes the day: 20 who come, have an hour's break one after the other, and go, and so many who ask.
func newDay(t *testing.T, s Strategy, requests int) *day {
	d := &day{t: t, strategy: s, r: rand.New(rand.NewPCG(1, 2)), clock: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	for i := range crewSize {
		w := &worker{Person: Person{ID: fmt.Sprintf("%02d", i), Limit: chatsEach}, there: true}
		d.workers = append(d.workers, w)
		pause := d.between(time.Hour, dayLength-2*time.Hour)
		d.later(pause, func() { d.leaves(i) })
		d.later(pause+time.Hour, func() { w.there = true; d.askAll() })
	}
	for range requests {
		g := &guest{tried: make(map[int]bool), rung: make(map[int]bool), asked: -1}
		d.later(d.between(0, dayLength-time.Hour), func() {
			g.came = d.now
			d.guests = append(d.guests, g)
			d.ask(g)
		})
	}
	return d
}

// play makes everything happen in order.
func (d *day) play() {
	for len(d.events) > 0 {
		first := 0
		for i, e := range d.events {
			if e.at < d.events[first].at {
				first = i
			}
		}
		e := d.events[first]
		d.events = slices.Delete(d.events, first, first+1)
		d.now = e.at
		e.do()
	}
}

// leaves lets somebody have a break. What was on offer to them goes to the next.
func (d *day) leaves(i int) {
	d.workers[i].there = false
	d.askAll()
}

// askAll asks for everybody who waits, the first who came first.
func (d *day) askAll() {
	for _, g := range d.guests {
		if g.taken == 0 {
			d.ask(g)
		}
	}
}

// can reports whether a worker is there and has room.
func (d *day) can(i int) bool {
	w := d.workers[i]
	return w.there && !Full(w.Chats, w.Limit)
}

// ask offers a request to the next one, as bridge does: to nobody while somebody is asked who can take it, and to all when all
// were asked once.
func (d *day) ask(g *guest) {
	if g.asked >= 0 {
		if d.can(g.asked) {
			return
		}
		d.withdraw(g)
	}
	var people []Person
	for i, w := range d.workers {
		if w.there {
			p := w.Person
			p.Tried = g.tried[i]
			people = append(people, p)
		}
	}
	next, ok := Next(d.strategy, people)
	if !ok || g.ring {
		g.ring = d.strategy == RingAll || g.ring || slices.ContainsFunc(people, func(p Person) bool { return p.Tried && !Full(p.Chats, p.Limit) })
		if g.ring {
			d.askEverybody(g)
		}
		return
	}
	d.check(people, next)
	i := slices.IndexFunc(d.workers, func(w *worker) bool { return w.ID == next.ID })
	w := d.workers[i]
	d.clock = d.clock.Add(time.Millisecond)
	w.Asked, w.offers, w.Offers, w.passed = d.clock, w.offers+1, w.Offers+1, 0
	g.asked, g.tried[i] = i, true
	g.turn++
	turn := g.turn
	d.later(offerTime, func() {
		if g.asked == i && g.turn == turn {
			d.withdraw(g)
			d.ask(g)
		}
	})
	if d.r.IntN(100) < 85 { // the others don't look
		d.later(d.between(2*time.Second, 25*time.Second), func() {
			if g.asked == i && g.turn == turn && d.can(i) {
				d.take(g, i)
			}
		})
	}
}

// withdraw ends the offer to one.
func (d *day) withdraw(g *guest) {
	d.workers[g.asked].Offers--
	g.asked = -1
}

// askEverybody lets whoever has room and looks first take it.
func (d *day) askEverybody(g *guest) {
	for i, w := range d.workers {
		if !d.can(i) || g.rung[i] {
			continue
		}
		g.rung[i] = true
		w.offers++
		d.later(d.between(2*time.Second, time.Minute), func() {
			g.rung[i] = false
			switch {
			case g.taken > 0:
			case d.can(i):
				d.take(g, i)
			default:
				d.ask(g)
			}
		})
	}
}

func (d *day) take(g *guest, i int) {
	if g.asked >= 0 {
		d.withdraw(g)
	}
	w := d.workers[i]
	g.taken = d.now
	w.Chats++
	d.askAll() // what is on offer to somebody who is full now goes on
	d.later(d.between(3*time.Minute, 20*time.Minute), func() {
		w.Chats--
		d.askAll()
	})
}

// check holds a choice against what follows from the rules: who has least to do is asked, and nobody who could be asked is
// passed over by the same colleague twice, so never by more than all the others.
func (d *day) check(people []Person, next Person) {
	for _, p := range people {
		if p.Tried || Full(p.Chats, p.Limit) {
			continue
		}
		if d.strategy == LeastActive && p.Chats+p.Offers < next.Chats+next.Offers {
			d.t.Errorf("%s has %d and is asked, %s has %d", next.ID, next.Chats+next.Offers, p.ID, p.Chats+p.Offers)
		}
		if p.ID == next.ID {
			continue
		}
		w := d.workers[slices.IndexFunc(d.workers, func(w *worker) bool { return w.ID == p.ID })]
		if w.passed++; d.strategy == InTurn && w.passed >= crewSize {
			d.t.Errorf("%s was passed over %d times", p.ID, w.passed)
		}
	}
}

// figures are what a day was like: how many offers each operator got, and how long requests waited.
func (d *day) figures() (offers []int, waits []time.Duration) {
	for _, w := range d.workers {
		offers = append(offers, w.offers)
	}
	for _, g := range d.guests {
		if g.taken == 0 {
			d.t.Error("somebody was never taken")
		}
		waits = append(waits, g.taken-g.came)
	}
	slices.Sort(offers)
	slices.Sort(waits)
	return offers, waits
}

// A day of 20 operators, with breaks, limits and offers that nobody looks at: everybody is taken, no choice breaks a rule, and the
// figures are printed.
func TestDay(t *testing.T) {
	for _, requests := range []int{400, 1200} {
		for _, s := range []Strategy{RingAll, InTurn, LeastActive} {
			d := newDay(t, s, requests)
			d.play()
			offers, waits := d.figures()
			n := len(waits)
			t.Logf("%-12s %4d requests: offers to one operator %d to %d; waits: median %v, 90 of 100 below %v, longest %v",
				s, n, offers[0], offers[crewSize-1], waits[n/2].Round(time.Second), waits[n*9/10].Round(time.Second), waits[n-1].Round(time.Second))
			if n != requests {
				t.Errorf("%d of %d asked", n, requests)
			}
		}
	}
}

// Where all are there and have room, each gets as many offers as the others, or one more.
func TestDay_InTurnIsFair(t *testing.T) {
	people, count := make([]Person, crewSize), make(map[string]int)
	for i := range people {
		people[i].ID = fmt.Sprint(i)
	}
	for n := range 1000 {
		next, ok := Next(InTurn, people)
		if !ok {
			t.Fatal("nobody is asked")
		}
		i := slices.IndexFunc(people, func(p Person) bool { return p.ID == next.ID })
		people[i].Asked = time.UnixMilli(int64(n + 1))
		count[next.ID]++
		least, most := n, 0
		for _, p := range people {
			least, most = min(least, count[p.ID]), max(most, count[p.ID])
		}
		if most-least > 1 {
			t.Fatalf("after %d requests one was asked %d times and another %d", n+1, most, least)
		}
	}
}
