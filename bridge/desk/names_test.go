package desk_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/staff"
)

// Neither an operator nor a department is called like a word that a line takes for something else, or like one another.
func TestNames_MeanOneThing(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{olga, "status name=me", `error: "me" means something else already. Nothing was changed.`},
		{olga, "status name=All", `error: "All" means something else already.`},
		{xavi, "operator-edit olga name=desk", `error: "desk" means something else already.`},
		{xavi, "operator-edit olga name=Support", `error: Support is a department (support). Nothing was changed.`},
		{xavi, "operator-add pau@example.org today", `error: "today" means something else already.`},
		{xavi, "department-add olga", `error: Olga is an operator (olga@example.org). Nothing was changed.`},
		{xavi, "department-add today", `error: "today" means something else already.`},
		{xavi, "department-add 7d", `error: "7d" means something else already.`},
		{xavi, "department-add 2026", `error: "2026" means something else already.`},
		{xavi, "department-add chats", `error: "chats" means something else already.`},
		{xavi, "department-add weekly", `error: "weekly" means something else already.`},
		{xavi, "department-edit support title=Olga", `error: Olga is an operator (olga@example.org).`},
		{xavi, "department-edit support limit 4", `error: Write limit=4. Nothing was changed.`},
		{xavi, "department-edit support title=Help.", "Support: title Support → Help."},
		{xavi, "operator-add me@example.org Montse", "Montse"},
		{xavi, "operator-edit me about=Here", "Xavi: about none → Here."},
	})
	if got := o.say(xavi, "", "department-edit support title=Support."); strings.Contains(got, "..") {
		t.Errorf("got %q", got)
	}
	if got, want := o.say(xavi, "", "help department-edit"), "(ring-all, in-turn, least-active)"; !strings.Contains(got, want) {
		t.Errorf("got %q, which lacks %q", got, want)
	}
}

// Every word that may follow the name of an operator or of a department in a line is reserved.
func TestNames_WordsOfCommandsAreReserved(t *testing.T) {
	for _, c := range desk.New((*bridge.Bridge)(nil)).Commands() {
		named := false
		for _, f := range c.Fields {
			switch f.Kind {
			case desk.Who, desk.Whos, desk.Where, desk.Whose, desk.Department:
				named = true
				continue
			case desk.Flag, desk.OneOf:
			default:
				continue
			}
			words := f.Options
			if f.Kind == desk.Flag {
				words = []string{f.Name}
			}
			for _, word := range words {
				if named && !staff.Reserved(word) {
					t.Errorf("%s takes the word %q after a name, and an operator or a department may be called so", c.Name, word)
				}
			}
		}
	}
}
