package bridge

import "porchlight/bridge/phrase"

// Participant is an operator in a conversation, with cursors into its log. Each cursor is the
// highest seq for which that step of delivery is proved.
type Participant struct {
	Conversation int64
	Operator     OperatorJID
	Joined       int64 // the seq of the event by which the operator joined, or began to read along; 0: they have read along, and ended that themselves
	Left         bool
	Confirmed    int64 // the XMPP server has routed it (ping barrier, XEP-0199)
	Delivered    int64 // a client has received it (XEP-0184)
	Displayed    int64 // the operator has seen it (XEP-0333)
	Settled      bool  // the conversation is closed, and its whole log is confirmed
	Watches      bool  // the operator reads along without taking part; also of one who has Left
	Known        int64 // up to where the operator had the log from an earlier part; 0: nothing; -1: they were lost, so what was sent may not have arrived
}

// takesPart reports whether the operator is in the conversation, so that the visitor may get their words.
func (p Participant) takesPart() bool { return p.Operator != "" && !p.Left && !p.Watches }

// readsAlong reports whether the operator gets the log, and nobody gets their words.
func (p Participant) readsAlong() bool { return !p.Left && p.Watches }

// mute reports whether the operator reads along, or did so last and has not ended it themselves.
func (p Participant) mute() bool { return p.Watches && p.Joined > 0 }

// endWatch ends what is left of the operator's reading along. They keep what they know of the log.
func (p *Participant) endWatch() {
	known := p.had()
	p.Left, p.Joined, p.Known, p.Confirmed, p.Delivered, p.Displayed = true, 0, known, known, known, known
}

// cursor is the cursor that a step of delivery moves; nil if none does.
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

// reached is up to where a step of delivery is proved: what was seen was delivered, and what was
// delivered was routed.
func (p Participant) reached(s ReceiptStatus) int64 {
	switch s {
	case Displayed:
		return p.Displayed
	case Delivered:
		return max(p.Displayed, p.Delivered)
	}
	return max(p.Confirmed, p.Delivered, p.Displayed)
}

// join begins an operator's part with an event. An operator who had a part before keeps what they know
// of the log.
func (u *commit) join(c Conversation, e Effect) error {
	parts, err := u.tx.Participants(c.Number)
	if err != nil {
		return err
	}
	o, seq := e.Operator, e.Joined
	p := Participant{Conversation: c.Number, Operator: o, Joined: seq, Confirmed: seq - 1, Delivered: seq - 1, Displayed: seq - 1, Watches: e.Watches}
	for _, was := range parts {
		if was.Operator == o {
			p.Known = was.had()
		}
	}
	return u.tx.SaveParticipant(p)
}

// had is up to where the log has surely reached the operator, in this part or an earlier one. That
// the server routed a message proves nothing if one came back, or if the operator was lost.
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

// leave ends the part of one operator, and tells them why unless they wanted it; or it ends the parts
// of all participants, who are told nothing.
func (u *commit) leave(c Conversation, e Effect) error {
	parts, err := u.tx.Participants(c.Number)
	if err != nil {
		return err
	}
	watched := false
	for _, p := range parts {
		if p.Left || e.Operator != "" && p.Operator != e.Operator {
			continue
		}
		p.Left = true
		watched = p.Watches
		if p.Watches && e.Operator != "" && e.Reason == "" {
			p.endWatch()
		}
		if e.Reason == ReasonUnreachable || e.Reason == ReasonOwnerLeft { // the operator's client may have been gone for long
			p.Known = -1
		}
		if e.Reason == ReasonUnreachable && e.Reached >= 0 { // what came back did not reach the operator
			p.Confirmed, p.Delivered, p.Displayed = min(p.Confirmed, e.Reached), min(p.Delivered, e.Reached), min(p.Displayed, e.Reached)
		}
		if err := u.tx.SaveParticipant(p); err != nil {
			return err
		}
	}
	if e.Operator == "" || e.Reason == "" || e.Later { // all participants, one who wanted it, or one who is told later
		return nil
	}
	why := phrase.Say("#%d was offered again, because %s.", c.Number, leftText(e.Reason))
	if c.State == Active || watched { // the operator was a guest, or read along
		why = phrase.Say("Your part in #%d has ended, because %s.", c.Number, leftText(e.Reason))
	}
	_, err = u.tell(DeskEntry{Operator: e.Operator, Kind: DeskNotice, Conversation: c.Number, Phrase: why})
	return err
}

// unmute ends what is left of an operator's reading along.
func (u *commit) unmute(c Conversation, o OperatorJID) error {
	p, err := partOf(u.tx, c.Number, o)
	if err != nil {
		return err
	}
	p.endWatch()
	return u.tx.SaveParticipant(p)
}

// leftText says to an operator why a conversation was taken from them.
func leftText(reason string) phrase.Phrase {
	switch reason {
	case ReasonUnreachable:
		return phrase.Say("a message to you came back undelivered")
	case ReasonMayNot:
		return phrase.Say("you may not watch conversations any more")
	}
	return phrase.Say("you were offline")
}
