package bridge

import (
	"time"

	"porchlight/bridge/hours"
)

// Targets are within how much business time the visitors of a department are to be answered; zero: there is no such
// target.
type Targets struct {
	First  time.Duration // from the request until an operator's first own words
	Next   time.Duration // from the visitor's later words until an operator's
	Solved time.Duration // from the request until its end
}

// Aims returns the targets as a log keeps them.
func (t Targets) Aims() Aims {
	return Aims{t.First.Milliseconds(), t.Next.Milliseconds(), t.Solved.Milliseconds()}
}

// Target names one of the targets.
type Target string

// The targets.
const (
	FirstAnswer Target = "first"
	NextAnswer  Target = "next"
	Solution    Target = "solved"
)

// EachTarget lists the targets.
func EachTarget() []Target { return []Target{FirstAnswer, NextAnswer, Solution} }

// Stage is how far a target has gone for a conversation.
type Stage int

// The stages.
const (
	Runs      Stage = iota // there is time, or nothing runs
	Endangers              // four fifths of the time have gone by, and operators were warned
	Fails                  // the time is over; its timer is set as long as nobody was there who could be told
)

// Promise is what the visitor of a conversation may expect by the targets.
type Promise struct {
	Targets  Targets       // those of its department when it began to wait there
	First    time.Time     // since when the first answer is owed, also after an end without one; zero: an operator has answered
	Solve    time.Time     // since when the time until it is solved runs; zero: its owner has put it off, or it is Closed
	Used     time.Duration // the business time that had gone by before Solve
	Answer   Stage         // of the first or next answer that is owed
	Solution Stage
}

// course is how a target runs for a conversation.
type course struct {
	target Target
	since  time.Time     // zero: nothing is owed
	within time.Duration // 0: there is no such target
	used   time.Duration // the business time that had gone by before since
	stage  Stage
}

// answerCourse is how the target of the answer runs that is owed: of the first one, or of the next one after that. The time
// goes on while the owner has put the conversation off, since the visitor waits.
func (c Conversation) answerCourse() course {
	k := course{NextAnswer, c.Unanswered, c.Promise.Targets.Next, 0, c.Promise.Answer}
	if !c.Promise.First.IsZero() {
		k.target, k.since, k.within = FirstAnswer, c.Promise.First, c.Promise.Targets.First
	}
	return k
}

// solutionCourse is how the target of the solution runs. Its time stands still while the owner has put the conversation off.
func (c Conversation) solutionCourse() course {
	return course{Solution, c.Promise.Solve, c.Promise.Targets.Solved, c.Promise.Used, c.Promise.Solution}
}

// due is the course of which a timer tells.
func (c Conversation) due(t ActionType) course {
	if t == SolveDue {
		return c.solutionCourse()
	}
	return c.answerCourse()
}

// runs reports whether something is owed for which there is a target.
func (k course) runs() bool { return !k.since.IsZero() && k.within > 0 }

// next is after how much business time it is looked at next.
func (k course) next() time.Duration {
	if k.stage == Runs {
		return k.within - k.within/5
	}
	return k.within
}

// ends is when so much time has gone by in the hours of a department; zero: never.
func (k course) ends(after time.Duration, table hours.Table) time.Time {
	at, _ := table.After(k.since, after-k.used)
	return at
}

// Aimed is what an action brings about targets.
type Aimed struct {
	Promise   Promise       // of OperatorMerges: how the targets run in the other conversation
	Endangers time.Time     // of AnswerDue and SolveDue: when the target is in danger; zero: never
	Fails     time.Time     // of AnswerDue and SolveDue: when the target is missed; zero: never
	Heard     bool          // of AnswerDue and SolveDue: somebody is there who can be told
	Spent     time.Duration // of OperatorDefers: the business time since Promise.Solve of the conversation
}
