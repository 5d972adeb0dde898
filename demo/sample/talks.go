package sample

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

// talk is one conversation of the play.
type talk struct {
	*play
	about   subject
	visitor *person
	opened  bridge.Opened
	lines   int // by which messages are told apart
}

// ring plans the request, and that the visitor's page stays open.
func (t *talk) ring(at time.Time, email bool) {
	t.then(at, func() (err error) {
		q := bridge.Inquiry{ClientID: fmt.Sprint("sample-", at.UnixMilli()), Department: t.about.department, Returning: t.visitor.jid,
			Request: bridge.Request{Name: t.visitor.name, Reason: t.about.asks[0], Language: "en", Browser: t.visitor.browser, Page: t.page()}}
		if email {
			q.Email = t.visitor.email
		}
		if t.opened, err = t.bridge.Ask(t.ctx, q); err != nil {
			return err
		}
		t.visitor.jid = t.opened.Visitor
		return t.bridge.Attach(t.ctx, t.opened.Number)
	})
}

// page is where the visitor rings from.
func (t *talk) page() bridge.Page {
	return bridge.Page{URL: t.address + t.about.path, Title: t.about.title + " – Lumen & Sons"}
}

// takes plans that an operator takes the request.
func (t *talk) takes(at time.Time, o bridge.OperatorJID) {
	t.then(at, func() error {
		_, err := t.bridge.Take(t.ctx, o, t.opened.Number)
		return err
	})
}

// answers plans what an operator says.
func (t *talk) answers(at time.Time, o bridge.OperatorJID, text string) {
	t.then(at, func() error {
		t.lines++
		_, err := t.bridge.OperatorWrites(t.ctx, o, t.opened.Visitor, bridge.Said{ID: fmt.Sprintf("sample-%d-%d", t.opened.Number, t.lines), Text: text})
		return err
	})
}

// writes plans what the visitor says.
func (t *talk) writes(at time.Time, text string) {
	t.then(at, func() error {
		t.lines++
		_, _, err := t.bridge.VisitorWrites(t.ctx, t.opened.Number, fmt.Sprintf("sample-line-%d-%d", t.opened.Number, t.lines), text)
		return err
	})
}

// chats plans that operator and visitor talk from the first answer on, and returns when they are done.
func (t *talk) chats(at time.Time, o bridge.OperatorJID) time.Time {
	at = at.Add(t.seconds(8, 90))
	t.answers(at, o, t.about.answers[0])
	for i := 1; i < len(t.about.asks); i++ {
		at = at.Add(t.seconds(10, 120))
		t.writes(at, t.about.asks[i])
		at = at.Add(t.seconds(12, 150))
		t.answers(at, o, t.about.answers[i])
	}
	return at.Add(t.seconds(10, 60))
}

// ends plans the end, by either side or because the page goes, and perhaps a vote. Then the page goes.
func (t *talk) ends(at time.Time, o bridge.OperatorJID) {
	switch n := t.rand.IntN(20); {
	case n < 11:
		t.then(at, func() error {
			_, err := t.bridge.Close(t.ctx, o, t.opened.Visitor, "")
			return err
		})
	case n < 17:
		t.then(at, func() error { return t.bridge.VisitorCloses(t.ctx, t.opened.Number) })
	default:
		t.leaves(at)
		return
	}
	if t.rand.IntN(5) < 2 {
		at = at.Add(t.seconds(5, 60))
		v := one(t.play, votes)
		t.then(at, func() error { return t.bridge.VisitorVotes(t.ctx, t.opened.Number, v.score, v.comment) })
	}
	t.leaves(at.Add(t.seconds(2, 30)))
}

// leaves plans that the visitor's page goes, and lets the timers run after that.
func (t *talk) leaves(at time.Time) {
	t.then(at, func() error {
		t.bridge.Detach(t.opened.Number)
		return nil
	})
	for _, later := range []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute, 4 * time.Minute} {
		t.then(at.Add(later+time.Second), nil)
	}
}
