package bridge

import (
	"context"
	"errors"

	"porchlight/bridge/phrase"
)

// WriteFirst opens a ticket to somebody who did not write first: what the operator says goes there by
// mail at once, and the operator owns it.
func (b *Bridge) WriteFirst(ctx context.Context, jid OperatorJID, address, subject, text string) (Conversation, error) {
	subject, text = cleanLine(subject), CleanText(text)
	wrong := b.addressed("address", address)
	switch {
	case !b.Mail.On():
		return Conversation{}, mailIsOff()
	case wrong != nil:
		return Conversation{}, wrong
	case subject == "":
		return Conversation{}, phrase.Invalid("subject", "A mail needs a subject.")
	case len(subject) > mailSubjectBytes:
		return Conversation{}, tooLong("subject", subject, mailSubjectBytes)
	case text == "":
		return Conversation{}, phrase.Invalid("text", "An empty mail was not sent.")
	case len(text) > b.opts.Limits.Message:
		return Conversation{}, tooLong("text", text, b.opts.Limits.Message)
	}
	o, err := b.Team.enabled(jid)
	if err != nil {
		return Conversation{}, err
	}
	var c Conversation
	fresh := newID()
	err = b.update(ctx, func(u *commit) (err error) {
		c, err = u.writeFirst(ConversationID(fresh), o, address, subject, text)
		return err
	})
	return c, err
}

// mailIsOff is the error for mail that can't be sent at all.
func mailIsOff() error {
	return phrase.Fail(phrase.CodeConflict, "Mail is off here. An administrator turns it on in the section [email] of the config.")
}

// writeFirst stores the ticket, with its visitor and its thread.
func (u *commit) writeFirst(id ConversationID, o Operator, address, subject, text string) (Conversation, error) {
	l := Letter{From: address}
	l.tidy(u.b.opts.Limits)
	q := Inquiry{ClientID: string(id), Request: Request{Name: l.Name, Email: l.From, Reason: o.Name + ": " + text}, Department: u.home(o)}
	newest, err := u.whose(&q, l.From)
	if errors.Is(err, errManyOpen) {
		err = manyMails(newest, l.From)
	}
	if err == nil {
		err = u.speaks(&q, o.Tongue())
	}
	if err != nil {
		return Conversation{}, err
	}
	c, err := u.begin(Conversation{ID: id, Email: l.From, Department: q.Department}, q, newID(), Action{Type: OperatorOpens, Operator: o.JID, Name: o.Name, Text: text, Post: true, ByMail: true, Home: u.b.Team.home(q.Department)})
	if err != nil {
		return Conversation{}, err
	}
	_, err = u.thread(c.Number, l.From, subject)
	return c, err
}

// home is the department in whose name an operator writes: the first that is theirs, or the one that is
// assumed of requests.
func (u *commit) home(o Operator) string {
	list := u.b.Team.Departments()
	for _, d := range list {
		if o.Serves(d.Name, Ticket) && !o.Super {
			return d.Name
		}
	}
	return assumed(list)
}
