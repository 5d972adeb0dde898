package bridge

import (
	"fmt"
	"strings"
	"time"
)

// This file says what must be true of targets: one that runs has its timer, which is not late; operators hear once that
// a target is missed; and what the log promises is what counts.

// aimAt changes a department's targets.
func (w *world) aimAt(m move) error {
	all := w.Team.Departments()
	d := all[m.who%len(all)]
	d.Targets = [4]Targets{{}, {First: time.Minute, Next: 2 * time.Minute, Solved: 20 * time.Minute}, {Next: 30 * time.Second}, {First: 5 * time.Minute, Solved: 9 * time.Hour}}[m.n%4]
	return w.Team.Administer(w.ctx, func(tx Tx) error { return tx.SaveDepartment(d) })
}

// missesTarget says what is wrong with the targets of a conversation.
func (w *world) missesTarget(c Conversation) string {
	promised, first, merged := w.promised(c)
	misses := make(map[Target]int)
	for _, e := range w.store.logs[c.Number-1] {
		if m, ok := e.Data.(Missed); ok {
			misses[m.Target]++
		}
	}
	for _, o := range crew {
		for target, words := range map[Target]string{FirstAnswer: "the first answer is late", NextAnswer: "the next answer is late", Solution: "the solution is late"} {
			if n := w.read(o, fmt.Sprintf("#%d Ina: %s", c.Number, words)) + w.read(o, fmt.Sprintf("#%d Ina (2): %s", c.Number, words)); n > misses[target] {
				return fmt.Sprintf("%s has read %d times that %s, which happened %d times", o, n, words, misses[target])
			}
		}
	}
	switch {
	case c.State == Closed:
		return ""
	case c.Promise.Targets.Aims() != promised:
		return fmt.Sprintf("its targets are %+v, and its log says %+v", c.Promise.Targets, promised)
	case !merged && !sameTime(first, c.Promise.First):
		return fmt.Sprintf("its first answer is owed since %v, and it says %v", first, c.Promise.First)
	case c.Promise.Solve.IsZero() == c.Due.Later.IsZero():
		return fmt.Sprintf("it is put off until %v, and is to be solved since %v", c.Due.Later, c.Promise.Solve)
	}
	if wrong := w.watchesOver(c, c.answerCourse(), c.Due.Answer); wrong != "" {
		return wrong
	}
	return w.watchesOver(c, c.solutionCourse(), c.Due.Solve)
}

// watchesOver says what is wrong with the timer of a target and with its stage.
func (w *world) watchesOver(c Conversation, k course, due time.Time) string {
	table := w.Hours.Department(c.Department)
	warns, ends := k.ends(k.within-k.within/5, table), k.ends(k.within, table)
	over := func(at time.Time) bool { return !at.IsZero() && !at.After(w.clock.now) }
	runs := k.runs() && c.Due.Later.IsZero()
	untold := runs && k.stage == Fails && !due.IsZero()
	switch next := k.ends(k.next(), table); {
	case !untold && (runs && k.stage < Fails) == due.IsZero():
		return fmt.Sprintf("the target %q runs (%v) within %v since %v, and its timer is %v", k.target, runs, k.within, k.since, due)
	case !runs:
	case over(next) && due.After(w.clock.now.Add(showWithin)) && c.State == Waiting && w.Team.online(c.Department, c.Kind):
		return fmt.Sprintf("the moment of the target %q has passed at %v, and nobody of those who are there is told until %v", k.target, next, due)
	case k.stage == Fails, !over(ends) && k.stage == Runs && over(warns) && due.Equal(ends): // nobody is there who could be told
	case over(next) && due.After(w.clock.now) && !due.After(w.clock.now.Add(showWithin)): // nobody could be told, so it is looked at again in a moment
	case !next.IsZero() && due.After(next):
		return fmt.Sprintf("the target %q is looked at at %v, and its moment is %v", k.target, due, next)
	case k.stage < Fails && over(ends), k.stage < Endangers && over(warns):
		return fmt.Sprintf("the target %q has only gone as far as %d", k.target, k.stage)
	case k.stage == Endangers && !over(warns):
		return fmt.Sprintf("the target %q has gone as far as %d before its time", k.target, k.stage)
	}
	return ""
}

// promised is what the log says of the targets, and since when the first answer is owed. What was joined with another
// conversation has its times from there.
func (w *world) promised(c Conversation) (aims Aims, first time.Time, merged bool) {
	closed, begun, answered, before := false, false, false, false
	for _, e := range w.store.logs[c.Number-1] {
		turn, _ := e.Data.(Turn)
		said, _ := e.Data.(Message)
		own, _ := e.Data.(Ownership)
		if m, ok := e.Data.(Merged); ok && m.Of > 0 {
			merged = true
		}
		switch {
		case turn.Department != "":
			aims = turn.Aims
			if (closed || !begun) && !answered {
				first = e.At
			}
			closed, begun = false, true
		case turn.State == string(Active) && closed: // an operator goes on
			closed, before, answered, first = false, answered, true, time.Time{}
		case own.Since > 0 && !before: // it was junk, or joined with another one, and nobody has answered
			answered, first = false, e.At
		case turn.State == string(Closed):
			closed = true
		case e.Type.Content() && e.From == FromOperator && !said.Greeting:
			answered, first = true, time.Time{}
		}
	}
	return aims, first, merged
}

// read is how many entries of an operator's desk log have some words.
func (w *world) read(o OperatorJID, words string) (n int) {
	for _, e := range w.store.desks[o] {
		n += strings.Count(e.Phrase.String(), words)
	}
	return n
}
