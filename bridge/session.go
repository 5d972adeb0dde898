package bridge

import (
	"time"

	"porchlight/bridge/phrase"
)

// Session is a time during which an operator was online. It begins with a login: the operator was
// offline before. A moment offline does not end a session, and neither does a time without a link, if
// the operator is online after it.
type Session struct {
	Operator OperatorJID
	Began    time.Time
	Ended    time.Time // zero: the session goes on
}

// logIn begins a session, or goes on with the one before if that ended only a moment ago.
func logIn(tx Tx, o OperatorJID, now time.Time) error {
	last, err := tx.LastSession(o)
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound:
	case err != nil || last.Ended.IsZero():
		return err
	case now.Sub(last.Ended) <= briefly:
		last.Ended = time.Time{}
		return tx.SaveSession(last)
	}
	return tx.SaveSession(Session{Operator: o, Began: now})
}

// logOut ends an operator's session.
func logOut(tx Tx, o OperatorJID, now time.Time) error {
	last, err := tx.LastSession(o)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return nil
	}
	if err != nil || !last.Ended.IsZero() {
		return err
	}
	last.Ended = later(last.Began, now)
	return tx.SaveSession(last)
}

// endSessions ends the sessions of operators who are not online any more after a time without a link;
// at is when that time began.
func (t *Team) endSessions(tx Tx, at time.Time) error {
	open, err := tx.OpenSessions()
	for _, s := range open {
		if err == nil && !t.there(s.Operator) {
			s.Ended = later(s.Began, at)
			err = tx.SaveSession(s)
		}
	}
	return err
}
