package bridge

import (
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Said is what an operator says in a conversation: new words, or something about
// earlier ones.
type Said struct {
	ID      string    // of the stanza; the same content under it within Repeats is not stored again
	Also    string    // its other id, if it has two: who speaks of it later may mean either
	Type    EventType // EventMessage, EventCorrection, EventRetraction or EventReaction; "" is EventMessage
	Text    string    // the words, or the emoji with spaces between; empty takes a reaction back
	File    File      // of a message, with Text or instead of it: Name is its URL
	About   string    // id of the stanza that is replied to, corrected, taken back or reacted to
	Written time.Time // when it was sent first, if it comes later (XEP-0203); else zero
}

// OperatorWrites stores what an operator says to a visitor. In a conversation
// that nobody has taken, the first message takes it. An error means that it was
// not delivered and never will be; CodeConflict that somebody else has the
// conversation, CodeNotFound that nobody said what it is about.
func (b *Bridge) OperatorWrites(ctx context.Context, jid OperatorJID, v VisitorJID, s Said) (Conversation, error) {
	if s.ID == "" {
		s.ID = newID()
	}
	s.File.Name, s.File.Type = cleanLine(s.File.Name), cleanLine(s.File.Type)
	a := Action{Type: OperatorWrites, Text: cleanText(s.Text), File: s.File, Written: s.Written}
	a.Origin = sayingOrigin(jid, s.ID, s.Also, s.Type, a.Text, s.File, s.About)
	if s.amends() {
		a.Type, a.Amend = OperatorAmends, s.Type
	}
	switch {
	case a.Amend == EventReaction && !reasonable(a.Text):
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "A reaction is a few emoji, no more.")
	case a.Text == "" && a.File.Name == "" && a.Amend != EventReaction && a.Amend != EventRetraction:
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "An empty message was not sent.")
	}
	var c Conversation
	if s.About != "" || s.amends() {
		err := b.store.View(ctx, func(r Reader) (err error) { // events never change, and the search may take long
			c, a.About, err = s.find(r, v, jid)
			return err
		})
		if err != nil {
			return Conversation{}, err
		}
	}
	if s.amends() {
		return b.operatorAmends(ctx, jid, c.Number, a)
	}
	var away error
	find := func(r Reader) (Conversation, error) {
		now, err := r.LatestConversation(v)
		if away = nil; err == nil && now.State == Closed {
			away = b.turnsAway(r, now)
		}
		return now, err
	}
	return b.operatorDoes(ctx, jid, find, func(now Conversation, next *Action) bool {
		if *next = a; now.Number != c.Number {
			next.About = Event{}
		}
		next.Blocked = phrase.CodeOf(away) == phrase.CodeForbidden
		return true
	})
}

// operatorAmends applies what an operator says about something said before. The
// rules ask whose it is; which department it is in does not matter, since one's own
// words can always be taken back.
func (b *Bridge) operatorAmends(ctx context.Context, jid OperatorJID, number int64, a Action) (Conversation, error) {
	o, err := b.enabled(jid)
	if err == nil && a.Amend == EventRetraction {
		err = b.store.View(ctx, func(r Reader) (err error) {
			a.With, err = sentWith(r, a.About)
			return err
		})
	}
	if err != nil {
		return Conversation{}, err
	}
	return b.actAs(ctx, o, byNumber(number), exactly(a))
}

// amends reports whether it is about something that was said before, and not new.
func (s Said) amends() bool { return s.Type != "" && s.Type != EventMessage }

// maxReactions and maxEmoji bound one person's reactions to one message: how
// many, and each one's bytes (a family of four with skin tones has 41).
const (
	maxReactions = 12
	maxEmoji     = 64
)

func reasonable(reactions string) bool {
	words := strings.Fields(reactions)
	for _, w := range words {
		if len(w) > maxEmoji {
			return false
		}
	}
	return len(words) <= maxReactions
}

// VisitorCorrects changes the visitor's last message. The same client id again
// returns what was stored the first time, and repeated is true.
func (b *Bridge) VisitorCorrects(ctx context.Context, number int64, clientID, text string, replaces int64) (e Event, repeated bool, err error) {
	if text, err = b.visitorText(&clientID, text); err != nil {
		return Event{}, false, err
	}
	var about Event
	out, err := b.act(ctx, func(r Reader) (Conversation, error) {
		c, err := b.served(number)(r)
		if err != nil {
			return c, err
		}
		about = Event{Seq: replaces}
		if _, err = r.EventByOrigin(number, VisitorOrigin(clientID)); err == nil {
			return c, nil // act finds it again
		}
		last, err := r.LastMessage(number, FromVisitor, c.Seq)
		if err == nil {
			about, err = original(r, number, last)
		}
		if err == nil && about.Seq != replaces {
			err = phrase.Fail(phrase.CodeConflict, "Only your last message can be changed.")
		}
		return c, err
	}, func(_ Conversation, a *Action) bool {
		*a = Action{Type: VisitorCorrects, Text: text, Origin: VisitorOrigin(clientID), About: about}
		return true
	})
	if err != nil {
		return Event{}, false, err
	}
	return out.Events[len(out.Events)-1], out.Duplicate, nil
}

// AsItStands applies the corrections and retractions in a piece of a log to the
// messages in it: a message has its last text, or none if it was taken back.
// What is about a message outside of the piece stays as it is.
func AsItStands(log []Event) []Event {
	at := make(map[int64]int, len(log))
	out := make([]Event, 0, len(log))
	for _, e := range log {
		i, here := at[e.Number]
		switch {
		case here && e.Type == EventCorrection:
			if out[i].State != Retracted {
				out[i].Text, out[i].State = e.Text, Corrected
			}
			continue
		case here && e.Type == EventRetraction:
			out[i].Text, out[i].State = "", Retracted
			continue
		case e.Type.Content():
			at[e.Seq] = len(out)
		case e.Type == EventCorrection: // of something outside
			at[e.Number] = len(out)
		}
		out = append(out, e)
	}
	return out
}

// Blanked is a piece of a log without the words that were taken back in it, for
// those who read it after that.
func Blanked(log []Event) []Event {
	gone := make(map[int64]bool)
	for _, e := range log {
		if e.Type == EventRetraction {
			gone[e.Number] = true
		}
	}
	if len(gone) == 0 {
		return log
	}
	out := slices.Clone(log)
	for i, e := range out {
		if gone[e.Seq] || e.Type == EventCorrection && gone[e.Number] {
			out[i].Text = ""
			if e.Type == EventFile {
				out[i].Reason = "" // its name
			}
		}
	}
	return out
}

// What AsItStands writes into the State of a message that was changed.
const (
	Corrected = "corrected"
	Retracted = "retracted"
)
