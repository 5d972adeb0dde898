package bridge

import (
	"context"
	"maps"
	"sync"
	"time"
)

// typist is somebody in a conversation: an operator, or the visitor if operator is "".
type typist struct {
	number   int64
	operator OperatorJID
}

// writing is what sides were told of a typist, and have to be told once more if the typist goes.
type writing struct {
	resource     string // the client that the operator writes with
	conversation Conversation
	typing       Typing
}

// writers knows who is writing, which no log has.
type writers struct {
	mu   sync.Mutex
	now  map[typist]writing
	held map[typist]hold
}

// hold says that an owner was not reminded since they were writing.
type hold struct {
	unanswered time.Time // since when the words had no answer of which they would have been reminded
	since      time.Time // when the first reminder was due
}

// types stores whether somebody writes, and reports whether that is worth telling: a beginning always
// is, an end only after a beginning.
func (ws *writers) types(t typist, w writing) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	_, was := ws.now[t]
	delete(ws.now, t)
	if w.typing.Active {
		ws.now[t] = w
	}
	return w.typing.Active || was
}

// answers reports whether an owner whose reminder is due is writing the answer to what is unanswered since a time. For that they
// have typingCounts in all, from when the first reminder was due.
func (ws *writers) answers(t typist, unanswered, due, now time.Time) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if _, writes := ws.now[t]; !writes {
		return false
	}
	h := ws.held[t]
	if !h.unanswered.Equal(unanswered) {
		h = hold{unanswered, due}
		ws.held[t] = h
	}
	return now.Before(h.since.Add(typingCounts))
}

// stop ends the writing of every typist for whom gone reports true, and returns the changes to tell:
// nobody else will tell them.
func (ws *writers) stop(gone func(typist, writing) bool) (list []Change) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for t, w := range ws.now {
		if gone(t, w) {
			delete(ws.now, t)
			w.typing.Active = false
			list = append(list, Change{Conversation: w.conversation, Typing: &w.typing})
		}
	}
	return list
}

// forget drops the typists of a closed conversation.
func (ws *writers) forget(number int64) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	maps.DeleteFunc(ws.now, func(t typist, _ writing) bool { return t.number == number })
	maps.DeleteFunc(ws.held, func(t typist, _ hold) bool { return t.number == number })
}

// stops ends the writing of every typist for whom gone reports true, and tells the sides.
func (h *hub) stops(gone func(typist, writing) bool) {
	for _, c := range h.writers.stop(gone) {
		h.publish(&c)
	}
}

// visitorStops ends the typing of a visitor whose page is gone.
func (h *hub) visitorStops(number int64) {
	h.stops(func(t typist, _ writing) bool { return t == typist{number: number} })
}

// stopsWriting ends the typing of an operator with clients that are not there any more.
func (r *Reach) stopsWriting(o OperatorJID) {
	r.b.hub.stops(func(t typist, w writing) bool { return t.operator == o && !r.has(o, w.resource) })
}

// has reports whether a client of an operator is there.
func (r *Reach) has(o OperatorJID, resource string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[o]
	if w == nil || w.fault.Condition != "" {
		return false
	}
	c := w.clients[resource]
	return c != nil && c.lives()
}

// VisitorTypes tells the operators that the visitor types, or has stopped; nothing is stored. Typing
// ends when the page goes.
func (b *Bridge) VisitorTypes(c Conversation, active bool) {
	w := writing{conversation: c, typing: Typing{From: FromVisitor, Active: active}}
	if c.State == Active && b.hub.writers.types(typist{number: c.Number}, w) {
		b.hub.publish(&Change{Conversation: c, Typing: &w.typing})
	}
}

// OperatorTypes tells the visitor's page that an operator types, or has stopped; nothing is
// stored. Typing ends when the client that said so is gone. The call is ignored if the operator
// takes no part, and if typing ends that did not begin: clients send that with every message
// and command.
func (b *Bridge) OperatorTypes(ctx context.Context, jid OperatorJID, resource string, v VisitorJID, active bool) error {
	var c Conversation
	var part bool
	err := b.store.View(ctx, func(r Reader) (err error) {
		c, err = latest(r, v)
		if part = c.Owner == jid; err == nil && !part && c.State == Active {
			part, err = takesPart(r, c.Number, jid)
		}
		return err
	})
	w := writing{resource, c, Typing{From: FromOperator, Operator: jid, Name: b.Team.name(jid), Active: active}}
	if err == nil && c.State == Active && part && b.hub.writers.types(typist{c.Number, jid}, w) {
		b.hub.publish(&Change{Conversation: c, Typing: &w.typing})
	}
	return err
}
