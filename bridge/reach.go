package bridge

import (
	"sync"
	"time"
)

// How long a sign of life counts, by the bridge's clock.
const (
	quietAfter   = 2 * time.Minute  // an available client that was silent for so long is asked for one
	awayAfter    = 5 * time.Minute  // a client that gets no offers is
	answerWithin = 45 * time.Second // it has so long to answer
	retryEvery   = time.Minute      // who does not answer, or whose server can't be found, is tried again
)

// Reach knows who can be reached now. A client is there from its presence
// (RFC 6121 §4) until it says that it goes, leaves a question (XEP-0199)
// unanswered, or something that was sent to its owner comes back as an error.
// What it knows is of the present link and is forgotten with it. Its methods may
// be called by any goroutine; those that return an error may wait for the store.
type Reach struct {
	b      *Bridge
	mu     sync.Mutex
	linked bool      // the XMPP link is up; without it nobody can be reached
	since  time.Time // when that began or ended
	known  map[OperatorJID]*whereabouts
}

// whereabouts is what is known of one operator.
type whereabouts struct {
	clients  map[string]*client       // by resource
	fault    Fault                    // why nothing reaches them; zero: nothing came back
	turn     int64                    // how often that has happened over this link
	taking   int                      // how many of their desk log's parts are being taken back
	sign     time.Time                // of the last stanza from one of their addresses, their server's answers included
	asked    time.Time                // since when their server owes an answer; zero: it owes none
	tried    time.Time                // when they were last tried again
	probed   time.Time                // when their presence was last asked for because something came back
	receipts string                   // the client that gave the last receipt (XEP-0184)
	heard    map[VisitorJID]time.Time // the last stanza to each visitor's address; at most heardRoom
}

// client is one resource of an operator.
type client struct {
	show   Show
	seen   time.Time // its last sign of life
	asked  time.Time // since when it owes an answer; zero: it owes none
	silent bool      // it has left a question unanswered, and has not been heard since
	again  bool      // it is to be asked at once
}

// standing is what follows from it.
type standing struct {
	free  bool // may be offered requests, if the operator is enabled and wants them
	there bool // is online
	fault bool
}

// gets reports whether a show is one that gets offers.
func (s Show) gets() bool { return s == ShowAvailable || s == ShowChat }

// lives reports whether the client counts as being there.
func (c *client) lives() bool { return !c.silent }

func (w *whereabouts) standing() (s standing) {
	if w == nil {
		return s
	}
	if s.fault = w.fault.Condition != ""; s.fault {
		return s
	}
	for _, c := range w.clients {
		s.there = s.there || c.lives()
		s.free = s.free || c.lives() && c.show.gets()
	}
	return s
}

func newReach(b *Bridge) *Reach { return &Reach{b: b, known: make(map[OperatorJID]*whereabouts)} }

// link says whether the XMPP link is up. What was known is forgotten both ways.
func (r *Reach) link(up bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.linked, r.since = up, r.b.clock.Now()
	r.known = make(map[OperatorJID]*whereabouts)
}

func (r *Reach) isLinked() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.linked
}

// at returns what is known of an operator. The lock is held.
func (r *Reach) at(o OperatorJID) *whereabouts {
	w := r.known[o]
	if w == nil {
		w = &whereabouts{clients: make(map[string]*client), heard: make(map[VisitorJID]time.Time)}
		r.known[o] = w
	}
	return w
}

// now is how an operator can be reached now: the one answer to that question.
func (r *Reach) now(o OperatorJID) standing {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.linked {
		return standing{}
	}
	return r.known[o].standing()
}

// alone reports whether the operator has no other client than that one.
func (r *Reach) alone(o OperatorJID, resource string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[o]
	if w == nil || len(w.clients) == 0 {
		return true
	}
	_, this := w.clients[resource]
	return this && len(w.clients) == 1
}

// shown is an operator's best presence for people to read.
func (r *Reach) shown(o OperatorJID) Show {
	r.mu.Lock()
	defer r.mu.Unlock()
	best := ShowOffline
	if w := r.known[o]; w.standing().there {
		for _, c := range w.clients {
			if c.lives() && rank(c.show) < rank(best) {
				best = c.show
			}
		}
	}
	return best
}

// fault is why an operator can't be reached; zero if nothing is known to stand in
// the way.
func (r *Reach) fault(o OperatorJID) Fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.known[o]; w != nil {
		return w.fault
	}
	return Fault{}
}

// show takes in the presence of a client; resource "" with ShowOffline means all
// of them (RFC 6121 §4.5.4). Any presence shows that their server is there. One
// that says nothing new of a silent client may be no more than the server's answer
// to a probe, which it gives for a client that it only waits for, too:
// so the client is asked itself.
func (r *Reach) show(o OperatorJID, resource string, s Show, now time.Time) (was, is standing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.at(o)
	was = w.standing()
	w.sign, w.asked = now, time.Time{}
	if s != ShowOffline || w.fault.Server() {
		w.back(resource)
	}
	c := w.clients[resource]
	switch {
	case s == ShowOffline && resource == "":
		w.clients = make(map[string]*client)
	case s == ShowOffline:
		delete(w.clients, resource)
	case c != nil && c.silent && c.show == s:
		c.again = true
	default:
		w.clients[resource] = &client{show: s, seen: now}
	}
	r.tidy(o)
	return was, w.standing()
}

// forget forgets an operator.
func (r *Reach) forget(o OperatorJID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, o)
}

// tidy forgets who is offline. The lock is held.
func (r *Reach) tidy(o OperatorJID) {
	if w := r.known[o]; w != nil && len(w.clients) == 0 && w.fault == (Fault{}) && w.turn == 0 {
		delete(r.known, o)
	}
}

// fail takes in why an operator can't be reached, and reports whether that is news
// and when the last sign of life came, which is at the earliest the link's beginning.
func (r *Reach) fail(o OperatorJID, f Fault, now time.Time) (was, is standing, news bool, sign time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.at(o)
	was, news, sign = w.standing(), w.fault.Condition != f.Condition, later(w.sign, r.since)
	w.fail(f, now)
	return was, w.standing(), news, sign
}

func (w *whereabouts) fail(f Fault, now time.Time) {
	w.fault, w.asked, w.tried = f, time.Time{}, now
	w.turn++
	for _, c := range w.clients {
		c.asked = time.Time{}
	}
}

// back ends a fault: a client has shown itself, and only that one.
func (w *whereabouts) back(resource string) {
	if w.fault.Condition == "" {
		return
	}
	w.fault = Fault{}
	for other, c := range w.clients {
		c.silent = c.silent || other != resource
	}
}
