package sample

import (
	"slices"
	"time"

	"porchlight/bridge"
)

// longest is more than what a conversation takes, from the request to the end.
const longest = 40 * time.Minute

// plot plans the month: when which visitor rings, and what comes of it.
func (p *play) plot() {
	p.work()
	var busy, quiet []time.Time
	for len(busy) < conversations-tickets {
		if at := p.moment(); len(p.onDuty(at, longest)) > 0 {
			busy = append(busy, at)
		}
	}
	for len(quiet) < tickets {
		at := p.moment()
		late := p.end.Sub(at) < 3*24*time.Hour // what came long ago is answered
		if waits := len(quiet) >= tickets-open; p.nobody(at) && (waits && late || !waits && p.reply(at)) {
			quiet = append(quiet, at)
		}
	}
	slices.SortFunc(busy, time.Time.Compare)
	slices.SortFunc(quiet[:tickets-open], time.Time.Compare)
	for i, at := range busy {
		p.chat(i, at)
	}
	for i, at := range quiet {
		p.ticket(at, i >= tickets-open)
	}
}

// moment is a random time of the month, mostly in the morning or the afternoon.
func (p *play) moment() time.Time {
	day := p.clock.at.AddDate(0, 0, p.rand.IntN(days+1))
	hour := 7 + p.rand.IntN(8) + p.rand.IntN(8)
	return time.Date(day.Year(), day.Month(), day.Day(), hour, p.rand.IntN(60), p.rand.IntN(60), 0, day.Location())
}

// nobody reports whether nobody comes to work before a visitor who rings at a time has gone.
func (p *play) nobody(at time.Time) bool {
	if at.Before(p.clock.at) || !at.Add(longest).Before(p.end) {
		return false
	}
	return !slices.ContainsFunc(p.shifts, func(s shift) bool { return at.Add(longest).After(s.from) && at.Before(s.until.Add(longest)) })
}

// reply reports whether somebody comes to work after a time and can answer before the end.
func (p *play) reply(at time.Time) bool {
	from := p.nextDuty(at)
	return !from.IsZero() && from.Add(2*time.Hour+longest).Before(p.end)
}

// chat plans a conversation that begins while somebody is on duty. One in ten ends before anybody has
// answered.
func (p *play) chat(i int, at time.Time) {
	visitor, again := p.caller(at)
	t := &talk{play: p, about: one(p, subjects), visitor: visitor}
	duty := p.onDuty(at, longest)
	o := one(p, duty)
	other := slices.IndexFunc(duty, func(x bridge.OperatorJID) bool { return x != o })
	email := again || p.rand.IntN(2) == 0
	t.ring(at, email)
	switch {
	case i%14 == 5: // the visitor does not wait, and is gone for good before the request becomes a ticket
		t.leaves(at.Add(p.seconds(10, 55)))
	case i%14 == 11: // nobody takes it; the visitor has an answer by mail, or gives up
		t.missed(at, o, email)
	case i%9 == 4 && other >= 0: // the first declines, the second takes it
		t.then(at.Add(p.seconds(5, 20)), func() error {
			_, err := p.bridge.Decline(p.ctx, o, t.opened.Number)
			return err
		})
		t.taken(at.Add(p.seconds(25, 100)), duty[other])
	case i%12 == 7 && other >= 0:
		t.passed(at.Add(p.seconds(4, 60)), o, duty[other])
	default:
		t.taken(at.Add(p.seconds(4, 90)), o)
	}
}

// taken plans a conversation from when an operator takes it.
func (t *talk) taken(at time.Time, o bridge.OperatorJID) {
	t.takes(at, o)
	t.ends(t.chats(at, o), o)
}

// passed plans a conversation that the first operator passes on to a colleague.
func (t *talk) passed(at time.Time, o, to bridge.OperatorJID) {
	t.takes(at, o)
	at = at.Add(t.seconds(10, 60))
	t.answers(at, o, "One moment, I ask somebody who knows more about that.")
	at = at.Add(t.seconds(10, 60))
	t.then(at, func() error {
		colleague, _ := t.bridge.Team.Operator(to)
		_, err := t.bridge.Pass(t.ctx, o, t.opened.Visitor, colleague, bridge.Department{}, "Has asked before, please be quick")
		return err
	})
	t.taken(at.Add(t.seconds(4, 20)), to)
}

// missed plans a request that nobody takes in time: when it is a ticket, somebody answers later.
func (t *talk) missed(at time.Time, o bridge.OperatorJID, email bool) {
	limit := at.Add(3*time.Minute + time.Second)
	t.then(limit, nil)
	t.leaves(limit.Add(t.seconds(20, 60)))
	if email {
		t.solved(limit.Add(t.seconds(300, 1500)), o)
	}
}

// open is how many tickets are not answered yet.
const open = 2

// ticket plans a request that comes while nobody is there.
func (p *play) ticket(at time.Time, waits bool) {
	visitor, _ := p.caller(at)
	t := &talk{play: p, about: one(p, subjects), visitor: visitor}
	t.ring(at, true)
	t.leaves(at.Add(p.seconds(10, 120)))
	if !waits {
		from := p.nextDuty(at)
		duty := p.onDuty(from, longest)
		t.solved(from.Add(p.seconds(300, 5400)), one(p, duty))
	}
}

// solved plans that an operator answers a ticket and closes it.
func (t *talk) solved(at time.Time, o bridge.OperatorJID) {
	t.takes(at, o)
	at = at.Add(t.seconds(30, 600))
	for i, text := range t.about.answers {
		t.answers(at.Add(time.Duration(i)*time.Minute), o, text)
	}
	t.then(at.Add(10*time.Minute), func() error {
		_, err := t.bridge.Close(t.ctx, o, t.opened.Visitor, "")
		return err
	})
}

// caller is who rings at a time: somebody new, or one in four times somebody who was there days ago.
func (p *play) caller(at time.Time) (v *person, again bool) {
	i := slices.IndexFunc(p.known, func(v *person) bool { return at.Sub(v.last) > 4*24*time.Hour })
	if again = i >= 0 && p.rand.IntN(4) == 0; again {
		v = p.known[i]
		p.known = slices.Delete(p.known, i, i+1)
	} else {
		v = p.somebody(p.people)
		p.people++
	}
	v.last = at
	p.known = append(p.known, v)
	return v, again
}
