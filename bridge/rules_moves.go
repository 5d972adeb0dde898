package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// This file has the cells of the moves by which operators share the work: taking over, assigning, asking a colleague.

// takeOver makes the operator who acts the owner. The visitor sees that another operator answers now. To assign a
// conversation to oneself is the same.
func takeOver(s *step) error {
	switch {
	case s.a.Operator == s.Owner:
		return phrase.Fail(phrase.CodeConflict, "#%d is yours already. !transfer passes it on, !close ends it.", s.Number)
	case !s.a.Right:
		return phrase.Fail(phrase.CodeForbidden, "You may not use take %d !, and #%d is with %s. A super operator can allow it.", s.Number, s.Number, s.a.Taker)
	case s.a.Lately:
		return phrase.Fail(phrase.CodeConflict, "#%d was taken over by %s a moment ago, and stays with them. Nothing was changed.", s.Number, s.a.Taker)
	}
	former := s.Owner
	s.changeOwner(Guest{Operator: s.a.Operator, Name: s.a.Name, Part: s.a.Part}, Ownership{Action: TookOver})
	s.tellFormer(former, phrase.Say("%s has taken #%d over from you.", s.a.Name, s.Number))
	return nil
}

// changeOwner makes another operator the owner of an active conversation. The owner until now stays as a guest if
// s.a.Stays.
func (s *step) changeOwner(to Guest, how Ownership) {
	former := s.Owner
	if !s.a.Stays {
		s.log(Event{Type: EventOperator, From: s.whoMoves(), Operator: former, Name: s.a.Taker, Data: Part{Action: Left, Reason: ReasonTakenOver, To: to.Name}})
		s.do(Effect{Type: Leave, Operator: former})
	}
	s.do(Effect{Type: CloseOffer, Operator: former, Offer: OfferAccepted})
	if !to.Part {
		s.log(Event{Type: EventOperator, From: FromOperator, Operator: to.Operator, Name: to.Name, Data: Part{Action: Joined}})
		s.do(Effect{Type: Join, Operator: to.Operator, Joined: s.Seq})
	}
	s.undefer()
	s.Owner, s.Due.Operator, s.Due.Receipt = to.Operator, time.Time{}, time.Time{}
	s.paid()
	s.owe()
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: to.Operator, Name: to.Name, Data: how})
	s.attend()
}

// whoMoves is by whom the owner leaves: by themselves if they gave the conversation away, else by the system.
func (s *step) whoMoves() Role {
	if s.a.Operator == s.Owner {
		return FromOperator
	}
	return FromSystem
}

// tellFormer tells the owner until now what has become of the conversation, and whether they still take part.
func (s *step) tellFormer(former OperatorJID, what phrase.Phrase) {
	if s.a.Stays {
		what = phrase.Lines(what, phrase.Say("You still take part; !leave in the chat ends that."))
	}
	s.tell(Tell, former, what)
}

// assignable refuses to give the conversation to somebody who could not answer.
func (s *step) assignable() error {
	g := s.a.Guest
	switch {
	case g.Operator == s.Owner:
		return phrase.Fail(phrase.CodeConflict, "#%d is with %s already. Nothing was changed.", s.Number, g.Name)
	case !g.Serves:
		return phrase.Fail(phrase.CodeConflict, "%s does not serve %s. Nothing was changed.", g.Name, s.Conversation.Department)
	case !g.Free:
		return phrase.Fail(phrase.CodeConflict, "%s is not on duty, so #%d would lie with nobody. Nothing was changed.", g.Name, s.Number)
	}
	return nil
}

// assignWaiting gives what waits to a colleague, or offers it to them and to all others if they have no room.
func assignWaiting(s *step) error {
	if err := s.assignable(); err != nil {
		return err
	}
	g, by := s.a.Guest, s.a.Name
	if g.Full {
		s.offerFirst()
		return nil
	}
	s.a.Operator, s.a.Name, s.a.Away = g.Operator, g.Name, false
	if err := take(s); err != nil {
		return err
	}
	s.log(Event{Type: EventOwner, From: FromSystem, Operator: g.Operator, Name: g.Name, Data: Ownership{Action: Assigned, By: by}})
	s.tellAssigned(by)
	return nil
}

// assignActive gives the owner's conversation to a colleague, or offers it to them and to all others if they have no room. Who
// gives it to themselves takes it over.
func assignActive(s *step) error {
	if err := s.assignable(); err != nil {
		return err
	}
	g, by, former := s.a.Guest, s.a.Name, s.Owner
	if g.Operator == s.a.Operator {
		return takeOver(s)
	}
	if !g.Full {
		s.a.Away = false
		s.changeOwner(g, Ownership{Action: Assigned, By: by, Passed: true})
		s.tellAssigned(by)
	} else {
		s.a.Stays = false
		s.log(Event{Type: EventOperator, From: s.whoMoves(), Operator: former, Name: s.a.Taker, Data: Part{Action: Left, Reason: ReasonTransferred, To: g.Name}})
		s.do(Effect{Type: Leave, Operator: former})
		s.do(Effect{Type: CloseOffer, Operator: former, Offer: OfferAccepted})
		s.wait(ReasonTransferred)
	}
	switch {
	case former == s.a.Operator:
	case g.Full:
		s.tellFormer(former, phrase.Say("%s has taken #%d from you. It is offered to %s and to the others.", by, s.Number, g.Name))
	default:
		s.tellFormer(former, phrase.Say("%s has given #%d to %s.", by, s.Number, g.Name))
	}
	return nil
}

// tellAssigned tells the colleague that a conversation is theirs.
func (s *step) tellAssigned(by string) {
	s.tell(Tell, s.a.Guest.Operator, phrase.Say("%s gave you #%d: see the chat with %s.", by, s.Number, s.Visitor))
}

// askColleague asks a colleague who does not take part.
func askColleague(s *step) error {
	g := s.a.Guest
	switch {
	case s.a.Operator != s.Owner && !s.a.Part:
		return takenBy(s)
	case g.Operator == s.a.Operator:
		return phrase.Fail(phrase.CodeConflict, "That is you. Nobody was asked.")
	case g.Operator == s.Owner || g.Part:
		return phrase.Fail(phrase.CodeConflict, "%s takes part in #%d and reads what you write with !note. Nobody was asked.", g.Name, s.Number)
	}
	s.log(Event{Type: EventQuestion, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Data: Question{To: g.Operator, ToName: g.Name}})
	s.do(Effect{Type: AskColleague, Operator: g.Operator, Event: s.effects[len(s.effects)-1].Event})
	return nil
}

// answerColleague keeps the answer in the log, where those who take part read it. Who asked and takes part no more is told
// at the desk. An answer may come at any time.
func answerColleague(s *step) error {
	q := s.a.About
	s.log(Event{Type: EventQuestion, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Data: Question{To: q.Operator, ToName: q.Name, Of: q.Seq}})
	if !s.a.Reads {
		s.tell(Tell, q.Operator, phrase.Say("%s about #%d: %s", s.a.Name, s.Number, s.a.Text))
	}
	return nil
}
