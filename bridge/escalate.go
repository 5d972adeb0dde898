package bridge

import (
	"slices"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// widen takes a step for a request that nobody has taken. What the room is told, it reads in the log.
func (u *commit) widen(c Conversation, step string) error {
	switch step {
	case setting.StepRepeat:
		return u.repeatOffers(c)
	case setting.StepOverflow:
		return u.offerAlso(c, u.overflowing(c.Department, c.Kind))
	case setting.StepSuper:
		return u.offerAlso(c, u.b.Team.supers())
	case setting.StepNotices:
		return u.noticeOffers(c)
	}
	return nil
}

// justMade is how old an offer is that needs no repetition yet: it was made by another timer that ended at the same time, such as that
// of the overflow. It is shorter than the shortest step of a schedule.
const justMade = 5 * time.Second

// repeatOffers tells whoever has an open offer of it anew, so that their phones ring once more. What becomes of
// the offer is told of the new message. Who is told of more than can be read one by one is told nothing anew, except that
// what was gathered is told with the next that is gathered.
func (u *commit) repeatOffers(c Conversation) error {
	offers, err := u.tx.Offers(c.Number)
	for _, f := range offers {
		if err != nil || f.State != OfferOpen || u.b.clock.Now().Sub(f.At) < justMade {
			continue
		}
		if u.b.pace.full(f.Operator, u.offers, u.b.opts.Limits, u.b.clock.Now()) {
			if f.Gathered {
				f.DeskSeq = 0
				u.offers, err = u.offers.with(f), u.tx.SaveOffer(f)
			}
			continue
		}
		if f.DeskSeq, err = u.tell(DeskEntry{Operator: f.Operator, Kind: DeskOffer, Conversation: c.Number}); err == nil {
			f.Gathered = false
			u.offers, err = u.offers.with(f), u.tx.SaveOffer(f)
		}
	}
	return err
}

// offerAlso offers the conversation to those of a list who can be asked besides. Offers that were open stay so.
func (u *commit) offerAlso(c Conversation, list []Operator) error {
	list, err := u.besides(c, list)
	for _, o := range list {
		if err == nil {
			err = u.offerTo(c, o.JID, false)
		}
	}
	return err
}

// besides lists those of some operators who can be asked besides: they get offers now, or are asked though they are away, and
// have room, and have neither an offer of the conversation nor declined it. The list is changed.
func (u *commit) besides(c Conversation, list []Operator) ([]Operator, error) {
	had, err := offerStates(u.tx, c.Number)
	if err == nil {
		list, err = u.withRoom(list, c.Department)
	}
	return slices.DeleteFunc(list, func(o Operator) bool {
		state := had[o.JID]
		return !u.b.Team.free(o) && !u.b.Team.AskedAway(o) || state == OfferOpen || state == OfferDeclined
	}), err
}

// beforeEscalation completes EscalateDue: whether its step brings somebody who did not know of the conversation, or did not know by
// another way. The visitor is told of that once in a wait.
func (u *commit) beforeEscalation(c Conversation, a *Action) error {
	if a.Type != EscalateDue {
		return nil
	}
	_, words := u.b.Settings.Schedules().Escalation.Next(c.Escalated)
	for _, word := range words {
		wider, err := u.widens(c, word)
		if err != nil {
			return err
		}
		a.Wider = a.Wider || wider
	}
	if !a.Wider {
		return nil
	}
	told, err := toldOfHelp(u.tx, c)
	a.Wider = !told
	return err
}

// widens reports whether a step brings somebody new.
func (u *commit) widens(c Conversation, step string) (bool, error) {
	var list []Operator
	switch step {
	case setting.StepRoom:
		return u.b.opts.Rooms, nil
	case setting.StepNotices:
		return u.wakes(c)
	case setting.StepOverflow:
		list = u.overflowing(c.Department, c.Kind)
	case setting.StepSuper:
		list = u.b.Team.supers()
	}
	list, err := u.besides(c, list)
	return len(list) > 0, err
}

// wakes reports whether noticeOffers has somebody told.
func (u *commit) wakes(c Conversation) (bool, error) {
	offers, err := u.tx.Offers(c.Number)
	for _, f := range offers {
		o, known := u.b.Team.Operator(f.Operator)
		if err != nil || !known || f.State != OfferOpen || !u.b.Team.free(o) {
			continue
		}
		var list []DueNotice
		if list, err = u.untold(f, o); len(list) > 0 {
			return true, err
		}
	}
	return false, err
}

// toldOfHelp reports whether the visitor was told, since they have waited, that help is called.
func toldOfHelp(r Reader, c Conversation) (bool, error) {
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	return slices.ContainsFunc(list, func(e Event) bool {
		m, _ := e.Data.(Message)
		return e.From == FromSystem && !e.At.Before(c.WaitsSince) && phrase.Decode(m.Phrase).Format == callsForHelp(0).Format
	}), err
}

// offerEscalated offers the conversation to those whom the escalation asks besides by now, and who have no offer: they have come, or have
// room, only since its step, or all offers were forgotten. Who lost it because they could not be reached has heard of it; see welcome.
func (u *commit) offerEscalated(c Conversation) error {
	list := u.escalatedTo(c)
	if len(list) == 0 {
		return nil
	}
	had, err := offerStates(u.tx, c.Number)
	if err != nil {
		return err
	}
	return u.offerAlso(c, slices.DeleteFunc(list, func(o Operator) bool { return had[o.JID] == OfferLost }))
}

// escalatedTo lists the operators whom the escalation asks besides by now, whoever's turn it is.
func (u *commit) escalatedTo(c Conversation) (list []Operator) {
	schedule := u.b.Settings.Schedules().Escalation
	if schedule.Taken(setting.StepOverflow, c.Escalated) {
		list = u.overflowing(c.Department, c.Kind)
	}
	if schedule.Taken(setting.StepSuper, c.Escalated) {
		for _, o := range u.b.Team.supers() {
			if !slices.ContainsFunc(list, func(x Operator) bool { return x.JID == o.JID }) {
				list = append(list, o)
			}
		}
	}
	return list
}

// supers lists the super operators.
func (t *Team) supers() []Operator {
	return slices.DeleteFunc(t.Operators(), func(o Operator) bool { return !o.Super })
}

// noticed reports whether operators are told of a conversation by their other ways though they are available.
func (s Schedules) noticed(c Conversation) bool {
	return s.Escalation.Taken(setting.StepNotices, c.Escalated)
}

// overflowing lists the operators of the department to which what waits in a department goes on; super operators, who
// serve all, only if they are named there.
func (u *commit) overflowing(department string, kind Kind) (list []Operator) {
	all := u.b.Team.Departments()
	i := slices.IndexFunc(all, func(d Department) bool { return d.Name == department })
	if i < 0 || all[i].Overflow == "" {
		return nil
	}
	return slices.DeleteFunc(u.b.Team.Operators(), func(o Operator) bool {
		return o.Super && !o.Departments.Has(all[i].Overflow) || !o.Serves(all[i].Overflow, kind)
	})
}

// noticeOffers has whoever is available and has an open offer told by their other ways, since they have not
// answered in their client. Whoever is away has been told by these ways already, if they want that. The offer counts as made now,
// since notices are news only for so long.
func (u *commit) noticeOffers(c Conversation) error {
	offers, err := u.tx.Offers(c.Number)
	for _, f := range offers {
		if o, known := u.b.Team.Operator(f.Operator); err == nil && known && f.State == OfferOpen && u.b.Team.free(o) {
			err = u.noticeAnew(f, o)
		}
	}
	return err
}

// noticeAnew has an operator told by their other ways of an offer that is made anew, if they were not told of it so.
func (u *commit) noticeAnew(f Offer, o Operator) error {
	list, err := u.untold(f, o)
	if len(list) == 0 || err != nil {
		return err
	}
	f.At = u.b.clock.Now()
	if err := u.tx.SaveOffer(f); err != nil {
		return err
	}
	return u.noticeBy(f, o)
}
