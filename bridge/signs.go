package bridge

import (
	"context"
	"errors"
	"time"
)

// Sign is a stanza that proves that an operator is there.
type Sign struct {
	Operator OperatorJID
	Resource string     // the client's resource; "": the operator's server has answered
	Visitor  VisitorJID // the visitor to whom the stanza was sent, "" if none
	Answer   bool       // it answers a question of ours, so what we send arrives as well
	Receipt  bool       // it says that a message was received (XEP-0184)
}

// Seen takes in a sign of life.
func (r *Reach) Seen(ctx context.Context, s Sign) error {
	was, is := r.sign(s, r.b.clock.Now())
	return r.moved(ctx, s.Operator, was, is)
}

// heardRoom is for how many visitors an operator's last stanza to them is remembered.
const heardRoom = 1000

func (r *Reach) sign(s Sign, now time.Time) (was, is standing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[s.Operator]
	if w == nil {
		return was, is
	}
	was = w.standing()
	w.sign, w.asked = now, time.Time{}
	switch {
	case s.Answer && w.fault.Server():
		w.back(s.Resource)
	case w.fault.Server():
		w.tried = time.Time{} // at least one direction works, so the other is tried at once
	}
	if s.Visitor != "" {
		if len(w.heard) >= heardRoom {
			clear(w.heard)
		}
		w.heard[s.Visitor] = now
	}
	if c := w.clients[s.Resource]; c != nil {
		c.seen, c.asked, c.silent, c.again = now, time.Time{}, false, false
		if s.Receipt {
			w.receipts = s.Resource
		}
	}
	return was, w.standing()
}

// Refused takes in that a question to a client came back with an error that may mean either that there
// is no such client or that it answers no questions (RFC 6121 §8.5.3.2.3, RFC 6120 §8.4). probe
// reports whether the operator's server has to be asked which clients it has.
func (r *Reach) Refused(o OperatorJID, resource string) (probe bool) {
	now := r.b.clock.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[o]
	if w == nil {
		return false
	}
	w.sign, w.asked = now, time.Time{}
	switch c := w.clients[resource]; {
	case c == nil:
		return false
	case c.silent:
		delete(w.clients, resource)
		return false
	}
	return true
}

// Check is a question that has to be sent to an operator.
type Check struct {
	Operator OperatorJID
	Resource string // the client that is asked; "": the operator's server
	Probe    bool   // the operator's presence is asked for instead (RFC 6121 §4.3)
}

// Due says which questions have to be sent now to find out who is still there, and takes in which
// ones were not answered in time. It is called every second while there is a link.
func (r *Reach) Due(ctx context.Context) ([]Check, error) {
	type turned struct {
		o       OperatorJID
		was, is standing
		since   time.Time // the last sign of an operator who does not answer any more; zero: another client is there
		mute    bool      // the operator's server does not answer either
	}
	now := r.b.clock.Now()
	var checks []Check
	var list []turned
	r.mu.Lock()
	for _, o := range r.anew {
		checks = append(checks, Check{Operator: o, Probe: true})
	}
	r.anew = nil
	for o, w := range r.known {
		t := turned{o: o, was: w.standing()}
		gone := false
		gone, t.mute = w.expire(now)
		t.is = w.standing()
		if !t.is.there {
			t.since = w.lastSeen(t.mute)
		}
		if gone || t.mute {
			list = append(list, t)
		}
		checks = append(checks, w.due(o, now)...)
	}
	r.mu.Unlock()
	var errs []error
	for _, t := range list {
		if t.mute {
			r.tell(t.o, Fault{Condition: noAnswer})
		}
		if !t.since.IsZero() {
			errs = append(errs, r.takeBackSince(ctx, t.o, t.since))
		}
		r.stopsWriting(t.o)
		errs = append(errs, r.moved(ctx, t.o, t.was, t.is))
	}
	return checks, errors.Join(errs...)
}

// expire takes in which questions were not answered in time. gone reports whether a client is silent
// since now, unanswered whether the operator's server has answered nothing at all.
func (w *whereabouts) expire(now time.Time) (gone, unanswered bool) {
	late := func(asked time.Time) bool { return !asked.IsZero() && now.Sub(asked) >= answerWithin }
	for _, c := range w.clients {
		if late(c.asked) {
			c.silent, c.asked, gone = true, time.Time{}, true
		}
	}
	if late(w.asked) && w.fault.Condition == "" {
		w.fail(Fault{Condition: noAnswer}, now)
		return gone, true
	}
	return gone, false
}

// lastSeen is when the operator's clients last gave a sign of life, and with mute also their server.
func (w *whereabouts) lastSeen(mute bool) (at time.Time) {
	if mute {
		at = w.sign
	}
	for _, c := range w.clients {
		at = later(at, c.seen)
	}
	return at
}

// due is what has to be sent to an operator now. Operators who get offers are asked more often than
// others, and one client that is heard vouches for the others.
func (w *whereabouts) due(o OperatorJID, now time.Time) (list []Check) {
	st := w.standing()
	switch {
	case st.fault && !w.fault.Server():
		// Their server works, and tells when they come. But they may be there all the time, and
		// have blocked only the visitor whose message came back.
		if now.Sub(w.probed) < retryEvery {
			return nil
		}
		w.probed = now
		return []Check{{Operator: o, Probe: true}}
	case (st.fault || !st.there && len(w.clients) > 0) && now.Sub(w.tried) >= retryEvery:
		w.tried = now
		list = append(list, Check{Operator: o, Probe: true}, Check{Operator: o})
		for resource, c := range w.clients {
			c.again = false
			list = append(list, Check{Operator: o, Resource: resource})
		}
		return list
	}
	for resource, c := range w.clients {
		if c.again {
			c.again = false
			list = append(list, Check{Operator: o, Resource: resource})
		}
	}
	if st.there && w.quiet(now, st.free) {
		w.asked = now
		list = append(list, Check{Operator: o})
		for resource, c := range w.clients {
			if c.lives() && c.show.gets() == st.free {
				c.asked = now
				list = append(list, Check{Operator: o, Resource: resource})
			}
		}
	}
	return list
}

// quiet reports whether none of the clients that decide the operator's standing was heard lately, and
// none is being asked.
func (w *whereabouts) quiet(now time.Time, free bool) bool {
	after := awayAfter
	if free {
		after = quietAfter
	}
	for _, c := range w.clients {
		if c.lives() && c.show.gets() == free && (now.Sub(c.seen) < after || !c.asked.IsZero()) {
			return false
		}
	}
	return true
}
