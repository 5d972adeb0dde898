package sample

import (
	"slices"
	"time"

	"porchlight/bridge"
)

// shift is when an operator is on duty, with a break in it.
type shift struct {
	operator          bridge.OperatorJID
	from, until       time.Time
	lunch, afterLunch time.Time // both zero: no break
}

// has reports whether the operator gets requests at a time.
func (s shift) has(at time.Time) bool {
	if at.Before(s.from) || !at.Before(s.until) {
		return false
	}
	return s.lunch.IsZero() || at.Before(s.lunch) || !at.Before(s.afterLunch)
}

// onDuty lists who gets requests at a time and stays for as long.
func (p *play) onDuty(at time.Time, stays time.Duration) (list []bridge.OperatorJID) {
	for _, s := range p.shifts {
		if s.has(at) && at.Add(stays).Before(s.until) {
			list = append(list, s.operator)
		}
	}
	return list
}

// nextDuty is the first moment from a time on at which somebody comes to work; zero if nobody does
// before the end.
func (p *play) nextDuty(at time.Time) (earliest time.Time) {
	for _, s := range p.shifts {
		if s.from.After(at) && (earliest.IsZero() || s.from.Before(earliest)) {
			earliest = s.from
		}
	}
	return earliest
}

// work plans the shifts, and that the operators come and go.
func (p *play) work() {
	var team []bridge.OperatorJID
	for _, o := range p.bridge.Team.Operators() {
		team = append(team, o.JID)
	}
	slices.Reverse(team) // by JID; any order is as good, and the sample's is always the same
	for day := range days + 1 {
		for i, o := range team {
			p.workOn(p.clock.at.AddDate(0, 0, day), day, i, o)
		}
	}
	for _, s := range p.shifts {
		shows := func(at time.Time, show bridge.Show) {
			p.then(at, func() error { return p.bridge.Reach.Presence(p.ctx, s.operator, "desk", show) })
		}
		shows(s.from, bridge.ShowAvailable)
		if !s.lunch.IsZero() {
			shows(s.lunch, bridge.ShowAway)
			shows(s.afterLunch, bridge.ShowAvailable)
		}
		shows(s.until, bridge.ShowOffline)
	}
}

// workOn plans one operator's day. On Saturdays the operators take turns.
func (p *play) workOn(date time.Time, day, turn int, o bridge.OperatorJID) {
	at := func(hour, minute int) time.Time {
		return time.Date(date.Year(), date.Month(), date.Day(), hour, minute, 0, 0, date.Location()).Add(p.seconds(0, 600))
	}
	s := shift{operator: o}
	switch date.Weekday() {
	case time.Sunday:
		return
	case time.Saturday:
		if day/7%2 != turn%2 {
			return
		}
		s.from, s.until = at(9, 55), at(14, 0)
	default:
		s.from, s.until = at(8, 55), at(17+turn%2, 20)
		s.lunch = at(12+turn%2, 30)
		s.afterLunch = s.lunch.Add(40 * time.Minute)
	}
	if s.until.After(p.end) { // whoever is on duty now has just gone
		s.until = p.end.Add(-time.Minute)
	}
	if !s.afterLunch.Before(s.until) {
		s.lunch, s.afterLunch = time.Time{}, time.Time{}
	}
	if s.from.Before(s.until) {
		p.shifts = append(p.shifts, s)
	}
}
