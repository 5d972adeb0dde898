package bridge

// join begins the part of an operator at an event. Who had one before keeps what they
// know of the log.
func join(tx Tx, number int64, e Event) error {
	parts, err := tx.Participants(number)
	if err != nil {
		return err
	}
	p := Participant{Conversation: number, Operator: e.Operator, Joined: e.Seq, Confirmed: e.Seq - 1, Delivered: e.Seq - 1, Displayed: e.Seq - 1}
	for _, was := range parts {
		if was.Operator == e.Operator {
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
