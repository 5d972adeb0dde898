package bridge

import (
	"cmp"
	"errors"
	"strconv"
	"strings"

	"porchlight/bridge/phrase"
)

// mailsAtOnce is how many conversations one address has open by mail. What else comes from there is added
// to the newest of them, so that nobody fills the queue alone.
const mailsAtOnce = 5

// errManyOpen says that an address has mailsAtOnce conversations open.
var errManyOpen = errors.New("this address has many conversations open")

// whose finds the visitor for another conversation with an address. Each that is open has a JID of its
// own, since operators' words go to the newest conversation of a JID. If there are too many, the error is
// errManyOpen, and newest is the last of them.
func (u *commit) whose(q *Inquiry, address string) (newest Conversation, err error) {
	for n := 1; n <= mailsAtOnce; n++ {
		subject := mailSubject(address, n)
		v, err := u.tx.VisitorBySubject(subject)
		if isNotFound(err) {
			q.Subject = subject
			return Conversation{}, nil
		}
		if err == nil {
			err = u.b.Blocks.refuse(v.JID, "")
		}
		if err != nil {
			return Conversation{}, err
		}
		c, err := u.tx.LatestConversation(v.JID)
		if err != nil && !isNotFound(err) {
			return Conversation{}, err
		}
		if err != nil || c.State == Closed {
			q.Returning = v.JID
			return Conversation{}, nil
		}
		if c.Number > newest.Number {
			newest = c
		}
	}
	return newest, errManyOpen
}

// speaks says in which language mail goes to somebody, unless the inquiry says so: in that of their last
// conversation, else in another one, else in that of the config.
func (u *commit) speaks(q *Inquiry, otherwise string) error {
	if q.Language != "" {
		return nil
	}
	var last Request
	if q.Returning != "" {
		c, err := u.tx.LatestConversation(q.Returning)
		if err == nil {
			last, err = u.tx.Request(c.Number)
		}
		if err != nil && !isNotFound(err) {
			return err
		}
	}
	q.Language = cmp.Or(last.Language, otherwise, u.b.opts.Mail.Language)
	return nil
}

// mailPrefix begins the Visitor.Subject of whoever writes by mail; no signed identity begins so.
const mailPrefix = "mail:"

// MailSubject reports whether a subject is one of those that stand for whoever writes by mail.
func MailSubject(subject string) bool { return strings.HasPrefix(subject, mailPrefix) }

// mailSubject is the Visitor.Subject of the nth JID of whoever writes from an address.
func mailSubject(address string, n int) string {
	if n == 1 {
		return mailPrefix + address
	}
	return mailPrefix + address + " " + strconv.Itoa(n) // no address has a blank
}

// siblings lists all JIDs of whoever writes by mail from the same address as a visitor; the visitor's own
// alone if they do not.
func siblings(r Reader, v VisitorJID) ([]VisitorJID, error) {
	one, err := r.Visitor(v)
	address, ok := strings.CutPrefix(one.Subject, mailPrefix)
	if err != nil || !ok {
		return []VisitorJID{v}, err
	}
	address, _, _ = strings.Cut(address, " ")
	var list []VisitorJID
	for n := 1; n <= mailsAtOnce; n++ {
		one, err := r.VisitorBySubject(mailSubject(address, n))
		if isNotFound(err) {
			break
		}
		if err != nil {
			return nil, err
		}
		list = append(list, one.JID)
	}
	return list, nil
}

// outside reports whether a letter is an answer that an operator wrote with a mail program of their own: from
// an address of ours, or from their own in the conversation of somebody else. A letter that may be forged
// is none.
func (s *sorting) outside(at match) (bool, error) {
	l := s.letter
	switch {
	case l.Doubtful:
		return false, nil
	case s.b.opts.Mail.Addresses.own(l.From):
		return true, nil
	case at.number == 0 || !s.b.Team.writesFrom(l.From):
		return false, nil
	}
	c, err := s.tx.Conversation(at.number)
	return err == nil && !strings.EqualFold(c.Email, l.From), err
}

// writesFrom reports whether an address is an operator's.
func (t *Team) writesFrom(address string) bool {
	for _, o := range t.Operators() {
		if strings.EqualFold(string(o.JID), address) || o.Notify.MailTo != "" && strings.EqualFold(o.Notify.MailTo, address) {
			return true
		}
	}
	return false
}

// manyMails is the error for another conversation with an address that has many.
func manyMails(newest Conversation, address string) error {
	return phrase.Fail(phrase.CodeConflict, "%s has %d conversations open already. The newest is #%d.", address, mailsAtOnce, newest.Number)
}
