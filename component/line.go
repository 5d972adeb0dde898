package component

import (
	"context"
	"sync"
	"time"

	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// askLimit is how long Ask waits for the answer.
const askLimit = 15 * time.Second

// line is a connection over which we can ask questions (IQs of type get and set). Any
// goroutine may use it. A line without a connection sends nothing.
type line struct {
	conn *stream.Conn // nil: there is no connection

	mu      sync.Mutex
	waiting map[question]chan *stream.Element // questions that have no answer yet
}

// question identifies a question by its id and by the address that was asked: anybody may
// send a result with that id (RFC 6120 §8.2.3).
type question struct{ id, of string }

func newLine(conn *stream.Conn) *line {
	return &line{conn: conn, waiting: make(map[question]chan *stream.Element)}
}

// Send sends stanzas, and reports whether there was a connection. It may wait for room,
// so the reader calls TrySend instead.
func (l *line) Send(el ...*stream.Element) bool { return l.conn != nil && l.conn.Send(el...) == nil }

// TrySend sends stanzas if there is room at once, and reports whether it did.
func (l *line) TrySend(el ...*stream.Element) bool { return l.conn != nil && l.conn.TrySend(el...) }

// Ask sends an IQ and returns the IQ that answers it. The error is a *stanza.Refusal
// (then the answer is returned as well), stanza.ErrNoAnswer after askLimit,
// stanza.ErrNoLink, or that of ctx. Ask waits, so the reader must not call it.
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

// expect returns a channel for the answer to a question. The caller calls forget when it
// no longer waits.
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

// answered takes a stanza that somebody waits for: the answer to a question of ours, or a
// message of ours that came back. It reports whether el is one. The address in the answer
// may differ from the address that was asked, since a server may write it in a form of
// its own (see sameAccount). It runs in the reader.
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
		answer <- el // does not block: there is room for one, and only one is ever sent
	}
	return ok
}
