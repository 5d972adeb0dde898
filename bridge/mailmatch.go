package bridge

import (
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// match is where a letter belongs.
type match struct {
	number  int64 // the conversation; 0: a new one
	other   bool  // the sender is not the one who asked
	related int64 // of a new conversation: the one that the letter seems to belong to; 0: none
}

// place finds out where a letter belongs. Who knows the token of a thread may write in it, whatever
// their address is. An id or a number is no secret, so only the one who asked, or who has written in
// the conversation before, may write there.
func (m *Mailroom) place(r Reader, l Letter) (match, error) {
	if token := m.bridge.opts.Mail.Addresses.token(l.Recipients); token != "" {
		t, err := r.ThreadByToken(token)
		if err == nil {
			return match{number: t.Conversation, other: t.Address != l.From}, nil
		}
		if !isNotFound(err) {
			return match{}, err
		}
	}
	number, err := m.mentioned(r, l)
	if err != nil || number == 0 {
		return match{}, err
	}
	known, err := writesIn(r, number, l.From)
	if err != nil || !known {
		return match{related: number}, err
	}
	return match{number: number}, nil
}

// mentioned is the conversation to whose mail a letter refers, or else the one in its subject; 0 for
// none.
func (m *Mailroom) mentioned(r Reader, l Letter) (int64, error) {
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
			return number, err
		}
	}
	if l.Number == 0 {
		return 0, nil
	}
	_, err := r.Conversation(l.Number)
	if isNotFound(err) {
		return 0, nil
	}
	return l.Number, err
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

// writesIn reports whether an address asked in a conversation, or has a thread in it.
func writesIn(r Reader, number int64, address string) (bool, error) {
	c, err := r.Conversation(number)
	if err != nil || strings.EqualFold(c.Email, address) {
		return err == nil, err
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
