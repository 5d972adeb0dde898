package e2e_test

import (
	"crypto/rand"
	"testing"

	"porchlight/demo"
	"porchlight/e2e/operator"
)

// TestColleagues: operators talk to each other by their own accounts, past porchlight. What the desk and
// visitors say comes as ordinary chat messages with a text, so each client tells of it in its usual way,
// and a server keeps it for who is offline.
func TestColleagues(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	team := s.operators("xavi", "olga")
	x, o := team[0], team[1]
	x.Chat("olga@"+demo.Host, rand.Text(), "Do you take the next one?")
	o.hears("xavi@"+demo.Host, "Do you take the next one?")
	o.Chat("xavi@"+demo.Host, rand.Text(), "Yes")
	x.hears("olga@"+demo.Host, "Yes")

	c := s.ask("Anna", "Question")
	offer := o.expect("the offer", operator.Body(demo.Desk, "#1 Anna"))
	o.take(c.Number, c.Visitor)
	if a := s.do(t, c.At("POST", "/messages", map[string]string{"client_id": rand.Text(), "text": "Hello?"})); a.Status != 201 {
		t.Fatalf("status %d: %s", a.Status, a.Body)
	}
	said := o.expect("the message", operator.Body(c.Visitor, "Hello?"))
	for _, m := range []string{offer.Get("type"), said.Get("type")} {
		if m != "chat" {
			t.Errorf("a message is of type %q", m)
		}
	}
}
