package report

import "porchlight/bridge"

// This file has what is reckoned about the targets of departments. A log says which targets its conversation had, so
// what is counted stays right when a department wants something else later. Kept and late are what was answered or
// ended in time and too late; what ended without an answer is late if its time was over, and else counts for neither.

// goal is what is known of a conversation's targets. It is nil for one that never had any.
type goal struct {
	Aims  bridge.Aims `json:"aims,omitzero"`
	First moment      `json:"first,omitempty"` // since when the first answer is owed
	Next  moment      `json:"next,omitempty"`  // since when the visitor's words have no answer
	Solve moment      `json:"solve,omitempty"` // since when the time until it is solved runs; 0: its owner has put it off
	Used  int64       `json:"used,omitempty"`  // the business time before Solve, in milliseconds
}

// The measures of targets, each counted once for an answer or an end.
const (
	FirstKept  Measure = "first-kept"
	FirstLate  Measure = "first-late"
	NextKept   Measure = "next-kept"
	NextLate   Measure = "next-late"
	SolvedKept Measure = "solved-kept"
	SolvedLate Measure = "solved-late"
)

// Kept is how many of so many times a target was kept.
func (f Figures) Kept(t bridge.Target) (kept, of int64) {
	yes, no := NextKept, NextLate
	switch t {
	case bridge.FirstAnswer:
		yes, no = FirstKept, FirstLate
	case bridge.Solution:
		yes, no = SolvedKept, SolvedLate
	}
	kept = f.Count(yes)
	return kept, kept + f.Count(no)
}

// aims reads what an event says of targets, before anything else is read of it.
func (p *page) aims() {
	t, _ := p.e.Data.(bridge.Turn)
	if t.Department != "" || t.Aims != (bridge.Aims{}) {
		p.promised(t)
	}
	if p.Goal == nil {
		return
	}
	switch d := p.e.Data.(type) {
	case bridge.Turn:
		p.aimsTurn(d)
		return
	case bridge.Deferred:
		if d.Action == bridge.PutOff && p.Goal.Solve > 0 {
			p.Goal.Used, p.Goal.Solve = p.Goal.Used+p.business(p.Goal.Solve), 0
		} else if d.Action == bridge.Back {
			p.goesOn()
		}
	case bridge.Ownership:
		if d.Action == bridge.Follows || d.Action == bridge.TookOver || d.Action == bridge.Assigned {
			p.goesOn()
		}
		if d.Since > 0 {
			p.Goal.asksStill(d, p.at, p.Answered)
		}
	case bridge.Merged:
		p.Goal.takesIn(d)
	}
	if p.e.Type.Content() {
		p.answered()
	}
}

// promised reads which targets the conversation has from now on.
func (p *page) promised(t bridge.Turn) {
	g, begins := p.Goal, p.Opened == 0 || p.Closed
	switch {
	case g == nil && t.Aims == (bridge.Aims{}):
		return
	case g == nil:
		g = &goal{Next: p.Asked, Solve: p.Opened}
		if !p.Answered {
			g.First = p.Opened
		}
		p.Goal = g
	}
	if begins {
		g.First, g.Next, g.Solve, g.Used = 0, 0, p.at, 0
		if !p.Answered && t.State != string(bridge.Active) {
			g.First = p.at
		}
	}
	g.Aims = t.Aims
}

// aimsTurn reads a new state.
func (p *page) aimsTurn(t bridge.Turn) {
	switch {
	case t.State == string(bridge.Closed):
		p.aimsEnd(t.Reason)
	case t.State == string(bridge.Active) && p.Closed: // an operator goes on after the end
		p.Goal.First, p.Goal.Next, p.Goal.Solve, p.Goal.Used = 0, 0, p.at, 0
	default:
		p.goesOn()
	}
}

// goesOn reads that what was put off is so no more.
func (p *page) goesOn() {
	if p.Goal.Solve == 0 {
		p.Goal.Solve = p.at
	}
}

// asksStill reads that a conversation goes on whose visitor had no answer when it ended.
func (g *goal) asksStill(d bridge.Ownership, at moment, answered bool) {
	g.Next = moment(d.Since)
	if !answered {
		g.First = at
	}
}

// takesIn has the times begin with those of a conversation that is joined with this one, if these are earlier.
func (g *goal) takesIn(m bridge.Merged) {
	if m.Parted > 0 {
		g.givesBack(m)
		return
	}
	earlier := func(is *moment, other int64) {
		if *is > 0 && other > 0 {
			*is = min(*is, moment(other))
		}
	}
	if g.Next == 0 {
		g.Next = moment(m.Since)
	}
	earlier(&g.Next, m.Since)
	earlier(&g.First, m.First)
	earlier(&g.Solve, m.Solve)
}

// givesBack has the times be what they are without a conversation that was joined with this one.
func (g *goal) givesBack(m bridge.Merged) {
	g.Next = moment(m.Since)
	if g.First > 0 && m.First > 0 {
		g.First = moment(m.First)
	}
	if g.Solve > 0 && m.Solve > 0 {
		g.Solve = moment(m.Solve)
	}
}

// answered reads a message or a file.
func (p *page) answered() {
	g := p.Goal
	said, _ := p.e.Data.(bridge.Message)
	switch {
	case p.e.From == bridge.FromVisitor && g.Next == 0:
		g.Next = p.at
	case p.e.From == bridge.FromOperator && !said.Greeting:
		if since, within, kept, late := g.owed(); since > 0 && within > 0 {
			p.fact(either(p.business(since) <= within, kept, late), p.e.Operator, ForAll)
		}
		g.First, g.Next = 0, 0
	}
}

// owed is since when an answer is owed and within how much business time, in milliseconds.
func (g *goal) owed() (since moment, within int64, kept, late Measure) {
	if g.First > 0 {
		return g.First, g.Aims.First, FirstKept, FirstLate
	}
	return g.Next, g.Aims.Next, NextKept, NextLate
}

// aimsEnd reads that the conversation ends.
func (p *page) aimsEnd(reason string) {
	g := p.Goal
	if reason != bridge.ReasonBlocked && reason != bridge.ReasonMerged && reason != bridge.ReasonJunk {
		if since, within, _, late := g.owed(); since > 0 && within > 0 && p.business(since) > within {
			p.fact(late, p.Owner, ForAll)
		}
		took := g.Used
		if g.Solve > 0 {
			took += p.business(g.Solve)
		}
		ended := p.Heard || reason == bridge.ReasonOperator || reason == bridge.ReasonSolved
		if g.Aims.Solved > 0 && (ended || took > g.Aims.Solved) {
			p.fact(either(took <= g.Aims.Solved, SolvedKept, SolvedLate), p.Owner, ForAll)
		}
	}
	g.Next, g.Solve, g.Used = 0, 0, 0
}

func either(yes bool, a, b Measure) Measure {
	if yes {
		return a
	}
	return b
}
