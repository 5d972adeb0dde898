package bridge

import (
	"context"
	"errors"
	"time"

	"porchlight/bridge/phrase"
)

// Failed takes in that something sent to an operator came back as an error. If it was a message, id
// is its id, and v the visitor it seemed to be from, "" for the desk. The operator is unavailable
// until they show themselves; a message of the desk is kept for them, and the conversation of
// another message is offered to others.
func (r *Reach) Failed(ctx context.Context, o OperatorJID, f Fault, v VisitorJID, id string) error {
	f.Text = Cut(cleanLine(f.Text), maxFaultText)
	var was, is standing
	var errs []error
	if !f.ours() {
		var news bool
		var sign time.Time
		if was, is, news, sign = r.fail(o, f, r.b.clock.Now()); news {
			r.tell(o, f)
		}
		if news && f.Server() {
			errs = append(errs, r.takeBackSince(ctx, o, sign))
		}
	}
	switch {
	case id == "":
	case v != "":
		errs = append(errs, r.returned(ctx, o, v, id))
	case !f.ours():
		errs = append(errs, r.takeBack(ctx, o, func(e DeskEntry) bool { return StanzaID(string(o), e.Seq) == id }))
	}
	return errors.Join(append(errs, r.moved(ctx, o, was, is))...)
}

// maxFaultText is how many bytes of an error's text are kept.
const maxFaultText = 200

// tell tells people that an operator can't be reached. An operator who may only be offline is worth
// no alarm.
func (r *Reach) tell(o OperatorJID, f Fault) {
	r.b.log.Warn("an operator can't be reached", "operator", o, "condition", f.Condition, "text", f.Text)
	if !f.Offline() {
		r.b.Alarms.Raise(alarmReach+string(o), phrase.Say("%s (%s) can't be reached: %s. Is the address right, can your server reach theirs, and does theirs accept the certificate of %s?",
			r.b.Team.name(o), string(o), f.String(), r.b.opts.Domain))
	}
}

// alarmReach begins the name of the alarm that an operator can't be reached.
const alarmReach = "reach "

// moved does what follows when an operator can be reached in another way than before.
func (r *Reach) moved(ctx context.Context, o OperatorJID, was, is standing) error {
	var errs []error
	if was != is {
		r.stopsWriting(o)
	}
	if was.fault && !is.fault {
		r.b.log.Info("an operator can be reached again", "operator", o)
		r.b.hub.publishDesk(o) // the desk log was held
	}
	if !is.fault && (was.fault || is.there && !was.there) { // the fault may have been noticed over an earlier link
		r.b.Alarms.Clear(alarmReach+string(o), phrase.Say("%s can be reached again.", r.b.Team.name(o)))
	}
	if was.free != is.free || was.fault != is.fault {
		r.b.hub.publishStatus()
	}
	if was.there != is.there || was.free != is.free || was.fault != is.fault {
		op, _ := r.b.Team.get(o)
		wants := op.Enabled && !op.Paused
		s := r.turned(o, wants && was.free, wants && is.free, is.there && !was.there, !is.there && !is.fault)
		if was.there != is.there {
			s.online = &is.there
		}
		errs = append(errs, s.run(ctx))
	}
	return errors.Join(errs...)
}

// turned is what has to be settled when an operator starts or stops getting offers, or comes online
// (back) or logs out.
func (r *Reach) turned(jid OperatorJID, was, is, back, loggedOut bool) settling {
	now := r.b.clock.Now()
	s := settling{bridge: r.b, whose: jid, knows: r.b.gone.brief(jid, now)}
	if is && !was || back {
		s.comes = jid
	}
	if was && !is {
		r.b.gone.begin(jid, now, loggedOut)
	}
	return s
}

// Holds reports whether nothing of an operator's desk log may be sent now, and how often that has
// begun or ended. What was sent in an earlier turn may have to be sent again, so a proof of it
// counts for nothing.
func (r *Reach) Holds(o OperatorJID) (held bool, turn int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[o]
	if w == nil {
		return false, 0
	}
	return w.fault.Condition != "" || w.taking > 0, w.turn
}

// turnOver begins another turn of Holds: the taking back of a part of a desk log begins (1) or ends
// (-1).
func (r *Reach) turnOver(o OperatorJID, by int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.at(o)
	w.turn++
	w.taking = max(0, w.taking+by) // a new link may have forgotten the count meanwhile
}

// takeBack has an operator's desk log delivered again, from the first of its last entries for which
// back reports true. Until that is committed nothing of the log is sent, and no proof of what was
// sent before counts, since it would move the cursor forward again.
func (r *Reach) takeBack(ctx context.Context, o OperatorJID, back func(DeskEntry) bool) error {
	r.turnOver(o, 1)
	defer func() { // the operator may have shown themselves meanwhile
		r.turnOver(o, -1)
		r.b.hub.publishDesk(o)
	}()
	return r.b.store.Update(ctx, func(tx Tx) error {
		op, err := stored(tx, o)
		if err != nil {
			return err
		}
		entries, err := tx.DeskEntries(o, max(0, op.DeskSeq-deskBack), deskBack)
		for _, e := range entries {
			if back(e) {
				return errors.Join(err, tx.ReturnDesk(o, e.Seq-1))
			}
		}
		return err
	})
}

// takeBackSince takes back what went to an operator after their last sign of life. That it did not
// come back proves nothing: a server that dies takes with it what ours had just written to their
// connection, and only what comes later is refused.
func (r *Reach) takeBackSince(ctx context.Context, o OperatorJID, since time.Time) error {
	errs := []error{r.takeBack(ctx, o, func(e DeskEntry) bool { return !e.At.Before(since) })}
	var owned []Conversation
	lost := make(map[int64]int64)
	err := r.b.store.View(ctx, func(s Reader) (err error) {
		owned, err = s.OwnedBy(o)
		for _, c := range owned {
			events, err := s.Events(c.Number, max(0, c.Seq-silenceLook), silenceLook)
			if err != nil {
				return err
			}
			for _, e := range events {
				if e.Type.Content() && e.From == FromVisitor && !e.At.Before(since) && lost[c.Number] == 0 {
					lost[c.Number] = e.Seq
				}
			}
		}
		return err
	})
	errs = append(errs, err)
	for number, seq := range lost {
		errs = append(errs, r.Unreachable(ctx, o, number, seq))
	}
	return errors.Join(errs...)
}

// returned takes in that a message of a conversation came back.
func (r *Reach) returned(ctx context.Context, o OperatorJID, v VisitorJID, id string) error {
	number, seq, err := r.b.SentTo(ctx, o, v, id)
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && seq == 0:
		return nil
	case err != nil:
		return err
	}
	r.b.log.Warn("a message came back", "conversation", number, "operator", o, "seq", seq)
	return r.Unreachable(ctx, o, number, seq)
}

// Unreachable ends an operator's part in a conversation whose messages from seq on did not reach
// them, 0 if all may have reached them. If the operator owns it, it is offered again. The log says
// up to where the operator had the visitor's messages.
func (r *Reach) Unreachable(ctx context.Context, o OperatorJID, number, seq int64) error {
	_, err := r.b.act(ctx, byNumber(number).then(Action{Type: OwnerUnreachable, Operator: o, Name: r.b.Team.name(o), Upto: seq - 1}))
	return err
}
