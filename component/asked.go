package component

import (
	"context"
	"errors"
	"sync"
	"time"

	"porchlight/component/stream"
)

// askLimit is how long an answer to a question of ours is waited for.
const askLimit = 15 * time.Second

// asked are our questions (IQs of type get and set) that wait for an answer. Any
// goroutine may use it.
type asked struct {
	mu      sync.Mutex
	waiting map[question]chan *stream.Element
}

// question is what an answer is known by: its id, and who was asked, since
// anybody may send a result (RFC 6120 §8.2.3).
type question struct{ id, of string }

// refusal is an answer of type error.
type refusal struct{ condition string }

// Error is the condition, such as forbidden.
func (r *refusal) Error() string { return r.condition }

var (
	errNoLink   = errors.New("no link")
	errNoAnswer = errors.New("no answer in time")
)

// refused is the condition with which a question was refused, "" if it was not.
func refused(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.condition
	}
	return ""
}

// ask sends an IQ and returns the answer's IQ. The error is a *refusal,
// errNoAnswer, errNoLink or that of ctx. It waits, so the reader must not call it.
func (c *Component) ask(ctx context.Context, kind, from, to string, payload *stream.Element) (*stream.Element, error) {
	q := question{newStanzaID(), to}
	answer := make(chan *stream.Element, 1)
	c.asked.add(q, answer)
	defer c.asked.remove(q)
	if !c.send(stream.New("", "iq", payload).With("type", kind, "from", from, "to", to, "id", q.id)) {
		return nil, errNoLink
	}
	limit := time.NewTimer(askLimit)
	defer limit.Stop()
	select {
	case el := <-answer:
		if el.Get("type") == "error" {
			return nil, &refusal{reason(el)}
		}
		return el, nil
	case <-limit.C:
		return nil, errNoAnswer
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (a *asked) add(q question, answer chan *stream.Element) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = make(map[question]chan *stream.Element)
	}
	a.waiting[q] = answer
}

func (a *asked) remove(q question) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, q)
}

// answered takes an answer to a question of ours, and reports whether el is one.
// It runs in the reader.
func (a *asked) answered(from stream.JID, el *stream.Element) bool {
	if kind := el.Get("type"); el.Local != "iq" || kind != "result" && kind != "error" {
		return false
	}
	q := question{el.Get("id"), from.String()}
	a.mu.Lock()
	answer, ok := a.waiting[q]
	delete(a.waiting, q)
	a.mu.Unlock()
	if ok {
		answer <- el // has room, and gets only this
	}
	return ok
}
