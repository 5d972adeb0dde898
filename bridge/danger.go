package bridge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// This file says which targets are in danger, and tells those who can do something about it.

// Danger is a target of a conversation that is in danger or missed; zero: none is.
type Danger struct {
	Target Target
	Within time.Duration // the target
	Until  time.Time     // when its time is over
	Left   time.Duration // until then; how much business time has gone by since then, below 0, if it is over
}

// Late reports whether the time is over.
func (d Danger) Late() bool { return d.Target != "" && d.Left <= 0 }

// Danger returns the target of a conversation that is most in danger now: one that is missed before one that is not,
// and the answer before the solution.
func (h *Hours) Danger(c Conversation) Danger {
	answer, solution := h.danger(c, c.answerCourse()), h.danger(c, c.solutionCourse())
	if answer.Target == "" || solution.Late() && !answer.Late() {
		return solution
	}
	return answer
}

// danger is how a target stands now, zero if it is not in danger. A timer may be late, so it is not asked.
func (h *Hours) danger(c Conversation, k course) Danger {
	if c.State == Closed || c.deferred() || k.since.IsZero() || k.within == 0 {
		return Danger{}
	}
	table, now := h.Department(c.Department), h.bridge.clock.Now()
	warns := k.ends(k.within-k.within/5, table)
	if warns.IsZero() || now.Before(warns) {
		return Danger{}
	}
	d := Danger{Target: k.target, Within: k.within, Until: k.ends(k.within, table)}
	if d.Until.IsZero() {
		return Danger{}
	}
	d.Left = d.Until.Sub(now)
	if d.Left <= 0 {
		d.Left = -table.Between(d.Until, now)
	}
	return d
}

// moments completes an action by what only business hours say: the moments of the target of which a timer tells, and
// how much business time has gone by when a conversation is put off.
func (h *Hours) moments(c Conversation, a *Action) {
	switch a.Type {
	case AnswerDue, SolveDue:
		k, table := c.due(a.Type), h.Department(c.Department)
		a.Endangers, a.Fails = k.ends(k.within-k.within/5, table), k.ends(k.within, table)
	case OperatorDefers:
		if since := c.Promise.Solve; !since.IsZero() {
			a.Spent = h.Department(c.Department).Between(since, h.bridge.clock.Now())
		}
	}
}

// beforeTarget completes AnswerDue and SolveDue: whether somebody is there who can be told.
func (u *commit) beforeTarget(c Conversation, a *Action) error {
	if a.Type != AnswerDue && a.Type != SolveDue {
		return nil
	}
	list, err := u.concerned(c)
	a.Heard = len(list) > 0
	return err
}

// warn has those warned who can do something about a target.
func (u *commit) warn(c Conversation, t Target) error {
	list, err := u.concerned(c)
	for _, o := range list {
		if err == nil {
			err = u.warnOne(o, c.Number, t)
		}
	}
	return err
}

// concerned lists whom a target concerns and who can be told of it: the owner if they are there, or whoever has an open offer
// and is available, or else whoever of the department is. What lies with an owner who is gone is told to the super operators
// when they come, if nobody of the department is there.
func (u *commit) concerned(c Conversation) (list []OperatorJID, err error) {
	if c.State == Active && u.b.Team.there(c.Owner) {
		return []OperatorJID{c.Owner}, nil
	}
	if c.State != Active {
		offers, err := u.tx.Offers(c.Number)
		if err != nil {
			return nil, err
		}
		for _, f := range offers {
			if f.State == OfferOpen && u.b.Team.offerable(f.Operator) {
				list = append(list, f.Operator)
			}
		}
		if len(list) > 0 {
			return list, nil
		}
	}
	others := u.b.Team.available(c.Department, c.Kind)
	if len(others) == 0 && c.State == Active {
		others = u.b.Team.supers()
	}
	for _, o := range others {
		list = append(list, o.JID)
	}
	return list, nil
}

// targetsTold is how many targets one reminder has at most. The queue shows all.
const targetsTold = 100

// warnOne has an operator warned of a target with their next reminder, at once or a minute after the last one.
func (u *commit) warnOne(o OperatorJID, number int64, t Target) error {
	m, err := u.tx.Reminder(o)
	list, item := strings.Fields(m.Targets), fmt.Sprint(number, ":", t)
	if err != nil || len(list) == targetsTold || slices.Contains(list, item) {
		return err
	}
	m.Targets = strings.Join(append(list, item), " ")
	if m.Due.IsZero() {
		m.Due = later(u.b.clock.Now(), m.Told.Add(remindEvery))
	}
	return u.tx.SaveReminder(m)
}

// endangered says of which targets an operator is warned, a line for each. What was answered since is left out, and what
// somebody else has who is there.
func (u *commit) endangered(jid OperatorJID, targets string) (lines []phrase.Phrase, err error) {
	o, enabled := u.b.Team.Operator(jid)
	if !enabled {
		return nil, nil
	}
	for _, item := range strings.Fields(targets) {
		var number int64
		var target Target
		if _, err := fmt.Sscanf(strings.Replace(item, ":", " ", 1), "%d %s", &number, &target); err != nil {
			continue
		}
		c, err := u.tx.Conversation(number)
		if phrase.CodeOf(err) == phrase.CodeNotFound { // erased since
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, k := range []course{c.answerCourse(), c.solutionCourse()} {
			d := u.b.Hours.danger(c, k)
			others := c.State == Active && c.Owner != jid
			if k.target != target || d.Target == "" || others && u.b.Team.there(c.Owner) {
				continue
			}
			q, err := u.tx.Request(number)
			if err != nil {
				return nil, err
			}
			line := warning(number, q.Called(), d)
			switch {
			case others && o.May(MayTakeOver):
				line = phrase.Say("%s %s has it and is offline. take %d ! takes it over.", line, u.b.Team.name(c.Owner), number)
			case others:
				line = phrase.Say("%s %s has it and is offline.", line, u.b.Team.name(c.Owner))
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

// warning says in a line that a target is in danger or missed.
func warning(number int64, who string, d Danger) phrase.Phrase {
	target, left := Exactly(d.Within), Span(max(d.Left, 0).Round(time.Second))
	switch {
	case d.Target == FirstAnswer && d.Late():
		return phrase.Say("#%d %s: the first answer is late (target %s).", number, who, target)
	case d.Target == NextAnswer && d.Late():
		return phrase.Say("#%d %s: the next answer is late (target %s).", number, who, target)
	case d.Late():
		return phrase.Say("#%d %s: the solution is late (target %s).", number, who, target)
	case d.Target == FirstAnswer:
		return phrase.Say("#%d %s: first answer within %s (target %s).", number, who, left, target)
	case d.Target == NextAnswer:
		return phrase.Say("#%d %s: next answer within %s (target %s).", number, who, left, target)
	}
	return phrase.Say("#%d %s: solved within %s (target %s).", number, who, left, target)
}
