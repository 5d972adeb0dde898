package hosts_test

import (
	"fmt"
	"strings"
	"time"

	"porchlight/e2e/visitor"
)

// visit is a visitor's conversation, whose page stays open until the test ends.
type visit struct {
	*visitor.Conversation
	w *world
	n int // messages written
}

// rings opens a conversation for a new visitor.
func (w *world) rings(name, reason string) *visit {
	w.t.Helper()
	c, err := w.site.Ask(within(w.t), visitor.Inquiry{ClientID: "hosts-" + name + "-0123456789", Name: name, Reason: reason})
	if err != nil {
		w.t.Fatal(err)
	}
	page, err := c.Stream(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(page.Close)
	go func() { // ends with the page
		for err == nil {
			_, err = page.Next()
		}
	}()
	return &visit{Conversation: c, w: w}
}

// writes sends a message and returns its number.
func (v *visit) writes(text string) int64 {
	v.w.t.Helper()
	v.n++
	s, err := v.Write(within(v.w.t), fmt.Sprintf("hosts-%s-%010d", v.ID, v.n), text)
	if err != nil {
		v.w.t.Fatal(err)
	}
	return s.Seq
}

// sees waits for an event of the log.
func (v *visit) sees(what string, match func(visitor.Event) bool) visitor.Event {
	v.w.t.Helper()
	return v.seesWithin(patience, what, match)
}

func (v *visit) seesWithin(d time.Duration, what string, match func(visitor.Event) bool) (found visitor.Event) {
	v.w.t.Helper()
	var log visitor.Events
	eventually(v.w.t, fmt.Sprintf("%s's page shows %s", v.Visitor, what), d, func() bool {
		var err error
		if log, err = v.Poll(within(v.w.t), 0, 0); err != nil {
			v.w.t.Fatal(err)
		}
		for _, e := range log.Events {
			if match(e) {
				found = e
				return true
			}
		}
		return false
	})
	return found
}

// shows waits for an event of that type, with the action and the name or text.
func (v *visit) shows(kind, action, words string) {
	v.w.t.Helper()
	v.sees(kind+" "+action+" "+words, func(e visitor.Event) bool {
		return e.Type == kind && e.Action == action && (strings.Contains(e.Name, words) || strings.Contains(e.Text, words))
	})
}

// hears waits for an operator's message.
func (v *visit) hears(text string) {
	v.w.t.Helper()
	v.sees(text, func(e visitor.Event) bool { return e.Type == "message" && e.From == "operator" && e.Text == text })
}

// until waits until the conversation's snapshot is ok.
func (v *visit) until(what string, ok func(visitor.Snapshot) bool) {
	v.w.t.Helper()
	v.untilWithin(patience, what, ok)
}

func (v *visit) untilWithin(d time.Duration, what string, ok func(visitor.Snapshot) bool) time.Duration {
	v.w.t.Helper()
	return eventually(v.w.t, what, d, func() bool {
		s, err := v.Snapshot(within(v.w.t))
		return err == nil && ok(s)
	})
}
