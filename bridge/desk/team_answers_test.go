package desk_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

// Whom or what a line means is told as it was written, without what follows it: what is to be changed, or the yes.
func TestTeam_NobodyOfThatName(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{xavi, "department-edit nope routing=ring-all", `error: There is no department "nope". There are: Billing,`},
		{xavi, "operator-edit Rita Long limit=3 name=X", `error: There is no operator "Rita Long". There are:`},
		{xavi, "operator-delete rita yes", `error: There is no operator "rita". There are:`},
		{xavi, "department-delete billing nope", `error: There is no department "nope". There are: Billing,`},
		{xavi, "department-delete billing sales sales", `error: "sales" is too much.`},
		{xavi, "hours-set nope=1", `error: "nope=1" is no day`},
	})
}

// Departments at the end of operator-add are not taken for a part of the name because one of them is mistyped. An operator
// without a department gets nothing, and who adds them reads that.
func TestTeam_OperatorAddDepartments(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{xavi, "operator-add bob@example.org Bob sales,nope", `error: There is no department "nope". There are: Billing, Sales, Support. Nothing was changed.`},
		{xavi, "operator-add bob@example.org Bob *,-nope", `error: There is no department "-nope".`},
		{xavi, "operator-add bob@example.org Bob Sales,BILLING", "Bob (bob@example.org) is an operator: sales, billing.\n"},
		{xavi, "operator-add pere@example.org Puig,Pere", "Puig,Pere (pere@example.org) is an operator in no department, so nothing is offered to them yet: operator-edit pere departments=+billing puts them into one.\n"},
		{xavi, "operator-edit pere departments=+billing", "Puig,Pere: departments none → billing."},
		{xavi, "audit pere", "21 Nov 12:00 Xavi: operator-edit pere departments – → billing\n21 Nov 12:00 Xavi: operator-add pere name – → Puig,Pere"},
	})
	if got := o.say(xavi, "", "audit pere"); strings.Contains(got, "– → –") {
		t.Errorf("the audit log tells what did not change: %s", got)
	}
}

// who says departments as the rest of the desk does, and operators says of somebody who is away that they are asked all the
// same.
func TestTeam_WhoIsAsked(t *testing.T) {
	o := newTeam(t)
	o.say(xavi, "", "operator-edit vera departments=*,-billing")
	if got := o.say(xavi, "", "who"); !strings.Contains(got, "Vera Lang (vera@example.org): offline, all but billing, later ones too, 0 active") {
		t.Error(got)
	}
	for _, show := range []bridge.Show{bridge.ShowAvailable, bridge.ShowAway} {
		if err := o.bridge.Reach.Presence(t.Context(), olga, "phone", show); err != nil {
			t.Fatal(err)
		}
	}
	o.clock.move(time.Minute) // who has not shown themselves by then is away
	o.bridge.Turn(t.Context())
	for _, step := range [][2]string{{"notify online", "Olga – away, 0 active"}, {"notify always", "Olga – away, asked all the same, 0 active"}} {
		o.say(olga, "", step[0])
		if got := o.say(xavi, "", "operators"); !strings.Contains(got, step[1]) {
			t.Errorf("after %s: %s", step[0], got)
		}
	}
}

// The audit log names what notify changed as operator-edit does, since it is that line that it has.
func TestTeam_AuditOfNotify(t *testing.T) {
	o := newTeam(t)
	o.say(olga, "", "notify always")
	o.say(olga, "", "notify when=online")
	o.steps([]line{{xavi, "audit olga", "21 Nov 12:00 Olga: operator-edit olga notify always → online\n21 Nov 12:00 Olga: operator-edit olga notify hours → always"}})
}

// Who changes their own language reads all of the answer in the new one.
func TestStatus_AnswersInTheNewLanguage(t *testing.T) {
	o := newTeam(t)
	o.say(olga, "", "status language=de")
	if got := o.say(olga, "", "status language=en"); !strings.HasPrefix(got, "Olga: language de → en.\nYou are Olga") || !strings.HasSuffix(got, "\nBack: status language=de") {
		t.Error(got)
	}
}

// Who is offered a request of a department that they are not in finds it in their queue, until it is offered no more.
func TestQueue_HasWhatIsOffered(t *testing.T) {
	o := newTeam(t)
	if err := o.bridge.Reach.Presence(t.Context(), vera, "phone", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	o.ask2("support")
	anna := o.latest(xavi)
	o.say(xavi, "", "1")
	o.say(xavi, anna, "transfer vera she knows")
	if got := o.say(vera, "", "queue"); !strings.HasPrefix(got, "Waiting: 1\n  #1 Anna, Support: How?") {
		t.Errorf("Vera's queue while she is asked: %s", got)
	}
	o.say(vera, "", "decline 1")
	if got := o.say(vera, "", "queue"); got != "Nobody waits and nobody is being served." {
		t.Errorf("Vera's queue after she declined: %s", got)
	}
}

// Of hours that were changed twice within a minute an operator is told the later.
func TestTeam_ToldTheLastHours(t *testing.T) {
	o := newTeam(t)
	for _, line := range []string{"hours-set olga daily 0-24; UTC", "operator-edit olga limit=3", "hours-set olga daily 9-17; UTC", "hours-set vera daily 8-12; UTC"} {
		o.say(xavi, "", line)
	}
	told := o.toldLater(olga)
	if want := "Xavi changed limit – → 3; your hours: daily 9:00–17:00, UTC."; told[len(told)-1] != want {
		t.Errorf("Olga is told %q, want %q", told[len(told)-1], want)
	}
}

// operator-edit has all of an operator in one form: also their hours and what they may. Each is audited and told as its own
// command has it, and who may not manage users sees neither.
func TestTeam_EditHasHoursAndRights(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{xavi, "operator-edit olga hours=Mon-Fri 9-17; Sat 10-12; Europe/Madrid limit=3 may=+visitors,-transfer", "Olga: hours none → Mon-Fri 9-17; Sat 10-12; Europe/Madrid; limit none → 3; may transfer, invite, files, email, canned → invite, files, email, visitors, canned.\nBack: operator-edit olga hours= limit= may=transfer,invite,files,email,canned"},
		{xavi, "operator-edit olga hours=Mon-Fry 9-17", `error: "Mon-Fry" is no day: Mon Tue Wed Thu Fri Sat Sun, a date, or a span of them. Nothing was changed.`},
		{xavi, "operator-edit olga may=fly", `error: "fly" is none of transfer, invite, files, block,`},
		{xavi, "operator-edit xavi may=-users", "error: Xavi is a super operator and may do everything: that is changed in the config. Nothing was changed."},
		{xavi, "operator-edit vera hours=Mon 9-12", "Vera Lang: hours none → Mon 9-12; UTC."},
		{olga, "operator-edit me hours=daily 0-24", "error: You may not change hours."},
		{olga, "hours", "Yours (again Mon 9:00), Europe/Madrid:\n  Mon–Fri 9:00–17:00\n  Sat 10:00–12:00\n"},
		{xavi, "audit olga", "21 Nov 12:00 Xavi: operator-edit olga hours – → Mon-Fri 9-17; Sat 10-12; Europe/Madrid; limit – → 3\n21 Nov 12:00 Xavi: permissions olga +visitors -transfer"},
		{xavi, "operator-edit olga may=+search", "Olga: may"},
		{xavi, "operator-edit olga room=off", "Olga: room on → off."},
		{xavi, "permissions olga", "Olga may: invite, files, email, visitors, search, canned\n"},
	})
	want := "Xavi changed what you may: now visitors, no more transfer; hours – → Mon-Fri 9-17; Sat 10-12; Europe/Madrid; limit – → 3; what you may: now search; room on → –."
	if told := o.toldLater(olga); told[len(told)-1] != want {
		t.Errorf("Olga is told %q, want %q", told[len(told)-1], want)
	}
}

// Where waiting requests go and when is said together, and each alone if it changes alone.
func TestTeam_OverflowIsSaidWithItsTime(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{xavi, "department-edit sales after=2m overflow=support", "Sales: after none → 2 min; overflow none → support.\n"},
		{xavi, "department-edit sales after=90m", "Sales: after 2 min → 1 h 30 min.\nBack: department-edit sales after=2m"},
		{xavi, "department-edit sales overflow=billing after=", "Sales: overflow support → billing; after 1 h 30 min → none.\n"},
		{xavi, "department-edit sales retention=90d", "Sales: retention none → 90d.\nBack: department-edit sales retention="},
		{xavi, "department-edit sales retention=1h", "error: \"1h\" is no number of days such as 90d."},
		{xavi, "department-edit sales retention=off", "Sales: retention 90d → off.\nBack: department-edit sales retention=90d"},
		{xavi, "department-edit sales first=10m next=90s solved=16h", "Sales: first none → 10 min; next none → 1 min 30 s; solved none → 16 h.\nBack: department-edit sales first= next= solved="},
		{xavi, "departments sales", "Sales (sales) – ONLINE: Vera Lang, Xavi. Ring all\nHours: none\nAfter 1 min Sales goes on to Billing.\nTargets, in business hours: first answer within 10 min, each next one within 1 min 30 s, solved within 16 h\nKeep conversations for: off\n"},
		{xavi, "department-edit sales first=off next=- solved=1001h", "error: \"1001h\" is too short or too long: from 1s to 1000h. Nothing was changed."},
		{xavi, "department-edit sales first=off next=-", "Sales: first 10 min → none; next 1 min 30 s → none.\nBack: department-edit sales first=10m next=1m30s"},
		{xavi, "department-edit sales offer=90s", "Sales: offer none → 1 min 30 s.\nBack: department-edit sales offer="},
	})
}
