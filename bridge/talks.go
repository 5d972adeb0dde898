package bridge

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/subtle"
	"slices"
)

// Talk is a conversation as its visitor finds it in a list of theirs.
type Talk struct {
	Conversation
	About  string // what was asked
	Name   string // the visitor's
	With   string // the name of the operator who answers, or who answered last; "": nobody has
	Last   Event  // what was said last, as it stands
	Unread int    // what operators said past what the visitor has seen, as far as talkBack goes
	Token  string // opens the conversation
}

// Held is a conversation of which a browser has the token. Seen is the last event that was on its screen.
type Held struct {
	ID    ConversationID
	Token string
	Seen  int64
}

const (
	talksMost = 30  // how many conversations a list has
	talkBack  = 100 // how far the end of a log is read, in events
)

// Talks lists a visitor's conversations, with what was said last in the newest one first: those of which the browser holds the token,
// and those of a signed identity, for which the browser gets tokens; subject is "" without an identity. What is another identity's is
// left out, whoever holds its token, and so is what no token opens.
func (m *Members) Talks(ctx context.Context, subject string, held []Held) (list []Talk, err error) {
	err = m.bridge.store.View(ctx, func(r Reader) error {
		list = nil
		for _, h := range held[:min(len(held), talksMost)] {
			c, hash, err := r.ConversationByID(h.ID)
			if isNotFound(err) {
				continue
			}
			if err == nil {
				err = m.add(r, &list, c, subject, hash, h)
			}
			if err != nil {
				return err
			}
		}
		if subject == "" {
			return nil
		}
		own, err := r.Identified(subject, talksMost)
		for _, c := range own {
			if err == nil {
				err = m.add(r, &list, c, subject, nil, Held{Token: m.bridge.Tokens.pepper.identifiedToken(c.ID, subject)})
			}
		}
		return err
	})
	slices.SortStableFunc(list, func(a, b Talk) int { return cmp.Or(b.Last.At.Compare(a.Last.At), cmp.Compare(b.Number, a.Number)) })
	return list[:min(len(list), talksMost)], err
}

// add adds a conversation to a list, unless it is there, or somebody else's.
func (m *Members) add(r Reader, list *[]Talk, c Conversation, subject string, hash []byte, h Held) error {
	if slices.ContainsFunc(*list, func(t Talk) bool { return t.Number == c.Number }) {
		return nil
	}
	q, err := r.Request(c.Number)
	if err != nil {
		return err
	}
	tokens := m.bridge.Tokens
	mine := subtle.ConstantTimeCompare(hash, hashToken(h.Token)) == 1 || tokens.opens(c, q, h.Token)
	if !mine || subject != "" && q.Verified != "" && q.Verified != subject {
		return nil
	}
	t := Talk{Conversation: c, About: q.Reason, Name: q.Name, Token: h.Token}
	err = t.read(r, h.Seen)
	*list = append(*list, t)
	return err
}

// read takes in the end of the log. What the visitor has answered, they have seen.
func (t *Talk) read(r Reader, seen int64) error {
	log, err := r.Events(t.Number, max(0, t.Seq-talkBack), talkBack)
	if err != nil {
		return err
	}
	t.Last = Event{At: t.OpenedAt, From: FromVisitor, Text: t.About, Type: EventMessage}
	for _, e := range AsItStands(log) {
		if !e.Type.Content() || e.Changed == EventRetraction || e.From == FromSystem && e.Posted() == "" {
			continue
		}
		t.Last = e.Event
		switch {
		case e.From == FromVisitor:
			t.Unread = 0
		case e.Seq > seen:
			t.Unread++
		}
		if e.From == FromOperator {
			t.With = e.Name
		}
	}
	return nil
}

// identifiedMark begins the tokens of identifiedToken.
const identifiedMark = "site."

// identifiedToken is the token of a browser that came by a signed identity. It opens the conversation as long as that is the identity's.
func (p pepper) identifiedToken(id ConversationID, subject string) string {
	return identifiedMark + mac(p.key("identified visitor's token"), string(id)+"\x00"+subject)
}

// opens reports whether a token opens a conversation that is not its first browser's.
func (k *Tokens) opens(c Conversation, q Request, token string) bool {
	return q.Verified != "" && hmac.Equal([]byte(token), []byte(k.pepper.identifiedToken(c.ID, q.Verified))) ||
		c.Email != "" && hmac.Equal([]byte(token), []byte(k.pepper.resumedToken(c)))
}

// admitIdentified admits the holder of an identifiedToken.
func (k *Tokens) admitIdentified(ctx context.Context, number int64, token string) error {
	return k.store.View(ctx, func(r Reader) error {
		c, err := r.Conversation(number)
		if err != nil {
			return err
		}
		q, err := r.Request(number)
		if err == nil && !k.opens(c, q, token) {
			err = notFound()
		}
		return err
	})
}
