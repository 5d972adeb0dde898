package bridge

import (
	"context"

	"porchlight/bridge/phrase"
)

// VisitorWrites stores a visitor's message. The same client id again returns the event that was stored
// the first time, and repeated is true; other words under that id get CodeConflict.
func (b *Bridge) VisitorWrites(ctx context.Context, number int64, clientID, text string) (e Event, repeated bool, err error) {
	if text, err = b.opts.Limits.written(&clientID, text); err != nil {
		return Event{}, false, err
	}
	origin := VisitorOrigin(clientID)
	out, err := b.act(ctx, func(r Reader) (Conversation, Action, error) { // not by then, which keeps the whole action
		c, err := b.goingOn(number)(r)
		return c, Action{Type: VisitorWrites, Text: text, Origin: origin}, err
	})
	return out.of(origin), out.Duplicate, err
}

// served finds the conversation of a visitor who is not blocked.
func (b *Bridge) served(number int64) finder {
	return func(r Reader) (Conversation, error) {
		c, err := r.Conversation(number)
		if err == nil {
			err = b.Blocks.refuseIn(r, c)
		}
		return c, err
	}
}

// goingOn is served for what would open a conversation again that has ended. That is refused while the
// visitor has another one open, since an operator's words to their JID go to one of them.
func (b *Bridge) goingOn(number int64) finder {
	return func(r Reader) (Conversation, error) {
		c, err := b.served(number)(r)
		if err != nil || c.State != Closed {
			return c, err
		}
		now, err := r.LatestConversation(c.Visitor)
		if err == nil && now.State != Closed {
			err = phrase.Fail(phrase.CodeConflict, "You have another conversation that is open. Please go on there.")
		}
		return c, err
	}
}

// written cleans what a visitor wrote and checks it and its client id; an empty client id gets a random
// value.
func (l Limits) written(clientID *string, text string) (string, error) {
	if len(text) > l.Message {
		return "", tooLong("text", text, l.Message)
	}
	if err := ClientIDFits(*clientID); err != nil {
		return "", err
	}
	if text = CleanText(text); text == "" {
		return "", phrase.Invalid("text", "Write something.")
	}
	if *clientID == "" {
		*clientID = newID()
	}
	return text, nil
}

// ClientIDFits refuses a client id that is too long, with a phrase.Error about the field client_id. Any goroutine may call it.
func ClientIDFits(clientID string) error {
	if len(clientID) > maxClientID {
		return tooLong("client_id", clientID, maxClientID)
	}
	return nil
}

// maxClientID is how many bytes a client id of a browser may have.
const maxClientID = 128

// VisitorMails stores the email address that the visitor gave on the page after the request, also when the conversation is over.
// Who is blocked gets CodeForbidden; what was called junk or joined with another request takes no address then (CodeConflict).
func (b *Bridge) VisitorMails(ctx context.Context, number int64, email string) error {
	if err := b.addressed("email", email); err != nil {
		return err
	}
	return b.update(ctx, func(u *commit) error { return u.reachable(number, email) })
}

// reachable stores an email address that the visitor of a conversation gave.
func (u *commit) reachable(number int64, email string) error {
	var visitor VisitorJID
	_, err := u.act(func(r Reader) (c Conversation, a Action, err error) {
		c, err = u.b.served(number)(r)
		visitor = c.Visitor
		return c, Action{Type: VisitorMails, Email: email}, err
	}, []func(Tx) error{func(tx Tx) error {
		if err := tx.SaveRequestEmail(number, email); err != nil {
			return err
		}
		return reachableAt(tx, visitor, email)
	}})
	return err
}

// reachableAt stores an email address of a visitor whose address is not known yet.
func reachableAt(tx Tx, visitor VisitorJID, email string) error {
	v, err := tx.Visitor(visitor)
	if err != nil || v.Email != "" {
		return err
	}
	v.Email = email
	return tx.SaveVisitor(v)
}

// VisitorCloses ends the conversation.
func (b *Bridge) VisitorCloses(ctx context.Context, number int64) error {
	_, err := b.act(ctx, byNumber(number).then(Action{Type: VisitorCloses}))
	return err
}

// PageShowed says that a page has shown the log up to seq: that does not go by mail.
func (b *Bridge) PageShowed(c Conversation, seq int64) {
	if b.Mail.On() {
		b.hub.pages.saw(c.Number, seq)
	}
}

// VisitorSaw tells the operators that the page has shown the log up to seq.
func (b *Bridge) VisitorSaw(c Conversation, seq int64) {
	if seq > 0 && seq <= c.Seq {
		b.PageShowed(c, seq)
		b.hub.publish(&Change{Conversation: c, Seen: seq})
	}
}
