package bridge

import (
	"context"

	"porchlight/bridge/phrase"
)

// Members knows the visitors for whom the site vouches by signed identities: which conversations are whose. Any goroutine may
// call its methods.
type Members struct{ bridge *Bridge }

// Vouched is who a visitor is by the word of the site.
type Vouched struct {
	Subject string // the id that the site gives them; never ""
	Name    string // "": the site does not tell
	Email   string // so, too
}

// SignsIn says who the visitor of an open conversation is. Whoever calls it has made sure of the identity, and that its holder has
// the conversation's token too: an identity alone takes over nothing. What the site vouches for takes the place of what the visitor
// typed, and the log keeps what that was. The same identity again changes nothing. CodeConflict says that the conversation is over, or somebody else's.
func (m *Members) SignsIn(ctx context.Context, number int64, who Vouched) error {
	b := m.bridge
	who.Name = cleanLine(Cut(who.Name, b.opts.Limits.Name))
	if who.Email != "" {
		if err := b.addressed("email", who.Email); err != nil {
			return err
		}
	}
	var was Request
	var of VisitorJID
	_, err := b.act(ctx, func(r Reader) (c Conversation, a Action, err error) {
		if c, err = b.served(number)(r); err == nil {
			was, err = r.Request(number)
		}
		of = c.Visitor
		switch {
		case err != nil || was.Verified == who.Subject:
			return c, a, err
		case was.Verified != "":
			return c, a, phrase.Fail(phrase.CodeConflict, "This conversation is somebody else's.")
		}
		a = Action{Type: VisitorSignsIn, Vouched: who, Was: was.Name, Email: who.Email}
		return c, a, nil
	}, func(tx Tx) error {
		now := was
		now.Verified = who.Subject
		if who.Name != "" {
			now.Name = who.Name
		}
		if who.Email != "" {
			now.Email = who.Email
		}
		if err := tx.SaveRequestIdentity(now); err != nil {
			return err
		}
		return known(tx, of, who)
	})
	return err
}

// known keeps with a visitor who they are. Somebody else may have used the browser before: so only a visitor of a single
// conversation gets the subject, by which later requests of the identity have the same address, and only if no other visitor has it.
func known(tx Tx, of VisitorJID, who Vouched) error {
	v, err := tx.Visitor(of)
	if err != nil {
		return err
	}
	_, err = tx.VisitorBySubject(who.Subject)
	if err != nil && !isNotFound(err) {
		return err
	}
	first := isNotFound(err)
	n, err := tx.CountConversations(of)
	if err != nil {
		return err
	}
	if first && n == 1 && v.Subject == "" {
		v.Subject = who.Subject
	}
	if who.Name != "" {
		v.Name = who.Name
	}
	if who.Email != "" {
		v.Email = who.Email
	}
	return tx.SaveVisitor(v)
}
