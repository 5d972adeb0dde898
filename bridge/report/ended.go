package report

import "porchlight/bridge"

// This file has what is reckoned from the end of a conversation, and from a vote.

// ended reads that the conversation ends. The owner stays known: a conversation that goes on counts as
// reopened for who had it.
func (p *page) ended(reason string) {
	if p.Owner != "" && p.Since > 0 {
		p.supported()
	}
	left := reason == bridge.ReasonVisitor || reason == bridge.ReasonVisitorLeft
	goesOn := reason == bridge.ReasonMerged || reason == bridge.ReasonJunk // so that nobody waits in vain
	if !p.Heard && !p.Mail && reason != bridge.ReasonBlocked && !goesOn {
		p.fact(Missed, p.Owner, ForAll)
	}
	if !p.Answered && left {
		p.fact(Abandoned, p.Owner, ForAll)
	}
	switch {
	case reason == bridge.ReasonOperator || reason == bridge.ReasonSolved || reason == bridge.ReasonVisitor && p.Heard:
		p.solved()
	case reason == bridge.ReasonIdle:
		p.fact(TimedOut, p.Owner, ForAll)
	}
	p.Junk = reason == bridge.ReasonJunk
	p.Closed, p.Waits, p.Taking = true, 0, false
	if p.Answered {
		p.Asked = 0
	}
}

// solved counts a solution. The time to the last solution takes the place of the one before.
func (p *page) solved() {
	p.fact(Solved, p.Owner, ForAll)
	if p.Last == nil {
		p.took(SolveFirst, p.Owner, p.Opened)
	} else {
		l := p.Last
		p.found.times(Fact{Day: p.day(l.At), Operator: l.Operator, Department: l.Department, Kind: l.Kind, Measure: SolveLast}, l.Took, l.Hours, -1)
	}
	p.took(SolveLast, p.Owner, p.Opened)
	p.Last = &end{p.at, p.Owner, p.Department, p.Kind, int64(p.at - p.Opened), p.business(p.Opened)}
}

// supported counts the time for which the owner had the conversation: each day gets its part.
func (p *page) supported() {
	from, until := p.Since.time(), p.at.time()
	for day := p.day(p.Since); ; day = day.Next() {
		border := day.Next().Start(p.Zone)
		part := min(border.UnixMilli(), int64(p.at)) - from.UnixMilli()
		f := Fact{Day: day, Operator: p.Owner, Department: p.Department, Kind: p.Kind, Measure: Support, Total: part}
		if part > 0 {
			p.found.Spans = append(p.found.Spans, Span{p.Owner, p.Kind, p.Department, day, p.e.Conversation, p.e.Seq, from, from.Add(msec(part))})
		}
		if !border.Before(until) {
			f.N = 1
			p.found.Facts = append(p.found.Facts, f)
			break
		}
		p.found.Facts = append(p.found.Facts, f)
		from = border
	}
	p.Since = 0
}

// voted reads a vote, a changed vote, or that an operator has deleted it. What it is about and its day
// stay those of the first vote.
func (p *page) voted(v bridge.Vote) {
	if p.Vote == nil {
		p.Vote = &vote{Day: p.day(p.at), Operator: p.e.Operator, Department: p.Department, Kind: p.Kind}
	}
	was := p.Vote
	f := Fact{Day: was.Day, Operator: was.Operator, Department: was.Department, Kind: was.Kind, Measure: Votes}
	for _, change := range []struct{ n, score int64 }{{-1, was.Score}, {1, v.Score}} {
		if change.score > 0 && !(v.Deleted && change.n > 0) {
			f.N, f.Bucket, f.Total = change.n, change.score, change.n*change.score
			p.found.Facts = append(p.found.Facts, f)
		}
	}
	was.Score = v.Score
	if v.Deleted {
		was.Score = 0
	}
}
