package component

import (
	"context"
	"errors"
	"sync"
	"time"

	"porchlight/component/stanza"
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

var (
	errNoLink   = errors.New("no link")
	errNoAnswer = errors.New("no answer in time")
)

// ask sends an IQ over the component's link; see asked.ask.
func (c *Component) ask(ctx context.Context, typ, from, to string, payload *stream.Element) (*stream.Element, error) {
	return c.asked.ask(ctx, c.send, typ, from, to, payload)
}

// ask sends an IQ and returns the answer's IQ, beside the error too if there was
// one. The error is a *stanza.Refusal, errNoAnswer, errNoLink or that of ctx. It waits, so
// the reader must not call it.
func (a *asked) ask(ctx context.Context, send func(...*stream.Element) bool, typ, from, to string, payload *stream.Element) (*stream.Element, error) {
	q := question{stanza.NewID(), to}
	answer := make(chan *stream.Element, 1)
	a.add(q, answer)
	defer a.remove(q)
	if !send(stanza.IQ(typ, from, to, q.id, payload)) {
		return nil, errNoLink
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

// answered takes an answer to a question of ours, or a message of ours that came
// back and was waited for, and reports whether el is one. The server of who was
// asked may write their address in the form it knows. It runs in the reader.
func (a *asked) answered(from stream.JID, el *stream.Element) bool {
	if !stanza.IsAnswer(el) || el.Local == "presence" {
		return false
	}
	id, by := el.Get("id"), from.String()
	a.mu.Lock()
	q := question{id, by}
	answer, ok := a.waiting[q]
	for of := range a.waiting {
		if !ok && of.id == id && sameAccount(of.of, by) {
			q = of
			answer, ok = a.waiting[q]
		}
	}
	delete(a.waiting, q)
	a.mu.Unlock()
	if ok {
		answer <- el // has room, and gets only this
	}
	return ok
}
