package bridge

import (
	"context"
	"maps"
	"sync"
)

// typist is somebody in a conversation: an operator, or the visitor if it is "".
type typist struct {
	number   int64
	operator OperatorJID
}

// writing is what has to be said when they go without having said that they stopped.
type writing struct {
	resource     string // the operator's client that they write with
	conversation Conversation
	typing       Typing
}

// writers knows who is writing, which is not in the logs.
type writers struct {
	mu  sync.Mutex
	now map[typist]writing
}

// types remembers whether somebody writes, and reports whether that is worth telling: a
// beginning always, an end only after one.
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

// stop takes in that those write no more of whom gone says so, and lists what is to be
// told of it: nobody else will.
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

// forget drops who writes in a conversation that is over.
func (ws *writers) forget(number int64) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	maps.DeleteFunc(ws.now, func(t typist, _ writing) bool { return t.number == number })
}

// stops tells that those write no more of whom gone says so.
func (h *hub) stops(gone func(typist, writing) bool) {
	for _, c := range h.writers.stop(gone) {
		h.publish(c)
	}
}

// visitorStops ends the typing of a visitor whose page goes.
func (h *hub) visitorStops(number int64) {
	h.stops(func(t typist, _ writing) bool { return t == typist{number: number} })
}

// stopsWriting ends the typing of an operator's clients that are there no more.
func (r *Reach) stopsWriting(o OperatorJID) {
	r.b.hub.stops(func(t typist, w writing) bool { return t.operator == o && !r.has(o, w.resource) })
}

// has reports whether a client is there.
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

// VisitorTypes tells the operators; nothing is stored. It ends with the page.
func (b *Bridge) VisitorTypes(c Conversation, active bool) {
	w := writing{conversation: c, typing: Typing{From: FromVisitor, Active: active}}
	if c.State == Active && b.hub.writers.types(typist{number: c.Number}, w) {
		b.hub.publish(Change{Conversation: c, Typing: &w.typing})
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
		c, err = r.LatestConversation(v)
		if part = c.Owner == jid; err == nil && !part && c.State == Active {
			part, err = takesPart(r, c.Number, jid)
		}
		return err
	})
	w := writing{resource, c, Typing{From: FromOperator, Operator: jid, Name: b.Team.name(jid), Active: active}}
	if err == nil && c.State == Active && part && b.hub.writers.types(typist{c.Number, jid}, w) {
		b.hub.publish(Change{Conversation: c, Typing: &w.typing})
	}
	return err
}
