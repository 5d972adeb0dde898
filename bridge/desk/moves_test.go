package desk_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// Who gives a conversation away or takes it over stands in the audit log, and each answer has the line that takes it back. A number
// with ! takes over, too.
func TestMoves_StandInTheAudit(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	if err := o.bridge.Reach.Presence(t.Context(), olga, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	o.steps([]line{
		{xavi, "assign 1 olga", "#1 is with Olga now.\nBack: take 1 !, and then in the chat !transfer support"},
		{xavi, "1 !", "#1 is yours: Anna. Write to " + string(c.Visitor) + "\nOlga was told.\nBack: assign 1 olga"},
		{xavi, "assign #1 olga", "#1 is with Olga now.\nBack: assign 1 xavi"},
	})
	o.ask()
	o.steps([]line{{xavi, "take 2 !", "#2 is yours: "}}) // it waited, so nobody lost it
	audit := o.say(xavi, "", "audit")
	for _, want := range []string{"Xavi: assign 1 owner – → Olga", "Xavi: take 1 ! owner Olga → Xavi", "Xavi: assign 1 owner Xavi → Olga"} {
		if strings.Count(audit, want) != 1 {
			t.Errorf("the audit lacks %q:\n%s", want, audit)
		}
	}
	if about := o.say(xavi, "", "audit olga"); strings.Count(about, "\n") != 1 || strings.Contains(audit, "take 2") {
		t.Errorf("about Olga:\n%s\nof all:\n%s", about, audit)
	}
}

// Whoever may not take over reads who can put what they have assigned back.
func TestAssign_WithoutTakeover(t *testing.T) {
	o := newOffice(t)
	o.ask()
	if err := o.bridge.Team.Add(t.Context(), bridge.Operator{JID: "pere@example.org", Name: "Pere", Enabled: true, Departments: bridge.Circle{"support"}, Permissions: bridge.Permissions{bridge.MayAssign}}); err != nil {
		t.Fatal(err)
	}
	for _, jid := range []bridge.OperatorJID{olga, "pere@example.org"} {
		if err := o.bridge.Reach.Presence(t.Context(), jid, "phone", bridge.ShowAvailable); err != nil {
			t.Fatal(err)
		}
	}
	o.steps([]line{{"pere@example.org", "assign 1 olga", "#1 is with Olga now.\nOlga can put it back: !transfer support in the chat"}})
}
