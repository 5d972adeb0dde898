package desk

import (
	"context"
	"strings"
	"sync"
	"time"

	"porchlight/bridge"
)

// confirmField is the last field of every command that asks before it does what can't be taken back. See Command.confirms.
var confirmField = Field{Name: "yes", Label: "Yes, delete", Help: "This can't be taken back.", Kind: Flag}

// doubtField is confirmField of a command that can be taken back.
var doubtField = Field{Name: confirmField.Name, Label: "Yes, do it", Help: "What speaks against it is asked first.", Kind: Flag}

// confirms is the last field of a command that asks before it does something.
func (c Command) confirms() Field {
	if c.Doubtful {
		return doubtField
	}
	return confirmField
}

// question is what a command answers that asks before it does something. It goes the way of errors, since nothing is done.
type question struct{ text string }

// Error returns the question.
func (q *question) Error() string { return q.text }

// questionsKept is how many open questions a desk remembers, far more than a team has at once; the oldest is forgotten.
// questionOpen is how long a question stays open.
const (
	questionsKept = 500
	questionOpen  = 5 * time.Minute
)

// questions remembers which operators were asked whether they are sure. Nothing is lost with it: who is forgotten is asked
// again. Its methods may be called by any goroutine.
type questions struct {
	clock func() time.Time
	mu    sync.Mutex
	asked map[asked]answerTo
}

// answerTo is a question that waits for its answer.
type answerTo struct {
	at   time.Time
	text string // what was asked
}

// asked is a command that an operator was asked about.
type asked struct {
	operator bridge.OperatorJID
	visitor  bridge.VisitorJID
	command  string // with its arguments
}

// ask notes what the operator was asked.
func (q *questions) ask(a asked, text string) {
	now := q.clock()
	q.mu.Lock()
	defer q.mu.Unlock()
	oldest := a
	for other, was := range q.asked {
		if now.Sub(was.at) > questionOpen {
			delete(q.asked, other)
		} else if was.at.Before(q.asked[oldest].at) || oldest == a {
			oldest = other
		}
	}
	if len(q.asked) >= questionsKept {
		delete(q.asked, oldest)
	}
	if q.asked == nil {
		q.asked = make(map[asked]answerTo)
	}
	q.asked[a] = answerTo{now, text}
}

// answered reports whether the operator was asked in time, and the same, and closes the question.
func (q *questions) answered(a asked, text string) bool {
	now := q.clock()
	q.mu.Lock()
	defer q.mu.Unlock()
	was, ok := q.asked[a]
	delete(q.asked, a)
	return ok && was.text == text && now.Sub(was.at) <= questionOpen
}

// sure asks before a command does what can't be taken back, or what is doubtful; nil means that it may be done. In a form a ticked box is enough. If
// more would go now than the question named, it is asked again.
func (d *Desk) sure(ctx context.Context, c Command, call Call) error {
	yes := call.arg(confirmField.Name) == on
	if c.Confirm == nil || yes && call.form {
		return nil
	}
	this := asked{call.Operator.JID, call.Visitor, c.Name}
	for _, f := range c.Fields {
		if f.Name != confirmField.Name {
			this.command += "\n" + call.arg(f.Name)
		}
	}
	what, err := c.Confirm(d, ctx, call)
	if err != nil || what == "" || yes && d.questions.answered(this, what) {
		return err
	}
	line := strings.TrimSpace(c.mark(call)+call.line) + " " + confirmField.Name
	switch {
	case call.form && c.Doubtful:
		return &question{what}
	case call.form:
		return &question{what + " " + call.Voice.Say("This can't be taken back.")}
	}
	d.questions.ask(this, what)
	if c.Doubtful {
		return &question{what + "\n" + call.Voice.Say("Send within 5 minutes: %s", line)}
	}
	return &question{what + "\n" + call.Voice.Say("This can't be taken back. Send within 5 minutes: %s", line)}
}
