package bridge

import "porchlight/bridge/phrase"

// This file has the cells of operators who read a conversation along. The visitor learns nothing of them.

// watch lets an operator read along. No event of it is Public.
func watch(s *step) error {
	switch {
	case s.a.Operator == s.Owner || s.a.Part:
		return phrase.Fail(phrase.CodeConflict, "You take part in #%d already: see the chat with %s.", s.Number, s.Visitor)
	case s.a.Watches:
		return phrase.Fail(phrase.CodeConflict, "You watch #%d already: see the chat with %s. unwatch %d ends it.", s.Number, s.Visitor, s.Number)
	}
	s.log(Event{Type: EventWatch, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Part{Action: Watches}})
	s.do(Effect{Type: Join, Operator: s.a.Operator, Joined: s.Seq, Watches: true})
	return nil
}

// unwatch ends the reading along of an operator who wants that.
func unwatch(s *step) error {
	if !s.a.Watches {
		return phrase.Fail(phrase.CodeConflict, "You don't watch #%d.", s.Number)
	}
	s.log(Event{Type: EventWatch, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Data: Part{Action: Unwatches}})
	s.do(Effect{Type: Leave, Operator: s.a.Operator})
	return nil
}

// unwatchAfter lets an operator who read along until the end write as their colleagues may, which goes on with the
// conversation.
func unwatchAfter(s *step) error {
	if !s.a.Mute {
		return over(s)
	}
	s.do(Effect{Type: Unmute, Operator: s.a.Operator})
	return nil
}

// mute refuses the words of an operator who reads along, or did so last and has not ended it: they were meant for
// nobody, and the visitor must not get them.
func mute(s *step) error {
	switch s.State {
	case Waiting:
		return phrase.Fail(phrase.CodeConflict, "You only watch #%d. take %d takes it.", s.Number, s.Number)
	case Closed:
		return phrase.Fail(phrase.CodeConflict, "You only watched #%d, and it is closed. To go on with it, send unwatch %d first.", s.Number, s.Number)
	}
	return phrase.Fail(phrase.CodeConflict, "You only watch #%d. To write there, be invited by %s, or take it over: take %d !", s.Number, s.a.Taker, s.Number)
}

// dropWatcher ends the reading along of an operator who can't go on with it.
func (s *step) dropWatcher(reason string) {
	if reason == ReasonOwnerLeft { // they are disabled, or have lost the right
		reason = ReasonMayNot
	}
	s.log(Event{Type: EventWatch, From: FromSystem, Operator: s.a.Operator, Name: s.a.Name, Data: Part{Action: Unwatches, Reason: reason}})
	s.do(Effect{Type: Leave, Operator: s.a.Operator, Reason: reason, Reached: s.a.Upto})
}
