package bridge

import (
	"context"
	"errors"
	"time"

	"porchlight/bridge/phrase"
)

// Failed takes in that something that was sent to an operator came back as an
// error. id and v are those of a message, and who it seemed to be from: a visitor,
// or the desk if v is "". The operator is unavailable until they show themselves;
// what was in the message is kept for them, or a conversation offered to others.
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

// maxFaultText bounds what is kept of an error's text, in bytes.
const maxFaultText = 200

// tell says once that an operator can't be reached. That somebody may only be
// offline is no alarm.
func (r *Reach) tell(o OperatorJID, f Fault) {
	r.b.log.Warn("an operator can't be reached", "operator", o, "condition", f.Condition, "text", f.Text)
	if !f.Offline() {
		r.b.Alarms.Raise(alarmReach+string(o), phrase.Say("%s (%s) can't be reached: %s. Is the address right, can your server reach theirs, and does theirs accept the certificate of %s?",
			r.b.Team.name(o), string(o), f.String(), r.b.opts.Domain))
	}
}

// alarmReach begins the name of the alarm that an operator can't be reached.
const alarmReach = "reach "

// moved does what follows when it has changed whether an operator can be reached.
func (r *Reach) moved(ctx context.Context, o OperatorJID, was, is standing) error {
	var errs []error
	if was != is {
		r.stopsWriting(o)
	}
	if was.fault && !is.fault {
		r.b.log.Info("an operator can be reached again", "operator", o)
		r.b.hub.publishDesk(o) // what was kept
	}
	if !is.fault && (was.fault || is.there && !was.there) { // a new link knows of no fault
		r.b.Alarms.Clear(alarmReach+string(o), phrase.Say("%s can be reached again.", r.b.Team.name(o)))
	}
	if was.free != is.free || was.fault != is.fault {
		r.b.hub.publishStatus()
	}
	if was.there != is.there || was.free != is.free {
		op, _ := r.b.Team.get(o)
		wants := op.Enabled && !op.Paused
		errs = append(errs, r.turned(o, wants && was.free, wants && is.free, is.there && !was.there, !is.there && !is.fault).run(ctx))
	}
	return errors.Join(errs...)
}

// turned is what is to be settled when an operator gets offers or does not any more,
// which may be because they logged out, or came online.
func (r *Reach) turned(jid OperatorJID, was, is, back, loggedOut bool) settling {
	now := r.b.clock.Now()
	s := settling{bridge: r.b, whose: jid, brief: r.b.gone.brief(jid, now)}
	if is && !was || back {
		s.comes = jid
	}
	if was && !is {
		r.b.gone.begin(jid, now, loggedOut)
	}
	return s
}

// Holds reports whether nothing of their desk log is to be sent to an operator now, and
// how often that has begun or ended: what was sent in an earlier turn may have to be sent
// again, so a proof of it counts for nothing.
func (r *Reach) Holds(o OperatorJID) (held bool, turn int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.known[o]
	if w == nil {
		return false, 0
	}
	return w.fault.Condition != "" || w.taking > 0, w.turn
}

// turnOver begins another turn of Holds, as taking back a part of a desk log begins (1)
// or ends (-1).
func (r *Reach) turnOver(o OperatorJID, by int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.at(o)
	w.turn++
	w.taking = max(0, w.taking+by) // a new link may have begun since
}

// takeBack has an operator's desk log delivered again from the first of its last
// entries that came back. Until that is committed nothing of it is sent, and no proof of
// what was sent before counts, since it would undo it.
func (r *Reach) takeBack(ctx context.Context, o OperatorJID, back func(DeskEntry) bool) error {
	r.turnOver(o, 1)
	defer func() { // they may have shown themselves meanwhile
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

// takeBackSince takes back what went to a server or to the only client after its last
// sign of life: that it did not come back proves nothing. A server that dies takes with
// it what ours had just written to their connection, and only what comes later is
// refused.
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

// Unreachable ends an operator's part in a conversation whose messages from seq on
// did not reach them, 0 if all may have; if they own it, it is put on offer again.
// The log says up to where the visitor's messages were passed on after all.
func (r *Reach) Unreachable(ctx context.Context, o OperatorJID, number, seq int64) error {
	_, err := r.b.act(ctx, byNumber(number).then(Action{Type: OwnerUnreachable, Operator: o, Name: r.b.Team.name(o), Upto: seq - 1}))
	return err
}
