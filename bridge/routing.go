package bridge

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/route"
)

// This file says who is asked next for what waits, as the routing of its department says, and who has room.

// Load is what an operator has to do now, and when they were last asked alone.
type Load struct {
	Chats  int       // active chats of their own; tickets, which last for days, don't count
	Offers int       // how many requests are on offer to them alone
	Asked  time.Time // when something was last offered to them alone by a department's routing; zero: never
}

// house is a department as it is now; zero if there is none of that name.
func (t *Team) house(name string) Department {
	_, all := t.list()
	for _, d := range all {
		if d.Name == name {
			return d
		}
	}
	return Department{}
}

// home is how a department asks its operators.
func (t *Team) home(name string) Home {
	d := t.house(name)
	h := Home{Offer: d.Offer, After: cmp.Or(d.After, OverflowAfter), Targets: d.Targets}
	if d.Overflow != "" && d.Overflow != name {
		h.Overflow = t.house(d.Overflow)
	}
	return h
}

// asksAlone reports whether a department asks its operators one after the other. Offers that don't end can only be made to
// all.
func (b *Bridge) asksAlone(d Department) bool {
	return route.Strategy(d.Routing).Alone() && cmp.Or(d.Offer, b.rules.Timing.Offer) > 0
}

// limit is how many chats an operator has at most at once in a department; 0: any number.
func (t *Team) limit(o Operator, department string) int {
	return cmp.Or(o.Limit, t.house(department).Limit)
}

// limited reports whether an operator has a limit in some department.
func (t *Team) limited(o Operator) bool {
	_, all := t.list()
	return o.Limit > 0 || slices.ContainsFunc(all, func(d Department) bool { return d.Limit > 0 })
}

// limitedTo reports whether an operator has a limit of so many chats in some department.
func (t *Team) limitedTo(o Operator, limit int) bool {
	if o.Limit > 0 {
		return o.Limit == limit
	}
	_, all := t.list()
	return slices.ContainsFunc(all, func(d Department) bool { return d.Limit == limit })
}

// load returns what the operators have to do now.
func (u *commit) load() (map[OperatorJID]Load, error) {
	if u.loads == nil {
		var err error
		if u.loads, err = u.tx.Loads(); err != nil {
			return nil, err
		}
	}
	return u.loads, nil
}

// full reports whether an operator has as many chats as they may have in a department. They are offered none then, and can
// take one all the same.
func (u *commit) full(o Operator, department string) (bool, error) {
	limit := u.b.Team.limit(o, department)
	if limit == 0 {
		return false, nil
	}
	loads, err := u.load()
	return route.Full(loads[o.JID].Chats, limit), err
}

// withRoom lists those of some operators who are not full. The list is changed.
func (u *commit) withRoom(list []Operator, department string) (some []Operator, err error) {
	some = list[:0]
	for _, o := range list {
		full, err := u.full(o, department)
		if err != nil {
			return nil, err
		}
		if !full {
			some = append(some, o)
		}
	}
	return some, nil
}

// canTake reports whether an operator gets offers and has room for a conversation.
func (u *commit) canTake(jid OperatorJID, c Conversation) (bool, error) {
	o, known := u.b.Team.get(jid)
	if !known || !u.b.Team.free(o) {
		return false, nil
	}
	full, err := u.full(o, c.Department)
	return !full, err
}

// askNext offers a conversation to the next operator alone, if its department asks so, somebody was not asked yet, and nobody who
// can take it has an offer. It reports whether somebody is asked alone then.
func (u *commit) askNext(c *Conversation, had map[OperatorJID]OfferState) (bool, error) {
	d := u.b.Team.house(c.Department)
	if !u.b.asksAlone(d) || !c.Due.Offer.IsZero() {
		return !c.Due.Offer.IsZero(), nil
	}
	people, err := u.people(*c, had)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(people, func(p route.Person) bool { return had[OperatorJID(p.ID)] == OfferOpen && !route.Full(p.Chats, p.Limit) }) {
		return false, nil
	}
	next, ok := route.Next(route.Strategy(d.Routing), people)
	if !ok {
		return false, nil
	}
	o, _ := u.b.Team.get(OperatorJID(next.ID))
	*c, _, err = u.apply(*c, Action{Type: OfferNext, Guest: Guest{Operator: o.JID, Name: o.Name, Free: true, There: true, Slow: o.Satellite}})
	if err != nil {
		return false, err
	}
	asked := u.b.clock.Now()
	for _, p := range people { // times may be the same, and turns are not
		asked = later(asked, p.Asked.Add(time.Millisecond))
	}
	had[o.JID], u.loads = OfferOpen, nil
	for i := range u.changes { // the sides see that one alone is asked
		if now := &u.changes[i].Conversation; now.Number == c.Number && now.Seq == c.Seq {
			now.Due = c.Due
		}
	}
	return true, u.tx.SaveAsked(o.JID, asked)
}

// people are those who get offers now and serve a conversation, with what is known of them.
func (u *commit) people(c Conversation, had map[OperatorJID]OfferState) ([]route.Person, error) {
	list := u.b.Team.available(c.Department, c.Kind)
	if len(list) == 0 {
		return nil, nil
	}
	loads, err := u.load()
	if err != nil {
		return nil, err
	}
	q, err := u.tx.Request(c.Number)
	if err != nil {
		return nil, err
	}
	last, err := lastOperator(u.tx, c)
	people := make([]route.Person, len(list))
	for i, o := range list {
		l, state := loads[o.JID], had[o.JID]
		show, _ := u.b.Reach.shown(o.JID)
		people[i] = route.Person{ID: string(o.JID), Tried: state != "" && state != OfferRevoked, Chat: show == ShowChat, Chats: l.Chats,
			Limit: u.b.Team.limit(o, c.Department), Offers: l.Offers, Asked: l.Asked, Knows: o.JID == last, Speaks: sameLanguage(o.Tongue(), q.Language)}
	}
	return people, err
}

// knownBack is how many of a visitor's conversations are searched for an operator who knows the visitor.
const knownBack = 5

// lastOperator is the operator who joined the visitor last: in this conversation, or else in an earlier one. It is empty if
// there was none.
func lastOperator(r Reader, c Conversation) (last OperatorJID, err error) {
	parts, err := r.Participants(c.Number)
	joined := int64(0)
	for _, p := range parts {
		if p.Joined > joined && !p.Watches {
			last, joined = p.Operator, p.Joined
		}
	}
	if last != "" || err != nil {
		return last, err
	}
	list, err := r.VisitorConversations(c.Visitor, knownBack)
	for _, x := range list {
		if x.Number != c.Number && x.Owner != "" {
			return x.Owner, err
		}
	}
	return "", err
}

// sameLanguage reports whether two tags (BCP 47) name the same language, in whatever region; an empty one is not known.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return a != "" && strings.EqualFold(a, b)
}

// answers is the operator whom an active chat keeps busy, "" if there is none.
func (c Conversation) answers() OperatorJID {
	if c.State != Active || c.Kind != Chat {
		return ""
	}
	return c.Owner
}

// roomChanged offers anew what waits when an operator has become full by a chat, or has room again after one: who has room is
// asked, and what was on offer to somebody who is full now is offered to others.
func (u *commit) roomChanged(was, is Conversation) error {
	lost, got := was.answers(), is.answers()
	if lost == got {
		return nil
	}
	u.loads = nil
	for i, jid := range []OperatorJID{lost, got} {
		o, known := u.b.Team.get(jid)
		if !known || !u.b.Team.limited(o) {
			continue
		}
		loads, err := u.load()
		if err != nil {
			return err
		}
		limit := loads[jid].Chats // they are full by the last one of so many chats, or were so before
		if i == 0 {
			limit++
		}
		if err := u.offerAnew(o, limit); err != nil {
			return err
		}
	}
	return nil
}

// offerAnew settles what waits in departments in which an operator has at most limit chats, if they serve it or it is on
// offer to them. If much waits, the rest is settled in further updates; see askByTime.
func (u *commit) offerAnew(o Operator, limit int) error {
	if !u.b.Team.limitedTo(o, limit) {
		return nil
	}
	waiting, err := u.tx.OpenConversations(Waiting, 0, askedAtOnce)
	if err != nil {
		return err
	}
	u.more = u.more || len(waiting) == askedAtOnce
	for _, c := range waiting {
		if u.b.Team.limit(o, c.Department) != limit {
			continue
		}
		asked := o.Serves(c.Department, c.Kind)
		if !asked {
			if asked, err = offered(u.tx, c.Number, o.JID); err != nil {
				return err
			}
		}
		if !asked {
			continue
		}
		if c, err = u.tx.Conversation(c.Number); err == nil { // what was offered before may have changed it
			err = settling{bridge: u.b}.waiting(u, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// beforeWaiting completes an action after which a conversation may wait by the place that is free in the queue of its department: the
// last one for what begins to wait, or that by the time that it has waited.
func (b *Bridge) beforeWaiting(r Reader, c Conversation, a *Action) error {
	department, since := cmp.Or(a.Department.Name, c.Department), c.WaitsSince
	if since.IsZero() {
		since = b.clock.Now()
	}
	ahead, err := r.WaitingChats(department, since, c.Number)
	a.Place = b.Expected.place(department, ahead+1)
	return err
}

// beforeOverflow completes OverflowDue: whether somebody is there in the other department, and which place is free in its
// queue. A department in which the conversation has waited before in this wait is none to go on to.
func (b *Bridge) beforeOverflow(r Reader, c Conversation, a *Action) error {
	to := a.Home.Overflow.Name
	if to == "" {
		return nil
	}
	been, err := waitedIn(r, c, to)
	if err != nil {
		return err
	}
	if been {
		a.Home.Overflow = Department{}
		return nil
	}
	a.Manned = b.Team.online(to, c.Kind)
	ahead, err := r.WaitingChats(to, c.WaitsSince, c.Number)
	a.Place = b.Expected.place(to, ahead+1)
	return err
}

// startOverflow starts the time after which a chat goes on to another department, if its department has such a one only since the
// chat has waited. What it has waited already counts.
func (u *commit) startOverflow(c *Conversation) error {
	home := u.b.Team.home(c.Department)
	if c.Kind != Chat || !c.Due.Overflow.IsZero() || home.Overflow.Name == "" {
		return nil
	}
	been, err := waitedIn(u.tx, *c, home.Overflow.Name)
	if err != nil || been {
		return err
	}
	c.Due.Overflow = later(u.b.clock.Now(), c.WaitsSince.Add(home.After))
	return u.save(*c, c.Seq)
}

// waitedIn reports whether a conversation has been in a department since it began to wait.
func waitedIn(r Reader, c Conversation, department string) (bool, error) {
	const some = 100
	for after := max(0, c.Seq-some); ; after = max(0, after-some) {
		list, err := r.Events(c.Number, after, some)
		if err != nil {
			return false, err
		}
		for _, e := range slices.Backward(list) {
			turn, _ := e.Data.(Turn)
			switch {
			case e.At.Before(c.WaitsSince):
				return false, nil
			case turn.Department == department:
				return true, nil
			}
		}
		if after == 0 {
			return false, nil
		}
	}
}
