package bridge

import (
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// GreetingLetters is how many letters a greeting may have.
const GreetingLetters = 1000

// CheckGreeting refuses a greeting with a placeholder that there is not.
func CheckGreeting(text string) error {
	if len([]rune(text)) > GreetingLetters {
		return phrase.Fail(phrase.CodeTooLarge, "A greeting has at most %d letters.", GreetingLetters)
	}
	return checkPlaceholders(text)
}

// visitorGreeting is what an operator says by itself when they take a conversation: their greeting filled in, "" if they have
// none, if the visitor does not see at once what is said, or if somebody has greeted there lately.
func visitorGreeting(b *Bridge, r Reader, c Conversation, jid OperatorJID) (string, error) {
	o, ok := b.Team.Operator(jid)
	if !ok || o.Greeting == "" || c.State != Waiting || !c.live() {
		return "", nil
	}
	if been, err := greeted(r, c); err != nil || been {
		return "", err
	}
	q, err := r.Request(c.Number)
	site := b.Answers.Site(Card{Request: q})
	return strings.TrimSpace(Answer{Text: o.Greeting}.Fill(q.Name, o.Name, site)), err
}

// greeted reports whether an operator's greeting is among the last events of a conversation.
func greeted(r Reader, c Conversation) (bool, error) {
	parts, err := r.Participants(c.Number)
	if err != nil || len(parts) == 0 { // nobody has taken it before
		return false, err
	}
	log, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	return slices.ContainsFunc(log, func(e Event) bool {
		m, _ := e.Data.(Message)
		return m.Greeting
	}), err
}
