package bridge

import "time"

// This file has what the rules do about the targets of a conversation's department. A pure function knows no business
// hours, so a timer is set to the earliest moment that is possible, as if all time were business time. When it fires,
// its action brings the moments that count, and it is set anew to one of them.

// targetAgain is how long a moment that was reckoned counts, whatever has become of the hours meanwhile; see retime.
const targetAgain = 24 * time.Hour

// aim brings the targets in line with what an action has made of a conversation that was another one before.
func (s *step) aim(was Conversation) {
	p := &s.Promise
	switch {
	case s.State == Closed:
		p.Solve, p.Used, p.Answer, p.Solution = time.Time{}, 0, Runs, Runs
		return
	case was.State == New || was.State == Closed: // the request begins, or goes on after an end
		p.Solve = s.now
		if was.State == New || !p.First.IsZero() {
			p.First = s.now
		}
	case s.deferred() && !p.Solve.IsZero():
		p.Solve, p.Used = time.Time{}, p.Used+s.a.Spent
	case !s.deferred() && p.Solve.IsZero():
		p.Solve = s.now
	}
	if s.Unanswered.IsZero() {
		p.First = time.Time{}
	}
	if p.Targets == (Targets{}) && was.Promise.Targets == (Targets{}) {
		return
	}
	if was.State != New && s.Conversation.Department != was.Department { // whose hours may be others
		s.Due.Answer, s.Due.Solve = time.Time{}, time.Time{}
	}
	is, before := s.answerCourse(), was.answerCourse()
	if !is.since.Equal(before.since) || is.within != before.within {
		p.Answer, s.Due.Answer = Runs, time.Time{}
	}
	if p.Targets.Solved != was.Promise.Targets.Solved {
		p.Solution, s.Due.Solve = Runs, time.Time{}
	}
	s.watchOver(&s.Due.Answer, s.answerCourse())
	s.watchOver(&s.Due.Solve, s.solutionCourse())
}

// watchOver sets the timer of a target that runs, and ends that of another one. What is put off endangers nothing.
func (s *step) watchOver(due *time.Time, k course) {
	switch {
	case !k.runs() || s.deferred():
		*due = time.Time{}
	case due.IsZero() && k.stage < Fails:
		*due = k.since.Add(max(0, k.next()-k.used))
	}
}

// targets promises what a department has as its targets.
func (s *step) targets(t Targets) { s.Promise.Targets = t }

// answerDue looks at the target of the answer that is owed.
func answerDue(s *step) error {
	s.targetDue(&s.Due.Answer, &s.Promise.Answer, s.answerCourse())
	return nil
}

// solveDue looks at the target of the solution.
func solveDue(s *step) error {
	s.targetDue(&s.Due.Solve, &s.Promise.Solution, s.solutionCourse())
	return nil
}

// targetDue takes the next stage of a target if its moment has come. If both moments have come, because porchlight was
// off, there is only one stage. Where nobody is there who could be told, the stage is kept for whoever comes: the moment
// is earlier than the timer then; see retime.
func (s *step) targetDue(due *time.Time, stage *Stage, k course) {
	over := func(at time.Time) bool { return !at.IsZero() && !at.After(s.now) }
	next := s.a.Fails
	switch {
	case !k.runs() || s.deferred():
		*due = time.Time{}
		return
	case !s.a.Known: // shortly after a start nobody could be told
		*due = s.in(showWithin)
		return
	case k.stage == Fails, over(s.a.Fails):
		if k.stage != Fails {
			s.log(Event{Type: EventTarget, From: FromSystem, Operator: s.Owner, Name: s.a.Taker, Data: Missed{Target: k.target, Within: k.within.Milliseconds()}})
		}
		*stage = Fails
		if s.a.Heard {
			*due = time.Time{}
			s.do(Effect{Type: Warn, Target: k.target})
			return
		}
		next = time.Time{}
	case k.stage == Runs && over(s.a.Endangers) && s.a.Heard:
		*stage = Endangers
		s.do(Effect{Type: Warn, Target: k.target})
	case k.stage == Runs && !over(s.a.Endangers):
		next = s.a.Endangers
	}
	*due = s.now.Add(targetAgain)
	if !next.IsZero() && next.Before(*due) {
		*due = next
	}
}

// takesIn has the targets run from when they ran in a conversation that is joined with this one, if that is earlier.
// The log keeps the times if there are targets.
func (s *step) takesIn(other Promise, m *Merged) {
	p := &s.Promise
	if p.Targets != (Targets{}) && !other.First.IsZero() {
		m.First = other.First.UnixMilli()
	}
	if p.Targets != (Targets{}) && !other.Solve.IsZero() {
		m.Solve = other.Solve.UnixMilli()
	}
	if !p.First.IsZero() && !other.First.IsZero() && other.First.Before(p.First) {
		m.FirstWas = p.First.UnixMilli()
		p.First = other.First
	}
	if !p.Solve.IsZero() && !other.Solve.IsZero() && other.Solve.Before(p.Solve) {
		m.SolveWas, m.SolveUsed = p.Solve.UnixMilli(), p.Used.Milliseconds()
		p.Solve, p.Used = other.Solve, max(p.Used, other.Used)
		s.Due.Solve = time.Time{}
	}
}

// givesBack has the targets run again as they did before takesIn; zero is what has stayed.
func (s *step) givesBack(was Promise, m *Merged) {
	p := &s.Promise
	if !was.First.IsZero() {
		p.First, m.First = was.First, was.First.UnixMilli()
	}
	if !was.Solve.IsZero() {
		p.Solve, p.Used, m.Solve = was.Solve, was.Used, was.Solve.UnixMilli()
		s.Due.Solve = time.Time{}
	}
}
