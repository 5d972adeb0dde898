package desk_test

import (
	"regexp"
	"strings"
	"testing"

	"porchlight/bridge/desk"
)

// A link is made, listed, given another secret and deleted at the desk. Its secret is told once each, and stands in no log.
func TestLinks_AtTheDesk(t *testing.T) {
	c := newCrew(t)
	made := c.say(xavi, "", "link-add crm https://crm.example/{email}?t={token}")
	secret := regexp.MustCompile(`pls_\S+`)
	if !strings.HasPrefix(made, "The link crm to crm.example stands in offers and in info.\nIt is left out where one of these is not known: email\nIts secret, which is told only here: pls_") || !strings.HasSuffix(made, "\nBack: link-delete crm") {
		t.Errorf("made: %q", made)
	}
	again := c.say(xavi, "", "link-secret crm")
	if !strings.HasPrefix(again, "The link crm has another secret.\nIts secret, which is told only here: pls_") || secret.FindString(again) == secret.FindString(made) {
		t.Errorf("another secret: %q", again)
	}
	for _, said := range [][2]string{
		{"links", "Links: 1\n  crm: https://crm.example/{email}?t={token}"},
		{"link-add crm https://x.example/", "error: There is a link crm already. link-delete crm deletes it. Nothing was changed."},
		{"link-add shop http://x.example/", `error: "http://x.example/" is no address such as https://crm.example.org/{email}. Nothing was changed.`},
		{"link-add shop https://x.example:99999/", `error: "https://x.example:99999/" is no address such as https://crm.example.org/{email}. Nothing was changed.`},
		{"link-add shop https://x.example/{mail}", "error: {mail} is nothing that is filled in. There are: {email}, {name}, {phone}, {id}, {number}, {department}, {language}, {token}, {attributes.…}. Nothing was changed."},
		{"link-add shop https://x.example/{number}", "The link shop to x.example stands in offers and in info.\nBack: link-delete shop"},
		{"link-secret shop", "error: The link shop has no {token}, so it needs no secret. Nothing was changed."},
		{"link-delete shop", "The link shop is deleted.\nBack: link-add shop https://x.example/{number}"},
		{"link-delete shop", `error: There is no link "shop". links lists them. Nothing was changed.`},
		{"link-delete crm", "The link crm is deleted. Made again, it gets another secret.\nBack: link-add crm https://crm.example/{email}?t={token}"},
		{"links", "There are no links. link-add NAME URL makes one."},
	} {
		if got := c.say(xavi, "", said[0]); got != said[1] {
			t.Errorf("%s: %q", said[0], got)
		}
	}
	if audit := c.say(xavi, "", "audit"); !strings.Contains(audit, "link-add crm") || !strings.Contains(audit, "link-delete crm") || secret.MatchString(audit+c.log.String()) {
		t.Errorf("audit: %q", audit)
	}
	if got := c.say(olga, "", "links"); !strings.HasPrefix(got, "error: You may not use links: only super operators may.") {
		t.Errorf("Olga gets %q", got)
	}
}

// An address is one line, so a form has a box of one line for it.
func TestLinks_Form(t *testing.T) {
	c := newCrew(t)
	op, _ := c.bridge.Team.Operator(xavi)
	_, form, err := c.Fill(t.Context(), "link-add", desk.Call{Operator: op}, desk.Filled{})
	if err != nil || len(form.Fields) != 2 || form.Fields[1].Kind != desk.Text {
		t.Errorf("%+v, %v", form, err)
	}
}
