package component

import (
	"context"
	"sync"
	"time"

	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// askLimit is how long an answer to a question of ours is waited for.
const askLimit = 15 * time.Second

// line is a connection over which questions (IQs of type get and set) can be asked.
// Any goroutine may use it; one without a connection sends nothing.
type line struct {
	conn *stream.Conn // nil: there is none

	mu      sync.Mutex
	waiting map[question]chan *stream.Element // for their answers
}

// question is what an answer is known by: its id, and who was asked, since
// anybody may send a result (RFC 6120 §8.2.3).
type question struct{ id, of string }

func newLine(conn *stream.Conn) *line {
	return &line{conn: conn, waiting: make(map[question]chan *stream.Element)}
}

// Send sends stanzas, and reports whether there was a connection. It may wait for
// room; the reader uses TrySend.
func (l *line) Send(el ...*stream.Element) bool { return l.conn != nil && l.conn.Send(el...) == nil }

// TrySend sends stanzas if there is room at once, and reports whether it did.
func (l *line) TrySend(el ...*stream.Element) bool { return l.conn != nil && l.conn.TrySend(el...) }

// Ask sends an IQ and returns the answer's IQ, beside the error too if there was
// one. The error is a *stanza.Refusal, stanza.ErrNoAnswer, stanza.ErrNoLink or that of
// ctx. It waits, so the reader must not call it.
func (l *line) Ask(ctx context.Context, typ, from, to string, payload *stream.Element) (*stream.Element, error) {
	q := question{stanza.NewID(), to}
	answer, forget := l.expect(q)
	defer forget()
	if !l.Send(stanza.IQ(typ, from, to, q.id, payload)) {
		return nil, stanza.ErrNoLink
	}
	limit := time.NewTimer(askLimit)
	defer limit.Stop()
	select {
	case el := <-answer:
		if el.Get("type") == "error" {
			return el, stanza.RefusalOf(el)
		}
		return el, nil
	case <-limit.C:
		return nil, stanza.ErrNoAnswer
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// expect waits for an answer, of which there is at most one, until forget is called.
func (l *line) expect(q question) (answer <-chan *stream.Element, forget func()) {
	c := make(chan *stream.Element, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting[q] = c
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.waiting, q)
	}
}

// answered takes an answer to a question of ours, or a message of ours that came
// back and was waited for, and reports whether el is one. The server of who was
// asked may write their address in the form it knows. It runs in the reader.
func (l *line) answered(from stream.JID, el *stream.Element) bool {
	if !stanza.IsAnswer(el) || el.Local == "presence" {
		return false
	}
	id, by := el.Get("id"), from.String()
	l.mu.Lock()
	q := question{id, by}
	answer, ok := l.waiting[q]
	for of := range l.waiting {
		if !ok && of.id == id && sameAccount(of.of, by) {
			q = of
			answer, ok = l.waiting[q]
		}
	}
	delete(l.waiting, q)
	l.mu.Unlock()
	if ok {
		answer <- el // has room, and gets only this
	}
	return ok
}
