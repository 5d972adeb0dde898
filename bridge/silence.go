package bridge

import "time"

// unreceived is since when the owner's client owes a receipt (XEP-0184) for a
// message of the visitor; now if there is one that the server has not routed yet,
// for which nothing can be owed. It is zero if nothing is owed: many clients never
// give receipts to strangers, so only one that gave some in this conversation
// does; the owner's answer is as good as a receipt; and nobody is told twice of
// one silence.
func unreceived(r Reader, c Conversation, now time.Time) (time.Time, error) {
	owner, err := ownersPart(r, c)
	received := max(owner.Delivered, owner.Displayed)
	if err != nil || received < owner.Joined || owner.Joined == 0 {
		return time.Time{}, err
	}
	events, err := r.Events(c.Number, received, silenceLook)
	var since time.Time
	for _, e := range events {
		switch {
		case e.Reason == ReasonSilent:
			return time.Time{}, err
		case e.Type.Content() && e.From == FromOperator && e.Operator == c.Owner:
			since = time.Time{}
		case e.Type.Content() && e.From == FromVisitor && since.IsZero():
			if since = e.At; e.Seq > owner.Confirmed {
				since = now
			}
		}
	}
	return since, err
}

// silenceLook is how many events are looked through.
const silenceLook = 500

// ownersPart is the owner's part in a conversation; zero if there is none.
func ownersPart(r Reader, c Conversation) (Participant, error) {
	parts, err := r.Participants(c.Number)
	for _, p := range parts {
		if p.Operator == c.Owner {
			return p, err
		}
	}
	return Participant{}, err
}
