package bridge

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

// types remembers whether somebody writes, and reports whether that is worth telling: a
// beginning always, an end only after one.
func (h *hub) types(t typist, w writing) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, was := h.typing[t]
	if delete(h.typing, t); w.typing.Active {
		h.typing[t] = w
	}
	return w.typing.Active || was
}

// stops tells that those write no more of whom gone says so: nobody else will.
func (h *hub) stops(gone func(typist, writing) bool) {
	var list []Change
	h.mu.Lock()
	for t, w := range h.typing {
		if gone(t, w) {
			delete(h.typing, t)
			w.typing.Active = false
			list = append(list, Change{Conversation: w.conversation, Typing: &w.typing})
		}
	}
	h.mu.Unlock()
	for _, c := range list {
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
