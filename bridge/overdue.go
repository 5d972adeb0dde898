package bridge

import "time"

// unreceived is since when the owner's client owes a receipt (XEP-0184) for a message of the
// visitor's; zero if it owes none. It is now if the oldest message without a receipt was not even
// routed by the server yet. Many clients never give receipts to strangers, so only a client owes
// one that is still there and gave one in this conversation. Whatever else came from the owner to
// the visitor's address is as good as a receipt, and one silence is told only once.
func (r *Reach) unreceived(s Reader, c Conversation, now time.Time) (time.Time, error) {
	promised, heard := r.promised(c.Owner, c.Visitor)
	owner, err := ownersPart(s, c)
	if err != nil || !promised || owner.Delivered < owner.Joined || owner.Joined == 0 {
		return time.Time{}, err
	}
	events, err := s.Events(c.Number, max(owner.Delivered, owner.Displayed), silenceLook)
	var since time.Time
	for _, e := range events {
		switch said, _ := e.Data.(Message); {
		case said.Reason == ReasonSilent:
			return time.Time{}, err
		case e.Answers() && e.Operator == c.Owner:
			since = time.Time{}
		case e.Type.Content() && e.From == FromVisitor && since.IsZero() && !e.At.Before(heard):
			since = e.At
			if e.Seq > owner.Confirmed {
				since = now
			}
		}
	}
	return since, err
}

// promised reports whether the client that gave the operator's last receipt is still there, and
// returns when the operator last sent something to a visitor's address.
func (r *Reach) promised(o OperatorJID, v VisitorJID) (yes bool, heard time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[o]
	if w == nil || w.receipts == "" {
		return false, heard
	}
	return w.clients[w.receipts] != nil, w.heard[v]
}

// silenceLook is how many events are searched for what was not received.
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
