package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
)

const (
	vera = bridge.OperatorJID("vera@example.org")
	zoe  = bridge.OperatorJID("zoe@example.org")
)

// newTeam is an office with the departments Support, Billing and Sales; Vera is in Sales, and Zoe is
// disabled.
func newTeam(t *testing.T) *office {
	t.Helper()
	o := newOffice(t, "billing", "Billing", "sales", "Sales")
	for _, p := range []bridge.Operator{{JID: vera, Name: "Vera Lang", Enabled: true, Departments: bridge.Circle{"sales"}}, {JID: zoe, Name: "Zoe"}} {
		if err := o.bridge.Team.Add(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// steps gives lines one after the other, and compares each answer with its beginning.
func (o *office) steps(list []struct {
	who        bridge.OperatorJID
	line, want string
}) {
	o.t.Helper()
	for _, step := range list {
		if got := o.say(step.who, "", step.line); !strings.HasPrefix(got, step.want) {
			o.t.Errorf("%s: %q gives\n%s\nwant\n%s", step.who, step.line, got, step.want)
		}
	}
}

type line = struct {
	who        bridge.OperatorJID
	line, want string
}

func TestTeam_Operators(t *testing.T) {
	o := newTeam(t)
	o.ask2("support")
	o.steps([]line{
		{xavi, "1", "#1 is yours"},
		{xavi, "operators", "4 operators, 2 active in 7 days, 2 logins, vote –\n  Olga – away, 0 active: support\n  Vera Lang – offline\n  Xavi ★ – available since 12:00, 1 active: all\n  Zoe – disabled\noperators olga says all. ★ is set in the config."},
		{olga, "operators zoe", "Zoe (zoe@example.org) – disabled, 0 active\nDepartments: none."},
		{olga, "operators vera lang", "Vera Lang (vera@example.org) – offline, 0 active\nDepartments: sales."},
		{olga, "operators me", "Olga (olga@example.org) – away, 0 active\nDepartments: support.\nLanguage: English, as the client has it. Hours: none\nNotices: in hours, mail off, Pushover off, little traffic off\nMay: transfer, invite, files, email, room, canned\n7 days: vote – (0)\nTo change: operator-edit olga KEY=VALUE"},
		{olga, "operators nobody", "error: There is no operator"},
		{olga, "operator-add pere@example.net", "error: You may not use operator-add."},
		{xavi, "operator-add pere@example.net Pere Puig sales,support", "Pere Puig (pere@example.net) is an operator: sales, support.\n"},
		{xavi, "operator-add pere@example.net", "error: Pere Puig (pere@example.net) is an operator already. Nothing was changed."},
		{xavi, "operator-add pere example.net", "error: \"pere\" is no address such as olga@example.org. Nothing was changed."},
		{xavi, "operator-add rita@example.net *", "Rita (rita@example.net) is an operator: all, later ones too.\n"},
		{xavi, "operator-disable olga, zoe", "Disabled: Olga (Zoe was already).\nBack: operator-enable olga"},
		{xavi, "operator-disable olga", "error: Disabled already: Olga. Nothing was changed."},
		{xavi, "operator-enable olga zoe", "Enabled: Olga, Zoe.\nBack: operator-disable olga, zoe"},
		{xavi, "operator-disable xavi, olga", "error: Xavi is a super operator: that is changed in the config. Nothing was changed."},
		{xavi, "allow vera users", "Vera Lang may now: users. Vera Lang was told.\nBack: permissions vera -users"},
		{vera, "operator-disable me", "error: Vera Lang, that is you: somebody else has to do it. Nothing was changed."},
		{vera, "operator-disable xavi", "error: Xavi is a super operator"},
		{vera, "operator-delete olga, nobody", "error: There is no operator \"nobody\""},
		{xavi, "operator-delete pere", "Pere Puig has no conversation.\nVotes and statistics stay.\nThis can't be taken back. Send within 5 minutes: operator-delete pere yes"},
		{xavi, "operator-delete pere yes", "Deleted: Pere Puig."},
		{xavi, "operator-delete pere yes", "error: There is no operator"},
		{xavi, "audit zoe", "21 Nov 12:00 Xavi: operator-enable zoe enabled off → on"},
		{xavi, "audit 2026-13", "error: \"2026-13\" is no range"},
		{xavi, "audit billing 2025", "Nothing was changed in that time."},
		{vera, "audit", "error: You may not use audit: only super operators may"},
	})
}

// An address of the desk's own domain is no operator's: the desk itself would be one who is always there, and all that
// it says to them would come back.
func TestTeam_OwnDomain(t *testing.T) {
	o := newTeam(t)
	for _, address := range []string{"desk@support.example.org", "anna-1a2b@support.example.org", "xmpp:olga@SUPPORT.example.org"} {
		if got := o.say(xavi, "", "operator-add "+address); !strings.HasPrefix(got, "error: \""+address+"\" is an address of the desk's own domain") {
			t.Errorf("%s: %s", address, got)
		}
	}
	if got := o.say(xavi, "", "operator-add olga@sub.support.example.org"); strings.HasPrefix(got, "error") {
		t.Error(got)
	}
}

// Whoever is refused a change reads once that nothing was changed, whatever refuses it.
func TestTeam_RefusedOnce(t *testing.T) {
	o := newTeam(t)
	o.say(xavi, "", "allow vera users")
	for _, step := range []line{
		{vera, "operator-disable xavi", ""}, {vera, "operator-delete xavi", ""}, {vera, "operator-delete me", ""}, {vera, "operator-edit xavi enabled=off", ""},
		{vera, "operator-enable nobody", ""}, {xavi, "permissions xavi -users", ""}, {xavi, "permissions xavi may=invite", ""},
	} {
		if got := o.say(step.who, "", step.line); !strings.HasPrefix(got, "error: ") || strings.Count(got, "Nothing was changed.") != 1 {
			t.Errorf("%s: %s", step.line, got)
		}
	}
}

func TestTeam_DisabledOperatorsConversations(t *testing.T) {
	o := newTeam(t)
	o.ask2("support")
	o.steps([]line{
		{olga, "1", "#1 is yours"},
		{xavi, "operator-disable olga", "Disabled: Olga. Olga's conversation is offered to the others: #1 Anna.\nBack: operator-enable olga"},
		{xavi, "operator-delete olga", "Olga has 1 conversation, which stays with the name."},
	})
}

func TestTeam_OperatorEdit(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{xavi, "operator-edit olga limit=3 departments=*,-billing whatsapp=600 000 000", "error: \"600 000 000\" is no phone number: write it with +, as +34600000000. Nothing was changed."},
		{xavi, "operator-edit olga limit=3 departments=*,-billing", "Olga: limit none → 3; departments support → all but billing, later ones too.\nBack: operator-edit olga limit= departments=support"},
		{xavi, "operator-edit olga limit= departments=support", "Olga: limit 3 → none; departments all but billing, later ones too → support.\nBack: operator-edit olga limit=3 departments=*,-billing"},
		{xavi, "operator-edit olga departments=*,sales", "Olga: departments support → "},
		{xavi, "operators olga", "Olga (olga@example.org) – away, 0 active\nDepartments: all, later ones too."},
		{xavi, "operator-edit vera lang name=Vera Maria Lang about=Knows all about invoices whatsapp=+34 600 000 000", "Vera Lang: name Vera Lang → Vera Maria Lang; about none → Knows all about invoices; whatsapp none → +34600000000.\nBack: operator-edit vera "},
		{xavi, "operator-edit olga limit=0", "error: \"0\" is no number from 1 to 99. Nothing was changed."},
		{xavi, "operator-edit olga colour=red", "error: \"colour\" is no key. There are: name, language, about, whatsapp, departments, tickets, limit, enabled, hours, notify, mail, mail-to, pushover, token, urgent, ntfy, ntfy-token, webhook, webhook-secret, satellite, room, may, greeting, invitation. Write KEY=VALUE. Nothing was changed."},
		{xavi, "operator-edit olga room=off notify=always", "Olga: room on → off; notify hours → always.\nBack: operator-edit olga room=on notify=hours"},
		{xavi, "operator-edit xavi enabled=off", "error: Xavi is a super operator"},
		{olga, "operator-edit me limit=9", "error: You may not change limit."},
		{olga, "operator-edit vera name=X", "error: You may not change name of others, only your own."},
		{olga, "operator-edit me name=Olga Petrova", "Olga: name Olga → Olga Petrova.\nBack: operator-edit olga name=Olga"},
		{xavi, "audit olga", "21 Nov 12:00 Olga: operator-edit olga name Olga → Olga Petrova\n21 Nov 12:00 Xavi: operator-edit olga room on → –; notify hours → always\n"},
	})
}

// A form about somebody who was deleted meanwhile says once that nothing was changed.
func TestTeam_FormOfSomebodyDeleted(t *testing.T) {
	o := newTeam(t)
	by, _ := o.bridge.Team.Operator(xavi)
	_, form, err := o.Fill(t.Context(), "operator-edit", desk.Call{Operator: by}, desk.Filled{Values: map[string][]string{"who": {"gone@example.org"}}})
	want := "There is no operator \"gone@example.org\". There are: Olga, Vera Lang, Xavi, Zoe. Nothing was changed."
	if form == nil || phrase.Of(err).String() != want {
		t.Errorf("%v, and %q, want %q", form, phrase.Of(err), want)
	}
}

func TestTeam_Departments(t *testing.T) {
	o := newTeam(t)
	o.ask2("sales")
	o.steps([]line{
		{olga, "departments", "Billing (billing) – ONLINE: Xavi. Ring all\nSales (sales) – ONLINE: Vera Lang, Xavi. Ring all. 1 waits, 40 s\n"},
		{olga, "department-add x", "error: You may not use department-add. A super operator can allow it."},
		{xavi, "department-add invoices Invoices and payments", "Invoices and payments (invoices) is made: nobody is in it but Xavi, who is in all. The site shows it as ONLINE.\noperator-edit WHO departments=+invoices puts somebody in.\nBack: department-delete invoices"},
		{xavi, "department-add -x", "error: \"-x\" is no name of a department"},
		{xavi, "department-add sаles2", "error: \"sаles2\" has letters that only look like Latin ones. Write sales2. Nothing was changed."},
		{xavi, "department-add ѕаlеѕ", "error: \"ѕаlеѕ\" has letters that only look like Latin ones. Write sales. Nothing was changed."},
		{xavi, "department-add sa1es", "error: There is a department sales already, and sa1es looks the same. Nothing was changed."},
		{xavi, "department-add ｓales", "error: There is a department sales already, and ｓales looks the same. Nothing was changed."},
		{xavi, "department-add a1l", "error: \"a1l\" means something else already. Nothing was changed."},
		{xavi, "department-edit sales routing=least-active overflow=support after=2m limit=3", "Sales: routing ring-all → least-active; overflow none → support after 2 min; limit none → 3.\nBack: department-edit sales routing=ring-all overflow= after= limit="},
		{xavi, "department-edit sales overflow=sales", "error: Sales can't go on to itself. Nothing was changed."},
		{xavi, "department-edit sales after=soon", "error: \"soon\" is no time such as 30s, 2m or 1h. Nothing was changed."},
		{xavi, "department-edit sales title=", "error: title can't be empty. Nothing was changed."},
		{olga, "departments sales", "Sales (sales) – ONLINE: Vera Lang, Xavi. Least active first. 1 waits, 40 s\nHours: none\nAfter 2 min Sales goes on to Support.\nAt most at once: 3"},
		{xavi, "department-delete invoices", "Invoices and payments is gone."},
		{xavi, "department-delete sales", "1 waits in Sales and Vera Lang is in no other department. Where shall they go? department-delete sales support"},
		{xavi, "department-delete sales sales", "error: Sales is the department that is to be deleted."},
		{xavi, "department-delete sales support", "#1 Anna will wait in Support, with their time; Vera Lang will be in Support.\nThis can't be taken back. Send within 5 minutes: department-delete sales support yes"},
		{xavi, "department-delete sales support yes", "Sales is gone: #1 Anna waits in Support now, with their time; Vera Lang is in Support."},
		{xavi, "operators vera", "Vera Lang (vera@example.org) – offline, 0 active\nDepartments: support."},
	})
}

// What a text of an administrator shows is what it says, wherever it stands: no character in it turns the
// rest of a line around, and a name shows something.
func TestTeam_CleanTexts(t *testing.T) {
	o := newTeam(t)
	turned := "\u202Eagl\u2066O"
	o.steps([]line{
		{xavi, "operator-edit olga name=" + turned, "Olga: name Olga → aglO.\n"},
		{xavi, "operator-edit olga about=" + turned, "aglO: about none → aglO.\n"},
		{xavi, "operator-edit olga name=\u200B", "error: "},
		{xavi, "department-add support2 \u202Egla\u2066O", "glaO (support2) is made"},
		{xavi, "department-edit support2 title=" + turned + "s", "glaO: title glaO → aglOs."},
		{xavi, "department-edit support2 title=\u2066\u2069", "error: "},
		{xavi, "team-wall \u200B", "error: "},
		{xavi, "audit", "21 Nov 12:00 Xavi: department-edit support2 title glaO → aglOs\n21 Nov 12:00 Xavi: department-add support2 title – → glaO\n" +
			"21 Nov 12:00 Xavi: operator-edit olga about – → aglO\n21 Nov 12:00 Xavi: operator-edit olga name Olga → aglO"},
	})
}

func TestTeam_Permissions(t *testing.T) {
	o := newTeam(t)
	o.steps([]line{
		{olga, "permissions olga", "error: You may not use permissions."},
		{xavi, "permissions olga", "Olga may: transfer, invite, files, email, room, canned\nMay not: block, assign, takeover, export-transcript, watch, visitors, others, search, stats, feedback, departments, hours, users, erase\npermissions olga +visitors -block changes it."},
		{xavi, "permissions olga +visitors -transfer", "Olga may now: visitors; no more: transfer. Olga was told.\nBack: permissions olga -visitors +transfer"},
		{xavi, "permissions olga +visitors", "Olga: that is how it was. Nothing was changed."},
		{xavi, "permissions olga visitors", "error: \"visitors\" has no + or - before it. Nothing was changed."},
		{xavi, "permissions olga +everything", "error: \"everything\" is none of transfer, invite,"},
		{xavi, "permissions olga +stats -stats", "error: stats can't be allowed and denied at once. Nothing was changed."},
		{xavi, "permissions xavi -users", "error: Xavi is a super operator and may do everything: that is changed in the config. Nothing was changed."},
		{olga, "help transfer", "error: You may not use transfer. A super operator can allow it."},
		{xavi, "deny olga canned", "Olga may no more: canned. Olga was told.\nBack: permissions olga +canned"},
		{olga, "canned-add hi Hello", "error: You may not use canned for others"},
		{xavi, "permissions olga may=invite,block", "Olga: may invite, files, email, room, visitors → invite, block.\nBack: permissions olga may=invite,files,email,room,visitors"},
		{xavi, "permissions olga may=invite,files,email,room,visitors", "Olga: may invite, block → invite, files, email, room, visitors.\nBack: permissions olga may=invite,block"},
		{xavi, "permissions xavi may=invite", "error: Xavi is a super operator and may do everything: that is changed in the config. Nothing was changed."},
		{xavi, "permissions olga -visitors +transfer +canned", "Olga may now: transfer, canned; no more: visitors."},
	})
}

// ask2 is a request of Anna's in a department, made 40 s before it returns by the clock.
func (o *office) ask2(department string) {
	o.t.Helper()
	if _, err := o.bridge.Ask(o.t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?"}, Department: department}); err != nil {
		o.t.Fatal(err)
	}
	o.clock.move(40 * time.Second)
}

// toldLater lists what the desk has told an operator a minute later.
func (o *office) toldLater(who bridge.OperatorJID) (list []string) {
	o.t.Helper()
	o.clock.move(time.Minute)
	o.bridge.Turn(context.Background())
	entries, err := o.bridge.DeskEntries(context.Background(), who, 0, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Phrase.String())
	}
	return list
}
