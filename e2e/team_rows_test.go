package e2e_test

import (
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
)

// TestTeam_RowByRow plays rows of docs/features.md that are about the team, in the desk's own words, on a month of
// conversations.
func TestTeam_RowByRow(t *testing.T) {
	t.Parallel()
	d := startDemoWith(t, t.TempDir(), "127.0.0.1:0", "", "--sample")
	x := login(t, d.xmpp, "xavi", "")
	o := login(t, d.xmpp, "olga", "")
	x.expect("Olga on duty", func(el *stream.Element) bool { return strings.Contains(el.ChildText("", "status"), "Olga, Xavi") })
	for _, row := range []struct {
		name string
		who  *person
		line string
		says []string
	}{
		{"J6, who is there gets requests", x, "operators", []string{"Olga – available", "Xavi ★ – available"}},
		{"J6, who is away does not", o, "away", []string{"Offers: stopped."}},
		{"J6, and is told so", x, "who", []string{"Olga (olga@localhost): offers stopped"}},
		{"J6, until they are back", o, "back", []string{"Offers: on."}},
		{"J15a, J15b, J15c", x, "stats all 30d tickets", []string{"First answer to new ones ", "Answers in general ", "New → solved ", " new, ", " solved"}},
		{"J17a, the time of support", x, "stats olga 30d", []string{" of support (", " merged)", "First answer ", "Vote "}},
		{"J21, J11, several fields at once", x, "operator-edit olga name=Olga Petrova limit=3 whatsapp=+34600000000", []string{"Olga: name Olga → Olga Petrova", "limit none → 3", "Back: operator-edit olga "}},
		{"J28, all or nothing", x, "operator-edit olga limit=4 whatsapp=600 000 000", []string{`"600 000 000" is no phone number`, "Nothing was changed."}},
		{"J28, nothing", x, "operators olga", []string{" of 3"}},
		{"J25, chats and tickets apart", x, "operator-edit olga departments=sales tickets=support", []string{"departments sales, support → sales", "Back: operator-edit olga departments=sales,support"}},
		{"J27, all but one, later ones too", x, "operator-edit olga departments=*,-sales", []string{"all but sales, later ones too"}},
		{"J26, help with each field", x, "help operator-edit", []string{"whatsapp=", "A phone number, as +34600000000."}},
		{"J30, all rights", x, "permissions olga", []string{"Olga Petrova may: ", "May not: "}},
		{"J30, not for who may not manage users", o, "permissions xavi", []string{"You may not use permissions"}},
		{"J31b, out of the operators' room", x, "operator-edit olga room=off", []string{"room on → off"}},
		{"J32, J38, several slots a day, dates, past midnight", o, "hours-set Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed; Europe/Madrid", []string{"Mon–Fri 9:00–12:30, 13:30–18:00", "Sat 22:00–2:00 (Sun", "closed", "Europe/Madrid"}},
		{"J39, set back", o, "hours-reset", []string{"site's"}},
		{"J10, disabled", x, "operator-disable olga", []string{"Disabled: Olga Petrova", "Back: operator-enable olga"}},
		{"J10, enabled", x, "operator-enable olga", []string{"Enabled: Olga Petrova"}},
		{"J12, super operators are protected", x, "operator-delete xavi, olga", []string{"Xavi is a super operator", "Nothing was changed."}},
		{"J12, asks once", x, "operator-delete olga", []string{"Send within 5 minutes: operator-delete olga yes"}},
		{"J12, deleted", x, "operator-delete olga yes", []string{"Deleted: Olga Petrova."}},
		{"J12, the numbers stay under the name", x, "stats olga 30d", []string{"Olga Petrova, ", " of support ("}},
	} {
		got := row.who.desk(row.line, row.says[0])
		for _, want := range row.says {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s answers\n%s\nwhich lacks %q", row.name, row.line, got, want)
			}
		}
	}
	x.cancels("stats")
}

// cancels opens the form of a command and cancels it (XEP-0050 §3.3), so the window of J16 is closed.
func (p *person) cancels(node string) {
	p.t.Helper()
	command := stream.New(nsCommands, "command").With("node", node, "action", "execute")
	form := p.iq("set", demo.Desk, command).Child(nsCommands, "command")
	if form.Get("status") != "executing" || form.Child(nsData, "x") == nil {
		p.t.Fatalf("%s has no form", node)
	}
	command = command.With("sessionid", form.Get("sessionid"), "action", "cancel")
	if got := p.iq("set", demo.Desk, command).Child(nsCommands, "command").Get("status"); got != "canceled" {
		p.t.Errorf("the cancelled form of %s is %q", node, got)
	}
}
