package bridge

import (
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// match is where a letter belongs.
type match struct {
	number  int64 // the conversation; 0: a new one
	named   bool  // the letter names its number, and refers to none of its mails
	related int64 // of a new conversation: the one that the letter seems to belong to; 0: none
}

// place finds out where a letter belongs. Who knows the token of a thread may write in it, whatever
// their address is. An id is no secret, so only the one who asked, or who has written in the conversation
// before, may write there by one. A number anybody can guess, so only the one who asked may.
func (m *Mailroom) place(r Reader, l Letter) (match, error) {
	if token := m.bridge.opts.Mail.Addresses.token(l.Recipients); token != "" {
		t, err := r.ThreadByToken(token)
		if err == nil {
			return match{number: t.Conversation}, nil
		}
		if !isNotFound(err) {
			return match{}, err
		}
	}
	number, named, err := m.mentioned(r, l)
	if err != nil || number == 0 {
		return match{}, err
	}
	known, err := writesIn(r, number, l.From, named)
	if err != nil || !known {
		return match{related: number, named: named}, err
	}
	return match{number: number, named: named}, nil
}

// mentioned is the conversation to whose mail a letter refers, or else the one that its subject names;
// 0 for none.
func (m *Mailroom) mentioned(r Reader, l Letter) (number int64, named bool, err error) {
	ids := []string{l.InReplyTo}
	ids = append(ids, slices.Collect(backward(l.References))...)
	for _, id := range ids {
		if id == "" {
			continue
		}
		number, err := r.ConversationOfMail(id)
		if isNotFound(err) {
			number, err = m.rooted(r, id)
		}
		if err != nil || number > 0 {
			return number, false, err
		}
	}
	if l.Number == 0 {
		return 0, false, nil
	}
	_, err = r.Conversation(l.Number)
	if isNotFound(err) {
		return 0, false, nil
	}
	return l.Number, true, err
}

func backward(list []string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, s := range slices.Backward(list) {
			if !yield(s) {
				return
			}
		}
	}
}

// rooted is the conversation whose mail has an id first in its References, 0 if there is none.
func (m *Mailroom) rooted(r Reader, id string) (int64, error) {
	local, _, _ := strings.Cut(id, "@")
	token, ok := strings.CutPrefix(strings.ToLower(local), rootMark)
	if !ok || len(token) != tokenBytes {
		return 0, nil
	}
	t, err := r.ThreadByToken(token)
	if isNotFound(err) {
		return 0, nil
	}
	return t.Conversation, err
}

// writesIn reports whether an address asked in a conversation or, unless asked is true, has a thread in it.
func writesIn(r Reader, number int64, address string, asked bool) (bool, error) {
	c, err := r.Conversation(number)
	if err != nil || strings.EqualFold(c.Email, address) || asked {
		return err == nil && strings.EqualFold(c.Email, address), err
	}
	_, err = r.Thread(number, address)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func isNotFound(err error) bool { return err != nil && phrase.CodeOf(err) == phrase.CodeNotFound }

// subjectOf is the subject of the mail that began a conversation, "" if none did.
func subjectOf(r Reader, c Conversation) (string, error) {
	t, err := r.Thread(c.Number, strings.ToLower(c.Email))
	if isNotFound(err) {
		return "", nil
	}
	return t.Subject, err
}

// lastHeading is what stands above the visitor's last message, of a conversation that waits.
func lastHeading(r Reader, c Conversation) (Heading, error) {
	if c.State != Waiting {
		return Heading{}, nil
	}
	seq, err := r.LastMessage(c.Number, FromVisitor, c.Seq)
	if err != nil || seq == 0 {
		return Heading{}, err
	}
	list, err := r.Events(c.Number, seq-1, 1)
	if err != nil || len(list) == 0 {
		return Heading{}, err
	}
	m, _ := list[0].Data.(Message)
	return m.Mail, nil
}
