package bridge

import (
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
// none, if the visitor does not see at once what is said, or if somebody has greeted there before.
func visitorGreeting(b *Bridge, r Reader, c Conversation, jid OperatorJID) (string, error) {
	o, ok := b.Team.Operator(jid)
	if !ok || o.Greeting == "" || c.State != Waiting || !c.live() {
		return "", nil
	}
	log, err := wholeLog(r, c.Number)
	if err != nil {
		return "", err
	}
	for _, e := range log {
		if m, _ := e.Data.(Message); m.Greeting {
			return "", nil
		}
	}
	q, err := r.Request(c.Number)
	site := b.Answers.Site(Card{Request: q})
	return strings.TrimSpace(Answer{Text: o.Greeting}.Fill(q.Name, o.Name, site)), err
}
