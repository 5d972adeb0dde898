package bridge

import "time"

// unreceived is since when the owner's client owes a receipt (XEP-0184) for a
// message of the visitor. It is zero if it owes none: many clients never give
// receipts to strangers, so only one that gave some in this conversation does;
// an answer is as good as a receipt; and nobody is told twice of one silence.
func unreceived(r Reader, c Conversation) (time.Time, error) {
	received, err := receivedBy(r, c)
	if err != nil || received == 0 {
		return time.Time{}, err
	}
	told, err := r.LastMessage(c.Number, FromSystem, c.Seq)
	if err != nil || told > received {
		return time.Time{}, err
	}
	answered, err := r.LastMessage(c.Number, FromOperator, c.Seq)
	if err != nil {
		return time.Time{}, err
	}
	events, err := r.Events(c.Number, max(received, answered), silenceLook)
	for _, e := range events {
		if e.Type == EventMessage && e.From == FromVisitor {
			return e.At, err
		}
	}
	return time.Time{}, err
}

// silenceLook is how many events are looked through for the visitor's message.
const silenceLook = 100

// receivedBy is up to where the owner's client has confirmed the log; 0 if it
// has confirmed nothing since the owner joined.
func receivedBy(r Reader, c Conversation) (int64, error) {
	parts, err := r.Participants(c.Number)
	for _, p := range parts {
		if received := max(p.Delivered, p.Displayed); p.Operator == c.Owner && received >= p.Joined {
			return received, err
		}
	}
	return 0, err
}
