package bridge

import (
	"slices"
	"strings"
)

// SamePerson reports whether it is known that two conversations are one person's: they have the same address here, which a
// signed identity or the token of an earlier conversation gives, or both visitors are known by mail from the same address. An
// address that somebody has only typed proves nothing, because anybody can type it.
func SamePerson(r Reader, a, b Conversation) (bool, error) {
	if a.Visitor == b.Visitor {
		return true, nil
	}
	one, err := mailbox(r, a.Visitor)
	if err != nil || one == "" {
		return false, err
	}
	other, err := mailbox(r, b.Visitor)
	return strings.EqualFold(one, other), err
}

// Proved reports whether an email address that a visitor gave is proved to be theirs: mail came from it without a doubt, or the site has signed
// who they are. Any other address was typed, which anybody can.
func Proved(v Visitor, email string) bool {
	return v.Subject != "" && (!MailSubject(v.Subject) || strings.EqualFold(mailAddress(v.Subject), email))
}

// mailbox is the address by whose mail a visitor is known, without a doubt about the sender; "" for others.
func mailbox(r Reader, v VisitorJID) (string, error) {
	one, err := r.Visitor(v)
	if err != nil {
		return "", err
	}
	return mailAddress(one.Subject), nil
}

// mailAddress is the address in the subject of whoever is known by mail without a doubt; "" for others.
func mailAddress(subject string) string {
	address, ok := strings.CutPrefix(subject, mailPrefix)
	if !ok || strings.HasPrefix(address, doubtMark) {
		return ""
	}
	address, _, _ = strings.Cut(address, " ")
	return address
}

// goingOnIn is the conversation in which c goes on: c itself, unless it was joined with another one.
func goingOnIn(r Reader, c Conversation) (Conversation, error) {
	return followed(r, c, func(Reader, Conversation, Conversation) (bool, error) { return true, nil })
}

// mailGoesOnIn is the conversation in which a mail to c goes on. It follows c only to what is the same person's, since on
// the other one's page everybody reads the mail who has typed its sender's address.
func mailGoesOnIn(r Reader, c Conversation) (Conversation, error) {
	return followed(r, c, SamePerson)
}

// followed goes from a conversation that was joined with another one to that one, and so on, as far as may says.
func followed(r Reader, c Conversation, may func(r Reader, from, to Conversation) (bool, error)) (Conversation, error) {
	for been := []int64{c.Number}; c.Into != 0; been = append(been, c.Number) {
		next, err := r.Conversation(c.Into)
		if err != nil || slices.Contains(been, next.Number) {
			return c, err
		}
		if on, err := may(r, c, next); err != nil || !on {
			return c, err
		}
		c = next
	}
	return c, nil
}

const (
	identitiesMost = 50 // JIDs of one visitor
	joinedBack     = 20 // conversations of each that are searched for others with which they were joined
)

// identities lists the JIDs under which a visitor is known, v first: those of whoever writes by mail from the same address, and
// those of requests that an operator has joined with theirs, whatever that operator went by.
func identities(r Reader, v VisitorJID) ([]VisitorJID, error) {
	list := []VisitorJID{v}
	for i := 0; i < len(list) && len(list) < identitiesMost; i++ {
		near, err := siblings(r, list[i])
		if err != nil {
			return nil, err
		}
		joined, err := joinedWith(r, list[i])
		if err != nil {
			return nil, err
		}
		for _, x := range append(near, joined...) {
			if !slices.Contains(list, x) {
				list = append(list, x)
			}
		}
	}
	return list, nil
}

// joinedWith lists the visitors of conversations that were joined with one of v's.
func joinedWith(r Reader, v VisitorJID) (list []VisitorJID, err error) {
	own, err := r.VisitorConversations(v, joinedBack)
	if err != nil {
		return nil, err
	}
	for _, c := range own {
		others, err := r.MergedInto(c.Number)
		if err == nil && c.Into > 0 {
			var next Conversation
			next, err = r.Conversation(c.Into)
			others = append(others, next)
		}
		if err != nil {
			return nil, err
		}
		for _, x := range others {
			list = append(list, x.Visitor)
		}
	}
	return list, nil
}
