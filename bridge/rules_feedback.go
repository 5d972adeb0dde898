package bridge

import "porchlight/bridge/phrase"

// This file has the cells of votes.

// votes keeps what the visitor thinks of the help, once in a conversation. The same vote again changes
// nothing. The visitor of junk reads what anybody reads when it is too late.
func votes(s *step) error {
	f := s.a.Feedback
	switch {
	case f.Operator == "":
		return phrase.Fail(phrase.CodeConflict, "Nobody has answered yet, so there is nothing to vote about.")
	case s.Reason == ReasonJunk, f.ID > 0 && !f.changeable(s.now):
		return phrase.Fail(phrase.CodeConflict, "You have voted, and the vote can't be changed any more.")
	case f.ID > 0 && f.Score == s.a.Score && f.Comment == s.a.Text:
		return nil
	}
	if f.ID == 0 {
		f.At = s.now
	}
	f.Score, f.Comment = s.a.Score, s.a.Text
	s.log(Event{Type: EventFeedback, From: FromVisitor, Operator: f.Operator, Name: s.a.Name, Text: f.Comment, Data: Vote{Score: f.Score}})
	s.do(Effect{Type: KeepVote, Feedback: f})
	return nil
}

// votesLater is the cell of votes while the conversation waits: for the first answer, or for somebody
// who goes on with it. A vote that there is can be changed.
func votesLater(s *step) error {
	if s.a.Feedback.ID > 0 {
		return votes(s)
	}
	return phrase.Fail(phrase.CodeConflict, "You can vote as soon as somebody has answered.")
}

// unvotes deletes the visitor's vote. What it was stays stored, with who deleted it and why.
func unvotes(s *step) error {
	f := s.a.Feedback
	if !f.DeletedAt.IsZero() {
		return phrase.Fail(phrase.CodeConflict, "Vote %d is deleted already.", f.ID)
	}
	f.DeletedAt, f.DeletedBy, f.DeletedWhy = s.now, s.a.Operator, s.a.Text
	s.log(Event{Type: EventFeedback, From: FromOperator, Operator: s.a.Operator, Name: s.a.Name, Text: s.a.Text, Data: Vote{f.Score, true}})
	s.do(Effect{Type: KeepVote, Feedback: f})
	return nil
}
