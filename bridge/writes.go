package bridge

import (
	"context"
	"strings"
	"time"

	"porchlight/bridge/phrase"
)

// Said is what an operator says in a conversation: new words, or something about earlier ones.
type Said struct {
	ID      string    // the stanza's id; the same content under the same id within Repeats is not stored again
	Also    string    // the stanza's other id, if it has two: a later stanza may name either
	Type    EventType // EventMessage, EventCorrection, EventRetraction or EventReaction; "" is EventMessage
	Text    string    // the words, or the emoji separated by spaces; an empty reaction takes the earlier one back
	File    File      // a file that is sent with Text or instead of it
	About   string    // the id of the stanza that is replied to, corrected, taken back or reacted to
	ByMail  bool      // the words go by mail at once though the page is open
	Written time.Time // when the stanza was sent first, if it comes later (XEP-0203); else zero
}

// OperatorWrites stores what an operator says to a visitor. In a conversation that waits, the first message
// takes it. An error means that the words were not delivered and never will be: CodeConflict that
// somebody else has the conversation, CodeNotFound that the words they are about are not known.
func (b *Bridge) OperatorWrites(ctx context.Context, jid OperatorJID, v VisitorJID, s Said) (Conversation, error) {
	if s.ID == "" {
		s.ID = newID()
	}
	s.File.URL, s.File.Type = cleanLine(s.File.URL), cleanLine(s.File.Type)
	a := Action{Type: OperatorWrites, Text: CleanText(s.Text), File: s.File.shown(), Written: s.Written, ByMail: s.ByMail}
	a.Origin = sayingOrigin(jid, s.ID, s.Also, s.Type, a.Text, s.File, s.About)
	if s.amends() {
		a.Type, a.Amend = OperatorAmends, s.Type
	}
	switch {
	case a.Amend == EventReaction && !reasonable(a.Text):
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "A reaction is a few emoji, no more.")
	case a.Text == "" && !a.File.sent() && a.Amend != EventReaction && a.Amend != EventRetraction:
		return Conversation{}, phrase.Fail(phrase.CodeInvalid, "An empty message was not sent.")
	}
	if o, known := b.Team.Operator(jid); a.File.sent() && known && !o.May(MayFiles) {
		return Conversation{}, phrase.Fail(phrase.CodeForbidden, "You may not send files. A super operator can allow it.")
	}
	var found int64 // the number of the conversation of a.About
	if s.About != "" || s.amends() {
		err := b.store.View(ctx, func(r Reader) error { // events never change, and the search may take long
			c, about, err := s.find(r, v, jid)
			found, a.About = c.Number, about
			return err
		})
		if err != nil {
			return Conversation{}, err
		}
	}
	if s.amends() {
		return b.operatorAmends(ctx, jid, found, a)
	}
	return b.operatorActs(ctx, jid, func(r Reader) (Conversation, Action, error) {
		now, err := latest(r, v)
		if err != nil {
			return now, a, err
		}
		if s.ByMail && !b.Mail.On() {
			return now, a, mailIsOff()
		}
		if s.ByMail && now.Email == "" {
			return now, a, phrase.Fail(phrase.CodeConflict, "No email address of this visitor is known, so nothing was sent.")
		}
		next := a
		if now.Number != found {
			next.About = Event{}
		}
		err = b.beforeWriting(r, now, jid, &next)
		return now, next, err
	})
}

// operatorAmends applies what an operator says about an earlier event. The rules check whose event it is.
// The department does not matter, since operators can always take their own words back.
func (b *Bridge) operatorAmends(ctx context.Context, jid OperatorJID, number int64, a Action) (Conversation, error) {
	o, err := b.Team.enabled(jid)
	if err == nil && a.Amend == EventRetraction {
		err = b.store.View(ctx, func(r Reader) (err error) {
			if a.With, err = sentWith(r, a.About); err == nil {
				a.Mailed, err = mailed(r, a.About)
			}
			return err
		})
	}
	if err != nil {
		return Conversation{}, err
	}
	a.Operator, a.Name = o.JID, o.Name
	out, err := b.act(ctx, func(r Reader) (Conversation, Action, error) {
		c, err := r.Conversation(number)
		if err == nil {
			a.Gone, err = takenBack(r, a.About) // here, since another device may take it back meanwhile
		}
		return c, a, err
	})
	return out.Conversation, err
}

// amends reports whether it is said about an earlier event, and does not say something new.
func (s Said) amends() bool { return s.Type != "" && s.Type != EventMessage }

// maxReactions is how many reactions one person may give to one message, and maxEmoji how many bytes each
// may have (a family of four with skin tones has 41).
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
