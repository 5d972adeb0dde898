package onsite

import (
	"context"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// longestText is how many letters the text of an invitation may have.
const longestText = 500

// longestAbout is how much of what operators say of themselves stands in an invitation, in bytes.
const longestAbout = 300

// Invite invites a visitor in an operator's name. Without a text it is the operator's own (bridge.Operator.Invitation), and
// else a common one in the visitor's language. It returns the visit as it is then. CodeNotFound: the visitor is not there;
// CodeConflict says why the visitor is not invited.
func (s *Site) Invite(by bridge.Operator, id, text string) (Visit, error) {
	text, err := ParseText(text)
	if err != nil {
		return Visit{}, err
	}
	if !s.opts.Available(by.JID) {
		return Visit{}, phrase.Fail(phrase.CodeConflict, "You get no requests at the moment, so the chat would not be yours: back starts them again. Nothing was sent.")
	}
	now := s.opts.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.find(id, now)
	if err != nil {
		return Visit{}, err
	}
	if err := v.Bars(by, now); err != nil {
		return *v, err
	}
	if text == "" {
		text = by.Invitation
	}
	if text == "" {
		text = hello(v.Language)
	}
	s.invite(v, Invitation{By: by.JID, Name: by.Name, About: bridge.Cut(by.About, longestAbout), Text: text}, now)
	s.reach(v)
	s.share(v)
	s.news()
	return v.seen(), nil
}

// Find finds a visitor who is on the site now. CodeNotFound: the visitor is not there.
func (s *Site) Find(id string) (Visit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.find(id, s.opts.Now())
	if err != nil {
		return Visit{}, err
	}
	return v.seen(), nil
}

// hello is what a visitor reads of an invitation without words, in their language.
func hello(language string) string {
	return phrase.Tongue(language).Say(phrase.Say("Hello! May I help you?"))
}

// find is Find while the lock is held.
func (s *Site) find(id string, now time.Time) (*Visit, error) {
	id = strings.ToLower(strings.TrimSpace(id))
	v := s.crowd.byID[id]
	if v == nil || !v.here(now) || !s.On() {
		return nil, phrase.Fail(phrase.CodeNotFound, "%q is not on the site now. visitors lists who is.", bridge.Cut(id, 40))
	}
	return v, nil
}

// Bars says as an error why an operator can't invite a visitor now; nil: nothing is in the way.
func (v *Visit) Bars(by bridge.Operator, now time.Time) error {
	i := v.Invitation
	switch {
	case v.Who.Talks:
		return phrase.Fail(phrase.CodeConflict, "%s has a conversation already: #%d. Nothing was sent.", v.Called(), v.Who.Last)
	case v.Refuses:
		return phrase.Fail(phrase.CodeConflict, "%s does not want to be invited. Nothing was sent.", v.Called())
	case v.Open:
		return phrase.Fail(phrase.CodeConflict, "%s has the form open, and may be writing. Nothing was sent.", v.Called())
	case i.open() && i.By == by.JID:
		return phrase.Fail(phrase.CodeConflict, "%s was invited by you %s ago and has not answered. Nothing was sent.", v.Called(), bridge.Span(now.Sub(i.Sent)))
	case i.open() && i.By != "":
		return phrase.Fail(phrase.CodeConflict, "%s was invited by %s %s ago and has not answered. Nothing was sent.", v.Called(), i.Name, bridge.Span(now.Sub(i.Sent)))
	case i != nil && i.By == "":
		return phrase.Fail(phrase.CodeConflict, "%s was invited by the rule %s %s ago. Nothing was sent.", v.Called(), i.Name, bridge.Span(now.Sub(i.Sent)))
	}
	return nil
}

// ParseText cleans the text of an invitation.
func ParseText(text string) (string, error) {
	text = bridge.CleanText(text)
	if n := len([]rune(text)); n > longestText {
		return "", phrase.Fail(phrase.CodeInvalid, "The text has %d letters; there is room for %d.", n, longestText)
	}
	return text, nil
}

// Pending finds the invitation that a token proves. ok is false if there is none that is open.
func (s *Site) Pending(token string) (i Invitation, department string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.invited(token)
	if v == nil {
		return i, "", false
	}
	return *v.Invitation, v.Invitation.department, true
}

// Answered notes that a visitor has answered an invitation by the conversation of a number, and tells the operator who has
// invited. owner is who has the conversation now, "" if nobody has.
func (s *Site) Answered(ctx context.Context, token string, number int64, owner bridge.OperatorJID) {
	s.mu.Lock()
	var notes []note
	if v := s.invited(token); v != nil {
		s.became(v, Answered)
		s.share(v)
		s.news()
		switch i := v.Invitation; {
		case i.By == "":
		case i.By == owner:
			notes = append(notes, note{i.By, phrase.Say("%s has answered your invitation: #%d.", v.Called(), number)})
		default:
			notes = append(notes, note{i.By, phrase.Say("%s has answered your invitation (#%d). You could not have the chat, so the others are asked as well.", v.Called(), number)})
		}
	}
	s.mu.Unlock()
	s.tell(ctx, notes)
}

// invited finds the visit with an open invitation of a token. The lock is held.
func (s *Site) invited(token string) *Visit {
	if token == "" {
		return nil
	}
	for _, v := range s.crowd.byKey {
		if v.Invitation.open() && v.Invitation.Token == token {
			return v
		}
	}
	return nil
}
