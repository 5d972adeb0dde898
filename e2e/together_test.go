package e2e_test

import (
	"testing"

	"porchlight/demo"
)

// TestTogether: an operator invites a colleague, and later passes the conversation on to them. The
// page shows who is there, and nothing that is for operators only.
func TestTogether(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	people := s.operators("xavi", "olga")
	x, o := people[0], people[1]
	s.online(2)
	p := newVisitor(t)
	p.open(s.shop)
	p.ring("Anna", "", "Two questions")
	jid := s.visitorOf(x, 1)
	p.title("Xavi")
	x.Chat(jid, "invite", "!invite olga")
	x.hears(jid, "Olga takes part in #1 now")
	o.hears(demo.Desk, "Xavi invited you to #1")
	o.hears(jid, "Anna: Two questions")
	p.shows("Olga joined the chat")
	o.says(jid, "Hello, I am Olga.")
	p.shows("Hello, I am Olga.")
	x.hears(jid, "[Olga] Hello, I am Olga.")
	p.write("Hello both")
	x.hears(jid, "Hello both")
	o.hears(jid, "Hello both")
	p.picture("together")
	o.Chat(jid, "leave", "!leave")
	o.hears(jid, "You take no part in #1 any more")
	p.shows("Olga left the chat")
	x.Chat(jid, "transfer", "!transfer olga knows prices best")
	x.hears(jid, "#1 is offered to Olga now")
	o.hears(demo.Desk, "#1 Anna")
	p.shows("Xavi is passing you on to Olga")
	o.take(1, jid)
	p.title("Olga")
	o.says(jid, "I have taken over.")
	p.shows("I have taken over.")
	p.write("Fine")
	o.hears(jid, "Fine")
	p.picture("passed-on")
	same(t, p, []string{"me: Two questions", "Xavi joined the chat", "Olga joined the chat", "them: Hello, I am Olga.", "me: Hello both",
		"Olga left the chat", "Xavi is passing you on to Olga", "Olga joined the chat", "them: I have taken over.", "me: Fine"})
}
