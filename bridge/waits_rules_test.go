package bridge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// This file says what must be true of every conversation at every moment: of what is stored, of what
// the desk tells operators, and of what the log tells visitors. It knows nothing of how that comes
// about.

// slack is how much longer timers may run after porchlight was off for long; only pulse knows how long
// exactly.
const slack = pulseEvery

// seen is what a look at the world remembers for the next one.
type seen struct {
	free  map[OperatorJID]bool // operators who got offers
	there map[OperatorJID]bool // operators who had a client online
	desk  map[OperatorJID]int  // how many entries each desk log had
	left  map[OperatorJID]time.Time
	logs  []int                          // how many events each conversation had
	lost  map[OperatorJID]map[int64]bool // conversations that were taken from an operator who was offline and was not told yet
}

func newSeen() *seen {
	return &seen{free: make(map[OperatorJID]bool), there: make(map[OperatorJID]bool), desk: make(map[OperatorJID]int),
		left: make(map[OperatorJID]time.Time), lost: make(map[OperatorJID]map[int64]bool)}
}

// look checks the world after a move, and returns what is wrong with it, "" if nothing is.
func (s *seen) look(w *world) string {
	if w.wrong != "" {
		return w.wrong
	}
	for _, c := range w.store.chats {
		wrong := ""
		if c.State != Closed && !slices.ContainsFunc(w.store.houses, func(d Department) bool { return d.Name == c.Department }) {
			return fmt.Sprintf("#%d: its department is gone", c.Number)
		}
		switch c.State {
		case Waiting:
			if wrong = w.waitsUnseen(c); wrong == "" {
				wrong = w.goesFurther(c)
			}
		case Active:
			if wrong = w.answersUnseen(c); wrong == "" {
				wrong = w.getsAnAnswer(c)
			}
		}
		if i := int(c.Number) - 1; wrong == "" && i < len(s.logs) {
			wrong = w.untold(c, s.logs[i])
		}
		if at, action := c.Due.Next(); wrong == "" && !at.IsZero() && !at.After(w.clock.now) {
			wrong = fmt.Sprintf("%s is over and nothing was done", action)
		}
		if wrong == "" {
			wrong = w.ends(c)
		}
		if wrong == "" {
			wrong = w.watchedSilently(c)
		}
		if wrong == "" {
			wrong = w.missesTarget(c)
		}
		if since := w.unanswered(c); wrong == "" && !sameTime(since, c.Unanswered) {
			wrong = fmt.Sprintf("its visitor waits for an answer since %v, and it says %v", since, c.Unanswered)
		}
		if wrong != "" {
			return fmt.Sprintf("#%d: %s", c.Number, wrong)
		}
	}
	if wrong := s.comesBack(w); wrong != "" {
		return wrong
	}
	if wrong := w.nagged(); wrong != "" {
		return wrong
	}
	s.takenAway(w)
	for _, o := range crew {
		if wrong := s.comesOnDuty(w, o); wrong != "" {
			return string(o) + " " + wrong
		}
		s.remember(w, o)
	}
	return ""
}

// gets reports whether an operator gets offers now.
func (w *world) gets(o OperatorJID) bool {
	return slices.ContainsFunc(w.Team.Available(), func(x Operator) bool { return x.JID == o })
}

// offer is the state of the offer of c to an operator, "" if there is none.
func (w *world) offer(c Conversation, o OperatorJID) OfferState {
	for _, f := range w.store.offers[c.Number-1] {
		if f.Operator == o {
			return f.State
		}
	}
	return ""
}

// full reports whether an operator has as many chats as they may have in the department of c.
func (w *world) full(c Conversation, o Operator) bool {
	i := slices.IndexFunc(w.store.houses, func(d Department) bool { return d.Name == c.Department })
	limit, chats := cmp.Or(o.Limit, w.store.houses[i].Limit), 0
	for _, x := range w.store.chats {
		if x.State == Active && x.Kind == Chat && x.Owner == o.JID {
			chats++
		}
	}
	return limit > 0 && chats >= limit
}

// checkOffer notes that an offer goes to somebody who may not or can't answer, or has no room. Who is named by a colleague is asked
// all the same.
func (w *world) checkOffer(f Offer) {
	c := w.store.chats[f.Conversation-1]
	o, enabled := w.Bridge.Team.Operator(f.Operator)
	switch {
	case w.passing || w.wrong != "":
	case !enabled:
		w.wrong = fmt.Sprintf("#%d is offered to %s, who is disabled", c.Number, f.Operator)
	case !w.gets(o.JID) && !w.reachedAway(o):
		w.wrong = fmt.Sprintf("#%d is offered to %s, who is away", c.Number, f.Operator)
	case !o.Serves(c.Department, c.Kind):
		w.wrong = fmt.Sprintf("#%d is offered to %s, who does not serve %s", c.Number, f.Operator, c.Department)
	case w.full(c, o):
		w.wrong = fmt.Sprintf("#%d is offered to %s, who is full", c.Number, f.Operator)
	}
}

// takers are the operators who get offers and could take c. Of these, asked are those who have an offer of it and room, and free are
// those who have room and no offer.
func (w *world) takers(c Conversation) (all, asked, free []OperatorJID) {
	for _, o := range w.Team.Available() {
		open, full := w.offer(c, o.JID) == OfferOpen, w.full(c, o)
		if open && !full {
			asked = append(asked, o.JID)
		}
		if !open && !full && o.Serves(c.Department, c.Kind) {
			free = append(free, o.JID)
		}
		if open || o.Serves(c.Department, c.Kind) {
			all = append(all, o.JID)
		}
	}
	return all, asked, free
}

// waitsUnseen says what is wrong with a conversation that waits.
func (w *world) waitsUnseen(c Conversation) string {
	takers, asked, free := w.takers(c)
	if !c.Due.Offer.IsZero() && len(asked) == 0 {
		return "it is kept for somebody who gets no offers or has no room"
	}
	for _, o := range free {
		state := w.offer(c, o)
		if len(asked) == 0 && state != OfferDeclined {
			return fmt.Sprintf("it is on offer to nobody, and %s could take it and has not declined (%q)", o, state)
		}
		if c.Due.Offer.IsZero() && (state == "" || state == OfferRevoked) {
			return fmt.Sprintf("it is on offer to all, and %s was not asked (%q)", o, state)
		}
	}
	if wrong := w.goesOn(c); wrong != "" {
		return wrong
	}
	if wrong := w.waitsUnasked(c, len(asked) > 0); wrong != "" {
		return wrong
	}
	told, reason, place := w.told(c)
	actual, _ := position(w.store, c)
	switch {
	case c.Kind == Ticket && told != string(Ticket), c.Kind == Chat && told != string(Waiting):
		return fmt.Sprintf("it is a %s, and its visitor was told %q", c.Kind, told)
	case c.Kind == Ticket || reason == ReasonEmailWanted:
		return ""
	case c.Due.Waiting.IsZero():
		return "its visitor was told that operators are asked, and will never be told anything else"
	case c.Due.Waiting.After(w.clock.now.Add(defaults().WaitingLimit + slack)):
		return "its visitor waits for longer than the limit"
	case len(takers) == 0 && c.Due.Waiting.After(w.clock.now.Add(defaults().OperatorGrace+slack)):
		return "its visitor was told that operators are asked, and nobody is there"
	case place > 0 && place != actual:
		return fmt.Sprintf("its visitor was told place %d, and has %d", place, actual)
	}
	return ""
}

// goesOn says what is wrong with how long an offer to one lasts, and with how a chat goes on to other departments.
func (w *world) goesOn(c Conversation) string {
	switch {
	case c.Due.Offer.After(w.clock.now.Add(satelliteFactor*defaults().Offer + slack)):
		return "it is on offer to one for longer than an offer lasts"
	case c.Due.Overflow.After(w.clock.now.Add(OverflowAfter + slack)):
		return "it goes on to another department later than it should"
	}
	been := make(map[string]bool)
	for _, e := range w.store.logs[c.Number-1] {
		turn, ok := e.Data.(Turn)
		if !ok || e.At.Before(c.WaitsSince) {
			continue
		}
		switch {
		case turn.Reason == ReasonOverflow && been[turn.Department]:
			return "it goes in circles: it is in " + turn.Department + " again"
		case turn.Reason == "" && e.Seq > 1: // a department is gone, and what follows it is no choice
			clear(been)
		}
		been[turn.Department] = true
	}
	return ""
}

// waitsUnasked says who should have been asked for a conversation that waits though they are away, and was not.
func (w *world) waitsUnasked(c Conversation, asked bool) string {
	if !c.Due.Offer.IsZero() {
		return ""
	}
	var unasked string
	for _, jid := range crew {
		o, _ := w.Bridge.Team.Operator(jid)
		if !w.reachedAway(o) || !o.Serves(c.Department, c.Kind) || w.full(c, o) {
			continue
		}
		switch state := w.offer(c, jid); state {
		case "", OfferRevoked:
			return fmt.Sprintf("%s is away and wants to be asked, and was not (%q)", jid, state)
		case OfferOpen:
			asked = true
		case OfferAccepted, OfferExpired, OfferLost:
			unasked = fmt.Sprintf("it is on offer to nobody, and %s is away and wants to be asked (%q)", jid, state)
		}
	}
	if asked {
		return ""
	}
	return unasked
}

// reachedAway reports whether an operator gets no offers and wants to be asked all the same.
func (w *world) reachedAway(o Operator) bool {
	settled := w.linked && w.clock.now.Sub(w.upAt) >= showWithin
	if !o.Enabled || o.Paused || !settled || w.gets(o.JID) || w.Reach.fault(o.JID) != (Fault{}) {
		return false
	}
	text := cmp.Or(o.Hours, w.store.settings[SiteHours]) // the departments have none
	minute := w.clock.now.Hour()*60 + w.clock.now.Minute()
	i := slices.IndexFunc(shifts[:], func(s shift) bool { return s.text == text })
	inside := shifts[i].from <= minute && minute < shifts[i].until
	return o.Notify.When == NotifyAlways || o.Notify.When == NotifyHours && inside
}

// told is what the visitor was told of the state and of the place in the queue; the place is 0 if it is
// not known.
func (w *world) told(c Conversation) (state, reason string, place int) {
	place = w.placed[c.Number]
	for _, e := range w.store.logs[c.Number-1] {
		switch d := e.Data.(type) {
		case Turn:
			state, reason = d.State, d.Reason
			if e.Seq > 1 {
				place = 0
			}
		case Place:
			place = int(d.Position)
		}
	}
	return state, reason, place
}

// answersUnseen says what is wrong with a conversation that has an owner.
func (w *world) answersUnseen(c Conversation) string {
	o, enabled := w.Bridge.Team.Operator(c.Owner)
	live := c.Kind == Chat || c.Present
	put := !c.Due.Later.IsZero() // its owner has put it off, so nothing runs out until then
	here := w.linked && w.Team.there(o.JID)
	switch told, _, _ := w.told(c); {
	case told != string(Active):
		return fmt.Sprintf("it has an owner, and its visitor was told %q", told)
	case !enabled:
		return "its owner is disabled"
	case live && !here && c.Due.Operator.IsZero() && !put:
		return "its owner is not there, and no timer runs"
	case c.Due.Operator.After(w.clock.now.Add(defaults().OperatorGrace + slack)):
		return "its owner is given more than the grace time"
	case here && !c.Due.Operator.IsZero():
		return "its owner is there, and a timer runs out"
	case put && (!c.Due.Operator.IsZero() || !c.Due.IdleWarn.IsZero() || !c.Due.IdleClose.IsZero()):
		return "it is put off, and a timer runs out"
	case !put && live == c.Due.IdleClose.IsZero():
		return fmt.Sprintf("a visitor who sees it is %v, and the idle timer is %v", live, c.Due.IdleClose)
	case !live && !c.Due.Operator.IsZero():
		return "an answer by mail does not wait for the owner's presence"
	}
	return ""
}

// unanswered is since when the visitor's words have no answer, as the log has it.
func (w *world) unanswered(c Conversation) (since time.Time) {
	for _, e := range w.store.logs[c.Number-1] {
		turn, _ := e.Data.(Turn)
		switch {
		case e.Type.Content() && e.From == FromOperator, turn.State == string(Closed):
			since = time.Time{}
		case e.Type.Content() && e.From == FromVisitor && since.IsZero():
			since = e.At
		}
		if own, _ := e.Data.(Ownership); own.Since > 0 { // it was junk, or joined with another one
			since = time.UnixMilli(own.Since)
		}
		if m, _ := e.Data.(Merged); m.Since > 0 { // what was asked in the one that was joined
			if other := time.UnixMilli(m.Since); since.IsZero() || other.Before(since) {
				since = other
			}
		}
	}
	return since
}

// ends says what is wrong with how a visitor's going will be noticed.
func (w *world) ends(c Conversation) string {
	switch limit := w.clock.now.Add(defaults().VisitorGrace + slack); {
	case c.State == Closed:
		if c.Due != (Due{}) {
			return "a timer runs after the end"
		}
	case c.Kind == Chat && !w.pages[c.Number] && (c.Due.Visitor.IsZero() || c.Due.Visitor.After(limit)):
		return "no page is open, and no timer runs"
	case c.Kind == Ticket && c.Present && !w.pages[c.Number] && c.Due.Visitor.IsZero():
		return "a page that polled once counts as open for ever"
	}
	return ""
}

// comesBack says which owner was not told that something comes back which they had put off.
func (s *seen) comesBack(w *world) string {
	for i, log := range w.store.logs {
		if i < len(s.logs) {
			log = log[s.logs[i]:]
		}
		for _, e := range log {
			back := e.From == FromSystem && e.Data == Deferred{Action: Back}
			if back && w.store.chats[i].Owner == e.Operator && !names(w.store.desks[e.Operator][s.desk[e.Operator]:], e.Conversation) {
				return fmt.Sprintf("#%d comes back, and %s is not told", e.Conversation, e.Operator)
			}
		}
	}
	return ""
}

// takenAway notes which conversations were taken from which operators.
func (s *seen) takenAway(w *world) {
	for i, log := range w.store.logs {
		if i == len(s.logs) {
			s.logs = append(s.logs, 0)
		}
		for _, e := range log[s.logs[i]:] {
			if e.Type == EventOffer || e.Joins() { // the operator knows
				delete(s.lost[e.Operator], e.Conversation)
			}
			told := names(w.store.desks[e.Operator][s.desk[e.Operator]:], e.Conversation)
			if !e.Leaves() || e.From != FromSystem || told {
				continue
			}
			if s.lost[e.Operator] == nil {
				s.lost[e.Operator] = make(map[int64]bool)
			}
			s.lost[e.Operator][e.Conversation] = true
		}
		s.logs[i] = len(log)
	}
}

// comesOnDuty says what the desk should have told an operator who gets offers from now on, or is back,
// and did not tell.
func (s *seen) comesOnDuty(w *world, o OperatorJID) string {
	news := w.store.desks[o][s.desk[o]:]
	for number := range s.lost[o] { // asked again while away: the offer tells why
		if slices.ContainsFunc(news, func(e DeskEntry) bool { return e.Kind == DeskOffer && e.Conversation == number }) {
			delete(s.lost[o], number)
		}
	}
	if _, enabled := w.Bridge.Team.Operator(o); enabled && w.Team.there(o) {
		for number := range s.lost[o] {
			if !names(news, number) {
				return fmt.Sprintf("is back and is not told that #%d was taken from them", number)
			}
		}
		delete(s.lost, o)
	}
	if !w.gets(o) || s.free[o] {
		return ""
	}
	notices := slices.DeleteFunc(slices.Clone(news), func(e DeskEntry) bool {
		return e.Kind != DeskNotice || reminder(e) || !strings.Contains(e.Phrase.String(), " wait")
	})
	if len(notices) > 1 {
		return fmt.Sprintf("comes and gets %d notices of what waits", len(notices))
	}
	away := w.clock.now.Sub(s.left[o])
	for _, c := range w.store.chats {
		if c.State != Waiting || !c.Due.Offer.IsZero() && w.offer(c, o) != OfferOpen {
			continue
		}
		known := !s.left[o].IsZero() && away <= briefly && slices.Contains([]OfferState{OfferOpen, OfferDeclined}, w.offer(c, o))
		if takers, _, _ := w.takers(c); slices.Contains(takers, o) && !known && !names(news, c.Number) {
			return fmt.Sprintf("comes and does not hear of #%d", c.Number)
		}
	}
	return ""
}

// names reports whether entries of a desk log tell of a conversation.
func names(entries []DeskEntry, number int64) bool {
	return slices.ContainsFunc(entries, func(e DeskEntry) bool {
		text := e.Phrase.String() + " "
		return e.Kind == DeskOffer && e.Conversation == number || strings.Contains(text, fmt.Sprintf("#%d ", number)) || strings.Contains(text, " more")
	})
}

func (s *seen) remember(w *world, o OperatorJID) {
	free := w.gets(o)
	if s.free[o] && !free {
		s.left[o] = w.clock.now
		if w.linked && !w.Team.there(o) && w.Reach.fault(o) == (Fault{}) {
			delete(s.left, o) // the operator has logged out
		}
	}
	s.free[o], s.there[o], s.desk[o] = free, w.Team.there(o), len(w.store.desks[o])
}
