package bridge

import (
	"sync"
	"time"
)

// These times say how long a sign of life counts, by the bridge's clock.
const (
	quietAfter   = 2 * time.Minute  // an available client that was silent for so long is asked for a sign
	awayAfter    = 5 * time.Minute  // a client that gets no offers is asked after so long
	answerWithin = 45 * time.Second // a client that is asked has so long to answer
	retryEvery   = time.Minute      // a client that did not answer, and an operator whose server can't be found, are tried again
)

// Reach knows who can be reached now. A client is there from its presence (RFC 6121 §4) until it
// says that it goes, leaves a question (XEP-0199) unanswered, or something that was sent to its
// operator comes back as an error. All that Reach knows is of the present link, and is forgotten
// with it. The methods may be called by any goroutine; those that return an error may wait for
// the store.
type Reach struct {
	b      *Bridge
	mu     sync.Mutex
	linked bool      // the XMPP link is up; without it nobody can be reached
	since  time.Time // when the link came up or went down
	heard  bool      // the link is up for so long that who has not shown themselves is away
	known  map[OperatorJID]*whereabouts
	anew   []OperatorJID // who was forgotten and is an operator again: their presence has to be asked for
}

// whereabouts is what Reach knows of one operator.
type whereabouts struct {
	clients  map[string]*client       // by resource
	fault    Fault                    // why nothing reaches the operator; zero: nothing came back
	turn     int64                    // see Holds
	taking   int                      // how many parts of the desk log are being taken back
	sign     time.Time                // when the last stanza came from an address of theirs, or an answer of their server
	asked    time.Time                // since when the operator's server owes an answer; zero: it owes none
	tried    time.Time                // when the operator was last tried again
	probed   time.Time                // when presence was last asked for because something came back
	receipts string                   // the client that gave the last receipt (XEP-0184)
	heard    map[VisitorJID]time.Time // when the last stanza to each visitor's address came; at most heardRoom of them
	shows    time.Time                // since when best is what it is; zero: not known
}

// client is one resource of an operator.
type client struct {
	show   Show
	seen   time.Time // its last sign of life
	asked  time.Time // since when the client owes an answer; zero: it owes none
	silent bool      // the client has left a question unanswered and was not heard since
	again  bool      // the client is to be asked at once
}

// standing is what follows from an operator's whereabouts.
type standing struct {
	free  bool // the operator may be offered requests, if they are enabled and want them
	there bool // the operator is online
	fault bool // what is sent to the operator comes back
}

// gets reports whether a client with this show gets offers.
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

// link says whether the XMPP link is up. All that was known is forgotten either way.
func (r *Reach) link(up bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.linked, r.since, r.heard = up, r.b.clock.Now(), false
	r.known, r.anew = make(map[OperatorJID]*whereabouts), nil
}

func (r *Reach) isLinked() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.linked
}

// at returns the whereabouts of an operator, and makes them if needed. The lock is held.
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

// alone reports whether the operator has no client except this one.
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

// shown is the best presence of an operator, for people to read, and since when it is that; zero: not known.
func (r *Reach) shown(o OperatorJID) (Show, time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[o]
	if !w.standing().there {
		return ShowOffline, time.Time{}
	}
	return w.best(), w.shows
}

// best is the best presence of an operator's clients.
func (w *whereabouts) best() Show {
	best := ShowOffline
	for _, c := range w.clients {
		if c.lives() && rank(c.show) < rank(best) {
			best = c.show
		}
	}
	return best
}

// introduction is how long after the link came up presence may tell what was so before.
const introduction = 30 * time.Second

// fault is why an operator can't be reached; zero if no reason is known.
func (r *Reach) fault(o OperatorJID) Fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w := r.known[o]; w != nil {
		return w.fault
	}
	return Fault{}
}

// show takes in the presence of a client; resource "" with ShowOffline means all of them (RFC 6121
// §4.5.4). Any presence proves that the operator's server is there. Presence that tells nothing new
// of a silent client may be the server's answer to a probe, which the server also gives for
// a client that it only waits for; so the client itself is asked.
func (r *Reach) show(o OperatorJID, resource string, s Show, now time.Time) (was, is standing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.at(o)
	was = w.standing()
	before := w.best()
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
	if w.best() != before {
		w.shows = now
		if now.Sub(r.since) < introduction {
			w.shows = time.Time{}
		}
	}
	r.tidy(o)
	return was, w.standing()
}

// forget forgets all about an operator.
func (r *Reach) forget(o OperatorJID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, o)
}

// wonder has an operator's presence asked for, of whom everything was forgotten while they were a stranger.
func (r *Reach) wonder(o OperatorJID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.anew = append(r.anew, o)
}

// tidy forgets an operator about whom nothing is worth knowing. The lock is held.
func (r *Reach) tidy(o OperatorJID) {
	if w := r.known[o]; w != nil && len(w.clients) == 0 && w.fault == (Fault{}) && w.turn == 0 {
		delete(r.known, o)
	}
}

// fail takes in why an operator can't be reached. news reports whether the reason is a new one;
// sign is when the last sign of life came, at the earliest when the link came up.
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

// back ends a fault, since a client has shown itself; the other clients are silent then.
func (w *whereabouts) back(resource string) {
	if w.fault.Condition == "" {
		return
	}
	w.fault = Fault{}
	for other, c := range w.clients {
		c.silent = c.silent || other != resource
	}
}
