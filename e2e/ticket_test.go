package e2e_test

import (
	"errors"
	"strings"
	"testing"

	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// TestTicket: while nobody is online the form asks for an email address. The request is kept and
// offered to the operator who comes, and the visitor who looks again sees the answer.
func TestTicket(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	_, err := visitor.New(s.url).Ask(within(t), visitor.Inquiry{Name: "Anna", Reason: "Anybody?"})
	var p *visitor.Problem
	if !errors.As(err, &p) || p.HTTPStatus != 422 || !strings.HasSuffix(p.Type, ":email-required") || p.Errors["email"] == "" {
		t.Fatalf("without an address: %v", err)
	}

	anna := newVisitor(t)
	anna.open(s.shop)
	anna.lamp("OFFLINE")
	anna.openPanel()
	anna.fill("name", "Anna")
	anna.fill("reason", "Anybody?")
	anna.send()
	anna.wait("the address is asked for", inPanel("#email-wrong")+`.textContent === "Please fill this in."`)
	anna.picture("ticket-1-address")
	anna.fill("email", "anna@example.org")
	anna.send()
	anna.banner("We will answer by email to anna@example.org.")
	anna.picture("ticket-2-kept")
	anna.open("about:blank")

	x := s.operators("xavi")[0]
	x.hears(demo.Desk, "#1 Anna, Support: Anybody?")
	jid := s.visitorOf(x, 1)
	x.says(jid, "Now I am here.")

	anna.open(s.shop)
	anna.wait("the panel opens again", thePanel+`?.hasAttribute("open")`)
	anna.shows("Anybody?")
	anna.shows("Now I am here.")
	anna.picture("ticket-3-answer")
	anna.write("Thank you!")
	x.hears(jid, "Thank you!")
}
