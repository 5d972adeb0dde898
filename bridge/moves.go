package bridge

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/route"
)

// Moves holds what operators do with the queue and with each other's conversations. The methods may be called by any goroutine.
// Of an error, the *phrase.Error is a sentence for the operator.
type Moves struct{ bridge *Bridge }

// Next makes the operator the owner of the conversation that has waited longest of those that they may take, of one kind, or
// of both if kind is "". It leaves out what the operator has declined and what is kept for a colleague alone. Of several
// operators who try, each gets another one. CodeConflict: nobody waits.
func (m *Moves) Next(ctx context.Context, jid OperatorJID, kind Kind) (Conversation, error) {
	return m.bridge.operatorActs(ctx, jid, func(r Reader) (Conversation, Action, error) {
		a := Action{Type: OperatorTakes}
		c, err := m.longest(r, jid, kind)
		if err == nil {
			a.Greeting, err = visitorGreeting(m.bridge, r, c, jid)
		}
		return c, a, err
	})
}

// longest is the conversation that Next takes.
func (m *Moves) longest(r Reader, jid OperatorJID, kind Kind) (Conversation, error) {
	o, _ := m.bridge.Team.Operator(jid)
	list, err := r.OpenConversations(Waiting, 0, queueMost)
	if err != nil {
		return Conversation{}, err
	}
	slices.SortStableFunc(list, func(c, d Conversation) int { return c.WaitsSince.Compare(d.WaitsSince) })
	var left int64 // one that waits and is left out
	for _, c := range list {
		if kind != "" && c.Kind != kind {
			continue
		}
		states, err := offerStates(r, c.Number)
		if err != nil {
			return c, err
		}
		mine := states[jid]
		if !o.Serves(c.Department, c.Kind) && mine != OfferOpen {
			continue
		}
		kept := mine == OfferDeclined
		if mine != OfferOpen && !c.Due.Offer.IsZero() && !kept {
			if kept, err = keptForOne(r, c, states); err != nil {
				return c, err
			}
		}
		if !kept {
			return c, nil
		}
		left = cmp.Or(left, c.Number)
	}
	if left > 0 {
		return Conversation{}, phrase.Fail(phrase.CodeConflict, "Nobody waits but who was left to others. take %d takes #%d all the same.", left, left)
	}
	return Conversation{}, phrase.Fail(phrase.CodeConflict, "Nobody waits.")
}

// keptForOne reports whether what waits, with its offers, was passed on to one operator who can take it still, and is not merely offered
// to one after the other.
func keptForOne(r Reader, c Conversation, states map[OperatorJID]OfferState) (bool, error) {
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	for _, e := range slices.Backward(list) {
		switch d := e.Data.(type) {
		case Turn:
			return d.For != "" && states[d.For] == OfferOpen, err
		}
	}
	return false, err
}

// takenOverLately is for how long a conversation that was taken over can't be taken over again. Of several operators who
// do it at once, exactly one wins by that.
const takenOverLately = 30 * time.Second

// TakeOver makes the operator the owner of a conversation that another one has; a conversation that waits is taken. The owner
// until now is told, and stays as a guest if they are online and have written. CodeForbidden: the operator lacks MayTakeOver,
// and the owner is not overdue with an answer (see Settings.Overdue).
func (m *Moves) TakeOver(ctx context.Context, jid OperatorJID, number int64) (Conversation, error) {
	o, err := m.bridge.Team.enabled(jid)
	if err != nil {
		return Conversation{}, err
	}
	var was Conversation
	return m.bridge.operatorActs(ctx, jid, func(r Reader) (Conversation, Action, error) {
		a := Action{Type: OperatorTakesOver, Right: o.May(MayTakeOver)}
		c, err := numbered(number)(r)
		was = c
		if err == nil && c.State == Waiting {
			a.Greeting, err = visitorGreeting(m.bridge, r, c, jid)
		}
		if err != nil || c.State != Active {
			return c, a, err
		}
		a.Right = a.Right || m.bridge.Settings.Overdue(c)
		a.Lately, a.Stays, err = m.beforeTakingOver(r, c)
		return c, a, err
	}, func(tx Tx) error {
		if was.State != Active { // whoever takes what waits changes nothing of anybody's
			return nil
		}
		return m.auditOwner(tx, o, fmt.Sprintf("take %d !", was.Number), was, Guest{Operator: o.JID, Name: o.Name})
	})
}

// beforeTakingOver reports whether the owner has taken the conversation over a moment ago, and whether they stay when somebody
// else becomes the owner: they are online, and have written.
func (m *Moves) beforeTakingOver(r Reader, c Conversation) (lately, stays bool, err error) {
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	for _, e := range list {
		if e.Operator != c.Owner {
			continue
		}
		how, _ := e.Data.(Ownership)
		lately = lately || how.Action == TookOver && m.bridge.clock.Now().Sub(e.At) < takenOverLately
		stays = stays || e.Answers()
	}
	return lately, stays && m.bridge.Team.there(c.Owner), err
}

// Assign gives a conversation to a colleague. It is theirs at once if they have room for it, else it is offered to them and to
// all others.
// Nobody gets one who is disabled, gets no offers, or does not serve the department. CodeForbidden: the operator lacks
// MayAssign, or the department is not theirs, or they want to have it themselves and may not take it over (see TakeOver).
func (m *Moves) Assign(ctx context.Context, jid OperatorJID, number int64, to Operator) (Conversation, error) {
	o, err := m.bridge.Team.enabled(jid)
	if err == nil && !o.May(MayAssign) {
		err = phrase.Fail(phrase.CodeForbidden, "You may not use assign. A super operator can allow it.")
	}
	if err != nil {
		return Conversation{}, err
	}
	var was Conversation
	var g Guest
	return m.bridge.operatorActs(ctx, jid, func(r Reader) (Conversation, Action, error) {
		a := Action{Type: OperatorAssigns, Right: o.May(MayTakeOver)}
		c, err := numbered(number)(r)
		was = c
		if err != nil {
			return c, a, err
		}
		if to, err = m.bridge.Team.enabled(to.JID); err != nil {
			return c, a, phrase.Fail(phrase.CodeNotFound, "There is no such operator.")
		}
		a.Guest = Guest{Operator: to.JID, Name: to.Name, Slow: to.Satellite, Free: m.bridge.Team.offerable(to.JID), Serves: to.Serves(c.Department, c.Kind)}
		if a.Guest.Full, err = m.bridge.Team.fullIn(r, to, c.Department); err == nil && c.State == Active {
			a.Right = a.Right || m.bridge.Settings.Overdue(c)
			a.Lately, a.Stays, err = m.beforeTakingOver(r, c)
		}
		g = a.Guest
		return c, a, err
	}, func(tx Tx) error { return m.auditOwner(tx, o, fmt.Sprintf("assign %d", was.Number), was, g) })
}

// fullIn reports whether an operator has as many chats as they may have in a department.
func (t *Team) fullIn(r Reader, o Operator, department string) (bool, error) {
	limit := t.limit(o, department)
	if limit == 0 {
		return false, nil
	}
	owned, err := r.OwnedBy(o.JID)
	owned = slices.DeleteFunc(owned, func(c Conversation) bool { return c.Kind != Chat })
	return route.Full(len(owned), limit), err
}

// questionRoom is how many bytes of the visitor's last words somebody who is asked reads.
const questionRoom = 300

// Question asks a colleague something about a visitor's conversation in which they take no part. CodeConflict says who is
// online if the colleague is not.
func (m *Moves) Question(ctx context.Context, jid OperatorJID, v VisitorJID, to Operator, text string) (Conversation, error) {
	if text = CleanText(text); text == "" {
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "There is no question.")
	}
	if err := m.bridge.Team.colleague(to); err != nil {
		return Conversation{}, err
	}
	if to.JID != jid && !m.bridge.Team.there(to.JID) {
		var here []string
		for _, o := range m.bridge.Team.Operators() {
			if o.JID != jid && m.bridge.Team.there(o.JID) {
				here = append(here, o.Name)
			}
		}
		if len(here) == 0 {
			return Conversation{}, phrase.Fail(phrase.CodeConflict, "%s is offline, and so is everybody else. Nobody was asked.", to.Name)
		}
		return Conversation{}, phrase.Fail(phrase.CodeConflict, "%s is offline. Nobody was asked. Here are: %s.", to.Name, strings.Join(here, ", "))
	}
	return m.bridge.operatorActs(ctx, jid, byVisitor(v).then(Action{Type: OperatorAsks, Guest: Guest{Operator: to.JID, Name: to.Name}, Text: text}))
}

// askColleague tells a colleague at the desk what they are asked, and what they must know to answer.
func (u *commit) askColleague(c Conversation, e Effect) error {
	q, err := u.tx.Request(c.Number)
	if err != nil {
		return err
	}
	words, page := q.Reason, cmp.Or(u.b.hub.pages.at(c.Number).URL, q.Page.URL)
	seq, err := u.tx.LastMessage(c.Number, FromVisitor, c.Seq)
	if err == nil && seq > 0 {
		var last Event
		if last, err = eventAt(u.tx, c.Number, seq); err == nil && last.Text != "" {
			words = last.Text
		}
	}
	if err != nil {
		return err
	}
	lines := []phrase.Phrase{asksYou(e.Event.Name, c.Number, q.Called(), u.b.Team.Title(c.Department), e.Event.Text)}
	if page != "" {
		lines = append(lines, phrase.Say("Page: %s", page))
	}
	lines = append(lines, phrase.Say("%s wrote last: %s", q.Called(), Cut(cleanLine(words), questionRoom)),
		phrase.Say("Reply to this message, or send: answer %d TEXT", c.Number))
	_, err = u.tell(DeskEntry{Operator: e.Operator, Kind: DeskNotice, Conversation: c.Number, Phrase: phrase.Lines(lines...)})
	return err
}

// asksYou begins what somebody who is asked reads. A reply to a message that begins so is an answer.
func asksYou(who string, number int64, visitor, department, question string) phrase.Phrase {
	return phrase.Say("%s asks you about #%d (%s, %s): %s", who, number, visitor, department, question)
}

// Answer answers the last question that somebody asked the operator about a conversation, whether it is still open or not; the
// operator need not take part. CodeNotFound: nobody has asked.
func (m *Moves) Answer(ctx context.Context, jid OperatorJID, number int64, text string) (Conversation, error) {
	o, err := m.bridge.Team.enabled(jid)
	if text = CleanText(text); err == nil && text == "" {
		err = phrase.Fail(phrase.CodeInvalid, "There is no answer.")
	}
	if err != nil {
		return Conversation{}, err
	}
	out, err := m.bridge.act(ctx, func(r Reader) (Conversation, Action, error) {
		a := Action{Type: OperatorAnswers, Operator: o.JID, Name: o.Name, Text: text}
		c, question, err := askedAbout(r, number, jid)
		if err != nil {
			return c, a, err
		}
		a.About = question
		p, err := partOf(r, c.Number, question.Operator)
		a.Reads = p.Operator != "" && !p.Left && c.Into == 0
		return c, a, err
	})
	return out.Conversation, err
}

// askedAbout finds the last question to an operator about a conversation, and the conversation in whose log it stands: the one
// in which that one goes on, that one itself, or another one that was joined with it.
func askedAbout(r Reader, number int64, jid OperatorJID) (c Conversation, question Event, err error) {
	now, err := numbered(number)(r)
	if err != nil {
		return now, question, err
	}
	list := []Conversation{now}
	named, err := numberedExactly(r, number)
	for c = named; err == nil && c.Number != now.Number; c, err = r.Conversation(c.Into) {
		list = append(list, c)
	}
	if err != nil {
		return now, question, err
	}
	joined, err := r.MergedInto(now.Number)
	if err != nil {
		return now, question, err
	}
	for _, c := range append(list, joined...) {
		if question, err = askedLast(r, c, jid); err == nil || !isNotFound(err) {
			return c, question, err
		}
	}
	return now, question, err
}

// askedLast is the last question to an operator in a conversation's log.
func askedLast(r Reader, c Conversation, jid OperatorJID) (Event, error) {
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	if err != nil {
		return Event{}, err
	}
	for _, e := range slices.Backward(list) {
		if q, ok := e.Data.(Question); ok && q.Of == 0 && q.To == jid {
			return e, nil
		}
	}
	return Event{}, phrase.Fail(phrase.CodeNotFound, "Nobody has asked you anything about #%d.", c.Number)
}

// AskedBy finds the conversation that a question is about which the desk sent to an operator in the stanza with that id; 0 if it
// sent no question in it.
func (m *Moves) AskedBy(ctx context.Context, jid OperatorJID, stanzaID string) (number int64, err error) {
	e, err := m.bridge.deskEntry(ctx, jid, stanzaID)
	if len(e.Phrase.Args) == 0 {
		return 0, err
	}
	if first, _ := e.Phrase.Args[0].(phrase.Phrase); first.Format != asksYou("", 0, "", "", "").Format {
		return 0, err
	}
	return e.Conversation, err
}

// Title is what people call a department: its title, or its name if it has none.
func (t *Team) Title(name string) string {
	for _, d := range t.Departments() {
		if d.Name == name && d.Title != "" {
			return d.Title
		}
	}
	return name
}
