package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
)

// newSaturday is a team on a Saturday at 12:40, made by commands: Olga is available with two conversations,
// Pere is offline in his hours, Vera outside hers, Xavi has just gone away with one conversation, and Zoe is
// disabled.
func newSaturday(t *testing.T) *office {
	t.Helper()
	o := newTeam(t)
	o.counting()
	o.shows(olga, bridge.ShowAvailable)
	for _, line := range []string{
		"department-delete billing", "operator-delete vera yes", "operator-add vera@example.org Vera support", "operator-add pere@example.org Pere support",
		"hours-set pere daily 9-18; UTC", "hours-set vera Mon-Fri 9-17; UTC", "hours-set olga Mon-Fri 9-17; UTC", "hours-set support Mon-Fri 9-17; UTC",
		"operator-edit olga limit=4 departments=sales,support tickets=support language=es about=Knows all about invoices invitation=Hello! May I help you choose?",
		"operator-edit xavi limit=4", "permissions olga may=transfer,invite,files,block",
	} {
		if got := o.say(xavi, "", line); strings.HasPrefix(got, "error: ") {
			t.Fatalf("%s: %s", line, got)
		}
		if line == "operator-delete vera yes" {
			o.say(xavi, "", line)
		}
	}
	for i, owner := range []bridge.OperatorJID{olga, olga, xavi} {
		o.ask2("support")
		if got := o.say(owner, "", fmt.Sprint(i+1)); strings.HasPrefix(got, "error: ") {
			t.Fatal(got)
		}
	}
	o.clock.set(time.Date(2026, 11, 21, 12, 40, 0, 0, time.UTC))
	o.bridge.Turn(t.Context())
	o.shows(xavi, bridge.ShowAway)
	return o
}

// shows tells the presence of an operator's phone.
func (o *office) shows(who bridge.OperatorJID, show bridge.Show) {
	o.t.Helper()
	if err := o.bridge.Reach.Presence(o.t.Context(), who, "phone", show); err != nil {
		o.t.Fatal(err)
	}
}

// What is told beside an operator's limit is what the limit is for: chats, and no tickets.
func TestOperators_TicketsHaveNoLimit(t *testing.T) {
	o := newSaturday(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Ticket: true, Request: bridge.Request{Name: "Anna", Email: "anna@example.org", Reason: "How?"}})
	if err != nil || c.Kind != bridge.Ticket {
		t.Fatalf("%+v, %v", c, err)
	}
	o.say(olga, "", fmt.Sprint(c.Number))
	if got := o.say(xavi, "", "operators"); !strings.Contains(got, "  Olga – available since 12:00, 2 of 4: ") {
		t.Error(got)
	}
}

// The list of operators says of each what one wants to know: since when they are there and what they have, or
// whether they are asked though they are offline, or when their hours begin again.
func TestOperators_List(t *testing.T) {
	o := newSaturday(t)
	want := "5 operators, 2 active in 7 days, 2 logins, vote –\n" +
		"  Olga – available since 12:00, 2 of 4: sales, support\n" +
		"  Pere – offline, but in hours: asked all the same\n" +
		"  Vera – offline, hours again Mon 9:00\n" +
		"  Xavi ★ – away since 12:40, 1 of 4: all\n" +
		"  Zoe – disabled\n" +
		"operators olga says all. ★ is set in the config.\nEverything: https://"
	if got := o.say(xavi, "", "operators"); !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	o.say(xavi, "", "operator-edit vera notify=always")
	o.shows(olga, bridge.ShowOffline)
	for _, part := range []string{"  Vera – offline, asked all the same\n", "  Olga – offline, hours again Mon 9:00, 2 of 4: sales, support\n"} {
		if got := o.say(xavi, "", "operators"); !strings.Contains(got, part) {
			t.Errorf("%q is not in\n%s", part, got)
		}
	}
	o.clock.move(24 * time.Hour)
	if got := o.say(xavi, "", "operators"); !strings.Contains(got, "Xavi ★ – away since 21 Nov 12:40, 1 of 4: all\n") {
		t.Errorf("the next day:\n%s", got)
	}
}

// operators WHO has a line for each thing that one can know, for those who may manage users and for oneself.
func TestOperators_Who(t *testing.T) {
	o := newSaturday(t)
	want := "Olga (olga@example.org) – available since 12:00, 2 of 4\n" +
		"Departments: sales, support. Tickets: support\n" +
		"Language: Español. Hours: Mon–Fri 9:00–17:00\n" +
		"Notices: in hours, mail off, Pushover off, little traffic off\n" +
		"May: transfer, invite, files, block\n" +
		"About: Knows all about invoices\n" +
		"Invitation: Hello! May I help you choose?\n" +
		"7 days: 2 conversations, first answer –, vote – (0)\n" +
		"To change: operator-edit olga KEY=VALUE"
	if got := o.say(xavi, "", "operators olga"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := o.say("pere@example.org", "", "operators olga"); got != strings.Join(strings.Split(want, "\n")[:2], "\n") {
		t.Errorf("for a colleague:\n%s", got)
	}
	if got := o.say(xavi, "", "operators pere"); !strings.HasPrefix(got, "Pere (pere@example.org) – offline, but in hours: asked all the same, 0 active\n") ||
		!strings.Contains(got, "\nLanguage: English, as the client has it. Hours: daily 9:00–18:00\n") {
		t.Errorf("Pere:\n%s", got)
	}
	o.say(xavi, "", "hours-reset pere")
	if got := o.say(xavi, "", "operators pere"); !strings.Contains(got, "Hours: Mon–Fri 9:00–17:00 (the department's)\n") {
		t.Errorf("with the department's hours:\n%s", got)
	}
	o.say(xavi, "", "hours-reset support")
	o.say(xavi, "", "hours-set site daily 9-18; UTC")
	if got := o.say(xavi, "", "operators pere"); !strings.Contains(got, "Hours: daily 9:00–18:00 (the site's)\n") {
		t.Errorf("with the site's hours:\n%s", got)
	}
}

// The departments say who is there or when they open, how requests are offered, and who waits.
func TestDepartments_List(t *testing.T) {
	o := newSaturday(t)
	for _, line := range []string{"department-edit sales overflow=support after=2m", "department-edit support routing=in-turn offer=30s", "operator-edit olga departments=sales"} {
		o.say(xavi, "", line)
	}
	o.ask2("sales")
	want := "Sales (sales) – ONLINE: Olga, Xavi. Ring all. 1 waits, 40 s\n" +
		"Support (support) – OFFLINE, opens Mon 9:00: Pere, Vera, Xavi. In turn, 30 s each\n" +
		"After 2 min Sales goes on to Support. departments sales says all."
	if got := o.say(xavi, "", "departments"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	o.ask2("sales")
	want = "Sales (sales) – ONLINE: Olga, Xavi. Ring all. 2 wait, 1 min\n" +
		"Hours: none\n" +
		"After 2 min Sales goes on to Support.\n" +
		"To change: department-edit sales KEY=VALUE"
	if got := o.say(xavi, "", "departments sales"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = "Support (support) – OFFLINE, opens Mon 9:00: Pere, Vera, Xavi. In turn, 30 s each\nHours: Mon–Fri 9:00–17:00, again Mon 9:00"
	if got := o.say("pere@example.org", "", "departments support"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What waits in a department that is deleted waits in the other one, with its time, and is offered there; who
// was in no other is in that one and told so, and what would go on to it goes on to the other.
func TestDepartmentDelete(t *testing.T) {
	o := newSaturday(t)
	for _, line := range []string{"operator-edit olga departments=sales tickets=", "operator-edit vera departments=sales,support tickets=sales", "department-add funds Funds", "department-edit funds overflow=sales after=2m"} {
		o.say(xavi, "", line)
	}
	for range 3 {
		o.ask2("sales")
	}
	o.steps([]line{
		{xavi, "department-delete sales", "3 wait in Sales and Olga, Vera are in no other department. Where shall they go? department-delete sales funds"},
		{xavi, "department-delete sales yes", "3 wait in Sales and"},
		{xavi, "department-delete sales support", "#4 Anna (4), #5 Anna (5), #6 Anna (6) will wait in Support, with their time; Olga, Vera will be in Support.\nThis can't be taken back. Send within 5 minutes: department-delete sales support yes"},
		{xavi, "department-delete sales support yes", "Sales is gone: #4 Anna (4), #5 Anna (5), #6 Anna (6) wait in Support now, with their time; Olga, Vera are in Support."},
		{xavi, "departments funds", "Funds (funds) – OFFLINE: Xavi. Ring all\nHours: none\nAfter 2 min Funds goes on to Support."},
	})
	if got := o.say(xavi, "", "queue"); !strings.Contains(got, "#4 Anna (4), Support: How? (2 min)") {
		t.Errorf("the queue:\n%s", got)
	}
	if op, _ := o.bridge.Team.Operator(vera); op.Departments.String() != "support" || op.Tickets.String() != "support" {
		t.Errorf("Vera is in %v, for tickets %v", op.Departments, op.Tickets)
	}
	told := o.toldLater(olga)
	if got := told[len(told)-1]; !strings.HasSuffix(got, "your departments: Sales is deleted, and you are in Support now.") {
		t.Errorf("Olga is told %q", got)
	}
}

// Lists of more than 15 are cut, and the number of a page shows more.
func TestLists_HavePages(t *testing.T) {
	o := newOffice(t)
	for i := range 29 {
		o.say(xavi, "", fmt.Sprintf("operator-add p%02d@example.net P%02d support", i, i))
		o.say(xavi, "", fmt.Sprintf("department-add d%02d D%02d", i, i))
	}
	for command, want := range map[string][3]string{
		"operators":   {"31 operators, ", "  P13 – offline\noperators 2 shows more.\noperators olga says all.", "31 operators, "},
		"departments": {"D00 (d00) – ", "\ndepartments 2 shows more. departments d00 says all.", "D15 (d15) – "},
	} {
		if got := o.say(xavi, "", "who"); strings.Count(got, "\n") != 12+1+12 || !strings.Contains(got, "\n19 more: operators\n") || !strings.HasSuffix(got, "\n18 more: departments") {
			t.Errorf("who:\n%s", got)
		}
		first, second, third := o.say(xavi, "", command), o.say(xavi, "", command+" 2"), o.say(xavi, "", command+" 9")
		if !strings.HasPrefix(first, want[0]) || !strings.Contains(first, want[1]) || !strings.HasPrefix(second, want[2]) || strings.Count(second, "\n") < 15 {
			t.Errorf("%s:\n%s\n%s", command, first, second)
		}
		if !strings.HasPrefix(third, "error: There is no page 9: the list ends with page ") {
			t.Errorf("%s 9: %s", command, third)
		}
	}
	if got := o.say(xavi, "", "operators nobody"); !strings.HasPrefix(got, `error: There is no operator "nobody".`) {
		t.Error(got)
	}
}

// clients lists visitors with a past to those who may see visitors, and never an operator.
func TestClients(t *testing.T) {
	o := newOffice(t)
	o.steps([]line{{xavi, "clients", "There are no clients yet."}})
	first := o.ask()
	o.say(xavi, "", "1")
	o.say(xavi, first.Visitor, "note two accounts")
	o.say(xavi, first.Visitor, "close")
	if _, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Returning: first.Visitor, Request: bridge.Request{Name: "Anna Lang", Reason: "And now?"}}); err != nil {
		t.Fatal(err)
	}
	o.vote("Bob", xavi, 5, "")
	o.steps([]line{
		{xavi, "clients", "Clients, the latest first:\n  Bob – #3 on 21 Nov\n  Anna Lang, anna@example.org – 2 conversations, the last #2 on 21 Nov"},
		{xavi, "clients anna", "1 client:\n  Anna Lang, anna@example.org – 2 conversations, the last #2 on 21 Nov"},
		{xavi, "clients lang example.org 1", "1 client:\n  Anna Lang"},
		{xavi, "clients olga", "No client is found by \"olga\"."},
		{xavi, "clients anna 2", "error: There is no page 2."},
		{olga, "clients", "error: You may not use clients. A super operator can allow it."},
	})
	o.say(xavi, "", "allow olga visitors")
	o.say(xavi, "", "2")
	o.say(xavi, first.Visitor, "note wants an offer")
	o.steps([]line{{olga, "clients lang", "1 client:\n  Anna Lang, anna@example.org – 2 conversations, the last #2 on 21 Nov. wants an offer"}})
	for i := range 20 {
		o.vote(fmt.Sprintf("Carl%d", i), xavi, 5, "")
	}
	if got := o.say(xavi, "", "clients carl"); !strings.HasPrefix(got, "20 clients, the latest first:\n  Carl19 – #23 on 21 Nov\n") || !strings.HasSuffix(got, "\nclients carl 2 shows more.") {
		t.Errorf("many:\n%s", got)
	}
	if got := o.say(xavi, "", "clients carl 2"); strings.Count(got, "\n") != 5 {
		t.Errorf("the second page:\n%s", got)
	}
}

// The queue counts all that waits and shows 15 of it, what waits first; a line shows more.
func TestQueue_HasPages(t *testing.T) {
	o := newOffice(t)
	for i := range 18 {
		o.ask()
		if i < 2 {
			o.say(xavi, "", fmt.Sprint(i+1))
		}
	}
	first, second := o.say(xavi, "", "queue"), o.say(xavi, "", "queue 2")
	if !strings.HasPrefix(first, "Waiting: 16\n  #3 Anna (3), Support: ") || !strings.Contains(first, "\n  #17 Anna (17), ") || !strings.HasSuffix(first, "\nActive: 2\nqueue 2 shows more.") {
		t.Errorf("page 1:\n%s", first)
	}
	if !strings.HasPrefix(second, "Waiting: 16\n  #18 Anna (18), Support: ") || !strings.Contains(second, "\nActive: 2\n  #1 Anna, Support: How can I edit? (12 min) with Xavi; Anna wrote 12 min ago\n  #2 Anna (2), ") {
		t.Errorf("page 2:\n%s", second)
	}
	if got := o.say(xavi, "", "queue 3"); got != "error: There is no page 3." {
		t.Errorf("page 3: %s", got)
	}
	if got := o.say(xavi, "", "queue x"); got != `error: "x" is too much. Write: queue [PAGE].` {
		t.Errorf("no page: %s", got)
	}
	op, _ := o.bridge.Team.Operator(xavi)
	if answer, form, err := o.Fill(t.Context(), "queue", desk.Call{Operator: op}, desk.Filled{}); err != nil || form != nil || answer != first {
		t.Errorf("as a form: %q, %+v, %v", answer, form, err)
	}
}
