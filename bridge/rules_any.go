package bridge

import "porchlight/bridge/phrase"

// This file has the cells that do little or refuse.

func ignore(*step) error { return nil }

func unknown(*step) error { return phrase.Fail(phrase.CodeNotFound, "There is no such conversation.") }

func over(s *step) error {
	return phrase.Fail(phrase.CodeConflict, "#%d is closed.", s.Number)
}

func takeFirst(s *step) error {
	return phrase.Fail(phrase.CodeConflict, "#%d is not yours yet. Take it first: take %d", s.Number, s.Number)
}

// taken refuses an operator who comes late, and ignores a repetition of the owner's.
func taken(s *step) error {
	if s.a.Operator == s.Owner {
		return nil
	}
	return takenBy(s)
}

func takenBy(s *step) error {
	return phrase.Fail(phrase.CodeConflict, "#%d was taken by %s.", s.Number, s.a.Taker)
}
