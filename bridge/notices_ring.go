package bridge

import (
	"context"
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// This file looks after notices that ring until the operator has seen them: whoever has seen one is told no more
// by any way, and what somebody has taken rings no more.

// listenEvery is how often a channel is asked whether a notice still rings (Pushover allows every 5 s).
const listenEvery = 15 * time.Second

// attend asks what became of the notices that ring, and silences those that nobody needs any more. What follows from
// that is stored by save.
func (s *sending) attend(ctx context.Context) {
	for i := range s.over {
		d := &s.over[i]
		needed := slices.ContainsFunc(s.rings, func(other DueNotice) bool { return other.Receipt == d.Receipt })
		if needed || s.silence(ctx, *d) {
			d.Due, d.Receipt = time.Time{}, ""
		} else {
			d.Due = s.now.Add(listenEvery)
		}
	}
	for _, d := range s.list {
		s.silence(ctx, d) // it rings for an earlier offer, and will ring for this one
	}
	answers := make(map[string]Heard)
	for i := range s.rings {
		d := &s.rings[i]
		answer, asked := answers[d.Receipt]
		if !asked {
			answer = s.heard(ctx, *d)
			answers[d.Receipt] = answer
		}
		switch answer {
		case StillRings:
			d.Due = s.now.Add(listenEvery)
			continue
		case WasSeen:
			s.seen = append(s.seen, *d)
		}
		d.Due, d.Receipt = time.Time{}, ""
	}
}

// heard asks what became of a notice. One that can't be asked about is taken to ring still.
func (s *sending) heard(ctx context.Context, d DueNotice) (answer Heard) {
	r, can := s.ch.(Ringer)
	if !can {
		return RangInVain
	}
	err := attempt(ctx, s.ch, func(ctx context.Context) (err error) {
		answer, err = r.Heard(ctx, s.o, d.Receipt)
		return err
	})
	switch {
	case phrase.CodeOf(err) == phrase.CodeInvalid:
		return RangInVain
	case err != nil:
		s.bridge.log.Warn("a notice was not asked about", "way", s.ch.Way(), "operator", s.o.JID, "err", err)
		return StillRings
	}
	return answer
}

// silence ends the ringing of a notice, if it rings. It reports whether nothing is left to be done.
func (s *sending) silence(ctx context.Context, d DueNotice) bool {
	r, can := s.ch.(Ringer)
	if d.Receipt == "" || !can {
		return true
	}
	err := attempt(ctx, s.ch, func(ctx context.Context) error { return r.Silence(ctx, s.o, d.Receipt) })
	if err == nil || phrase.CodeOf(err) == phrase.CodeInvalid || s.now.Sub(d.SentAt) > noticeFor {
		return true
	}
	s.bridge.log.Warn("a notice was not silenced", "way", s.ch.Way(), "operator", s.o.JID, "err", err)
	return false
}

// mute ends the notices by other ways of what the operator has seen.
func (s *sending) mute(tx Tx) error {
	for _, d := range s.seen {
		for _, w := range Ways() {
			other, err := tx.Notice(d.Conversation, d.Operator, w)
			if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && (w == d.Way || !sameTime(other.Asked, d.Asked)) {
				continue
			}
			if err == nil {
				other.Due = time.Time{}
				err = tx.SaveNotice(other)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
