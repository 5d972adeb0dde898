package desk_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// An operator is named by a name of any number of words, by what stands before the @, by an
// address or by "me"; the longest name that fits wins. If several share the name, they are
// listed and nothing is done.
func TestWhom(t *testing.T) {
	for _, step := range []struct{ line, want string }{
		{"transfer Lisa Lang she knows this", "offered to Lisa Lang now|she knows this"},
		{"transfer LISA   lang", "offered to Lisa Lang now|"},
		{"transfer lisa lang: she knows\nall of it", "offered to Lisa Lang now|she knows\nall of it"},
		{"transfer lisa she knows", "offered to Lisa now|she knows"},
		{"transfer ll she knows", "offered to Lisa Lang now|she knows"},
		{"transfer LL@example.org, she knows", "offered to Lisa Lang now|she knows"},
		{"transfer sales and more he knows", "offered to Sales and more now|he knows"},
		{"transfer more he knows", "offered to Sales and more now|he knows"},
		{"transfer support again", "offered to Support now|again"},
		{"transfer lisa@", `error: There is no operator or department "lisa@". There are: Sales and more, Support, `},
		{"ask nobody: what?", `There is no operator "nobody".`},
		{"transfer nobody at all", `There is no operator or department "nobody".`},
		{"transfer eva please", `error: Several are called "eva": Eva (eva1@example.org), Eva (eva2@example.org). Write the address. Nothing was changed.`},
		{"transfer eva2 please", "offered to Eva now|please"},
		{"transfer me please", "#1 is yours already."},
		{"invite Lisa Lang", "Lisa Lang takes part in #1"},
		{"invite lisa langer", `error: "langer" is too much. Write: !invite OPERATOR. Nothing was changed.`},
		{"invite support", `error: There is no operator "support". There are: Eva (eva1@example.org), Eva (eva2@example.org), Lisa`},
		{"invite zoe", `error: There is no operator "zoe".`},
		{"allow Lisa Lang block", "Lisa Lang may now: block."},
		{"allow lisa lang", "error: Missing: RIGHTS. Write: !allow OPERATOR RIGHTS. Nothing was changed."},
		{"deny me room", "Xavi may no more: room."},
	} {
		o := newOffice(t, "more", "Sales and more")
		for _, p := range []bridge.Operator{{JID: "lisa@example.org", Name: "Lisa"}, {JID: "ll@example.org", Name: "Lisa Lang"},
			{JID: "eva1@example.org", Name: "Eva"}, {JID: "eva2@example.org", Name: "Eva"}, {JID: "zoe@example.org", Name: "Zoe"}} {
			p.Enabled, p.Departments = p.Name != "Zoe", []string{"support", "more"}
			if err := o.bridge.Team.Add(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			if err := o.bridge.Reach.Presence(t.Context(), p.JID, "phone", bridge.ShowAvailable); err != nil {
				t.Fatal(err)
			}
		}
		c := o.ask()
		o.say(xavi, "", "1")
		want, note, noted := strings.Cut(step.want, "|")
		if strings.HasPrefix(step.want, "error: ") {
			want, noted = step.want, false
		}
		if got := o.say(xavi, c.Visitor, step.line); !strings.Contains(got, want) {
			t.Errorf("%q gives %q, which lacks %q", step.line, got, want)
		}
		log, err := o.bridge.Events(t.Context(), c.Number, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		found := ""
		for _, e := range log {
			if e.Type == bridge.EventNote {
				found = e.Text
			}
		}
		if noted && found != note {
			t.Errorf("%q keeps the note %q, want %q", step.line, found, note)
		}
		if now, err := o.bridge.Snapshot(t.Context(), c.Number); err != nil || strings.HasPrefix(want, "error") && now.Owner != xavi {
			t.Errorf("%q leaves it with %q, %v", step.line, now.Owner, err)
		}
	}
}
