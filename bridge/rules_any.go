package bridge

import "porchlight/bridge/phrase"

// Cells that do little or refuse.

func ignore(*step) error { return nil }

func unknown(*step) error { return phrase.Fail(phrase.CodeNotFound, "There is no such conversation.") }

func over(s *step) error {
	return phrase.Fail(phrase.CodeConflict, "#%d is closed.", s.Number)
}

func takeFirst(s *step) error {
	return phrase.Fail(phrase.CodeConflict, "#%d is not yours yet. Take it first: take %d", s.Number, s.Number)
}

// taken refuses who comes late, and ignores the owner's own repetition.
func taken(s *step) error {
	if s.a.Operator == s.Owner {
		return nil
	}
	return takenBy(s)
}

func takenBy(s *step) error {
	return phrase.Fail(phrase.CodeConflict, "#%d was taken by %s.", s.Number, s.a.Taker)
}
