package bridge

import (
	"context"
	"net/url"

	"porchlight/bridge/phrase"
)

// Onsite is what inviting visitors who are on the site needs to know of the team and of earlier conversations. The methods
// may be called by any goroutine.
type Onsite struct{ bridge *Bridge }

// Line is a link that opens the chat with the desk, with a line written to be sent (XEP-0147 §9.1; RFC 5122 §2.2).
func (s *Onsite) Line(line string) string {
	return "xmpp:desk@" + s.bridge.opts.Domain + "?message;body=" + url.PathEscape(line)
}

// Available reports whether an operator gets offers now.
func (s *Onsite) Available(jid OperatorJID) bool { return s.bridge.Team.offerable(jid) }

// Tell tells an operator something at the desk. Who is no operator any more is told nothing.
func (s *Onsite) Tell(ctx context.Context, to OperatorJID, p phrase.Phrase) error {
	if _, enabled := s.bridge.Team.Operator(to); !enabled {
		return nil
	}
	return s.bridge.update(ctx, func(u *commit) error {
		_, err := u.tell(DeskEntry{Operator: to, Kind: DeskNotice, Phrase: p})
		return err
	})
}

// Client finds a visitor with a past.
func (s *Onsite) Client(ctx context.Context, v VisitorJID) (c Client, err error) {
	err = s.bridge.store.View(ctx, func(r Reader) error {
		last, err := r.LatestConversation(v)
		if err == nil {
			c, err = s.bridge.client(r, last.Number)
		}
		return err
	})
	return c, err
}

// Subject finds the visitor whom a signed identity names, "" if there was none yet.
func (s *Onsite) Subject(ctx context.Context, subject string) (jid VisitorJID, err error) {
	err = s.bridge.store.View(ctx, func(r Reader) error {
		v, err := r.VisitorBySubject(subject)
		jid = v.JID
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			return nil
		}
		return err
	})
	return jid, err
}

// inviter is the operator who has invited the visitor of an inquiry, if they can have the chat now: they get offers, serve the
// department, and have room.
func (u *commit) inviter(q Inquiry, department string) (o Operator, ok bool, err error) {
	o, ok = u.b.Team.Operator(q.Inviter)
	if q.Inviter == "" || !ok || !u.b.Team.free(o) || !o.Serves(department, Chat) {
		return o, false, nil
	}
	full, err := u.full(o, department)
	return o, !full, err
}

// giveTo gives a new conversation to the operator who has invited its visitor.
func (u *commit) giveTo(c Conversation, o Operator) error {
	_, _, err := u.apply(c, Action{Type: OperatorTakes, Operator: o.JID, Name: o.Name})
	return err
}
