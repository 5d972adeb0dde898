package bridge

// Participant is an operator in a conversation, with the cursors into its log.
// Each cursor is the highest seq of which that much is proved.
type Participant struct {
	Conversation int64
	Operator     OperatorJID
	Joined       int64 // seq of the event by which they joined
	Left         bool
	Confirmed    int64 // routed by the XMPP server (ping barrier, XEP-0199)
	Delivered    int64 // received by a client (XEP-0184)
	Displayed    int64 // seen by the operator (XEP-0333)
	Settled      bool  // the conversation is closed and all of it confirmed
	Known        int64 // up to here they had the log before they joined anew; 0: nothing, -1: what was sent came back, or may have gone to a client that was gone
}

// cursor is the one that a step of delivery moves; nil if none does.
func (p *Participant) cursor(s ReceiptStatus) *int64 {
	switch s {
	case Confirmed:
		return &p.Confirmed
	case Delivered:
		return &p.Delivered
	case Displayed:
		return &p.Displayed
	}
	return nil
}

// reached is up to where a step of delivery is proved: what is seen was delivered, and
// what is delivered was routed.
func (p Participant) reached(s ReceiptStatus) int64 {
	switch s {
	case Displayed:
		return p.Displayed
	case Delivered:
		return max(p.Displayed, p.Delivered)
	}
	return max(p.Confirmed, p.Delivered, p.Displayed)
}

// join begins the part of an operator at an event. Who had one before keeps what they
// know of the log.
func join(tx Tx, number int64, o OperatorJID, seq int64) error {
	parts, err := tx.Participants(number)
	if err != nil {
		return err
	}
	p := Participant{Conversation: number, Operator: o, Joined: seq, Confirmed: seq - 1, Delivered: seq - 1, Displayed: seq - 1}
	for _, was := range parts {
		if was.Operator == o {
			p.Known = was.had()
		}
	}
	return tx.SaveParticipant(p)
}

// had is up to where the log has surely reached the operator, in this part or an
// earlier one. That the server routed it says nothing once something came back, or the
// operator went without a word.
func (p Participant) had() int64 {
	sure := max(p.Delivered, p.Displayed)
	if p.Known >= 0 {
		sure = max(sure, p.Confirmed)
	}
	if sure >= p.Joined {
		return sure
	}
	return max(p.Known, 0)
}
