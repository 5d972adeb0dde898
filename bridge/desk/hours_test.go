package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

// newHoursOffice has the departments Support and Sales. Olga's client is an hour ahead of UTC. It is Saturday, 12:00 UTC.
func newHoursOffice(t *testing.T) *office {
	o := newOffice(t, "sales", "Sales")
	if _, err := o.bridge.Team.Change(t.Context(), olga, func(op *bridge.Operator) { op.Zone = "+01:00" }); err != nil {
		t.Fatal(err)
	}
	return o
}

// Hours are set, shown and reset by lines, each answered with the new state and the line that takes it back.
func TestHours_Lines(t *testing.T) {
	o := newHoursOffice(t)
	for _, step := range []struct {
		who        bridge.OperatorJID
		line, want string
	}{
		{olga, "hours", "Yours: no hours are set, so only who is available is asked, at any time.\nhours-set Mon-Fri 9-17 sets them."},
		{olga, "hours-reset", "Yours: no hours of their own are set. Nothing was changed."},
		{olga, "hours-set Mon-Fri 9-17", "Yours now: Mon–Fri 9:00–17:00. UTC+1, next change Mon 9:00.\nUTC+1 knows no summer time. A place at the end of the line does, such as Europe/Madrid.\nBack: hours-reset"},
		{olga, "hours-set Mon-Fri 9-17 Europe/Madrid", "Yours now: Mon–Fri 9:00–17:00. Europe/Madrid, next change Mon 9:00.\nBack: hours-set Mon-Fri 9-17; UTC+1"},
		{olga, "hours-set Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed", "Yours now: Mon–Fri 9:00–12:30, 13:30–18:00; Sat 22:00–2:00 (Sunday); 2026-12-24 closed. Europe/Madrid, next change 22:00.\nBack: hours-set Mon-Fri 9-17"},
		{olga, "hours-set Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed", "Yours: that is how it was. Nothing was changed."},
		{olga, "hours-set Mon-Fry 9-17", `error: "Mon-Fry" is no day: Mon Tue Wed Thu Fri Sat Sun, a date, or a span of them. Nothing was changed.`},
		{olga, "hours-set", "error: Missing: TABLE. Write: hours-set [WHOSE] TABLE. Nothing was changed."},
		{olga, "hours-set me", "error: Missing: TABLE. Write: hours-set [WHOSE] TABLE. Nothing was changed."},
		{olga, "hours", "Yours (again 22:00), Europe/Madrid:\n  Mon–Fri 9:00–12:30, 13:30–18:00\n  Sat 22:00–2:00 (Sunday)\n  2026-12-24 closed\nFrom the site: nothing; they are your own.\nOutside them you are not asked while you are away or offline. notify always changes that."},
		{xavi, "hours olga", "Olga (again 22:00), Europe/Madrid:\n"},
		{xavi, "hours-set site Mon-Fri 9-18", "The site now: Mon–Fri 9:00–18:00. UTC, next change Mon 9:00.\nBack: hours-reset site"},
		{xavi, "hours-set site Mon-Fri 9-18 Europe/Madrid", "The site now: Mon–Fri 9:00–18:00. Europe/Madrid, next change Mon 9:00.\nBack: hours-set site Mon-Fri 9-18; UTC"},
		{olga, "hours site", "The site (again Mon 9:00), Europe/Madrid:\n  Mon–Fri 9:00–18:00\nThey count for everybody who has none of their own."},
		{xavi, "hours", "Yours (again Mon 9:00), Europe/Madrid:\n  Mon–Fri 9:00–18:00\nThey are the site's.\nOutside them"},
		{olga, "hours-reset", "Yours are the site's again: Mon–Fri 9:00–18:00. Before: Mon–Fri 9:00–12:30, 13:30–18:00; Sat 22:00–2:00 (Sunday); 2026-12-24 closed.\nBack: hours-set Mon-Fri 9-12:30,13:30-18; Sat 22-2; 2026-12-24 closed; Europe/Madrid"},
		{xavi, "hours-set Support daily 8-20", "Support now: daily 8:00–20:00. Europe/Madrid, next change 20:00.\nBack: hours-reset support"},
		{olga, "hours", "Yours (now inside, until 20:00), Europe/Madrid:\n  daily 8:00–20:00\nThey are the department's."},
		{xavi, "hours-set olga mon=10-11 sat=", "Olga: mon 8-20 → 10-11; sat 8-20 → closed.\nOlga now: Mon 10:00–11:00; Tue–Fri, Sun 8:00–20:00. Europe/Madrid, next change Sun 8:00.\nBack: hours-set olga mon=8-20 sat=8-20"},
		{xavi, "hours-set olga mon=10-11; Tue 8-9", `error: "10-11; Tue 8-9" is more than the hours of one day. Nothing was changed.`},
		{xavi, "hours-set olga dates=Mon 9-17", `error: "Mon 9-17" names a day of the week; here are dates only. Nothing was changed.`},
		{xavi, "hours-set olga zone=Europe/Madird", `error: "Europe/Madird" is no time zone such as Europe/Madrid or UTC+1. Nothing was changed.`},
		{xavi, "hours-set olga moon=9-17", `error: "moon=9-17" is no day`},
		{xavi, "hours-reset olga", "Olga: the department's hours again: daily 8:00–20:00. Before: Mon 10:00–11:00; Tue–Fri, Sun 8:00–20:00.\nBack: hours-set olga Mon 10-11; Tue-Fri,Sun 8-20; Europe/Madrid"},
		{xavi, "hours-reset support", "Support: the site's hours again: Mon–Fri 9:00–18:00. Before: daily 8:00–20:00.\nBack: hours-set support daily 8-20; Europe/Madrid"},
		{xavi, "hours sales", "Sales (again Mon 9:00), Europe/Madrid:\n  Mon–Fri 9:00–18:00\nThey are the site's."},
		{xavi, "hours-reset site", "The site has no hours any more: of those without their own only who is available is asked, at any time. Before: Mon–Fri 9:00–18:00.\nBack: hours-set site Mon-Fri 9-18; Europe/Madrid"},
		{xavi, "hours nobody", `error: There is no operator or department "nobody".`},
		{xavi, "hours-reset nobody", `error: There is no operator or department "nobody".`},
		{xavi, "hours-set nobody Mon 9-17", `error: "nobody" is no day such as Mon, and there is no operator or department of that name. Nothing was changed.`},
		{xavi, "hours-set olga nobody 9-17", `error: "nobody" is no day: Mon`},
		{xavi, "hours-set site daily closed", "The site now: daily closed. UTC.\nBack: hours-reset site"},
	} {
		if got := o.say(step.who, "", step.line); !strings.HasPrefix(got, step.want) {
			t.Errorf("%s: %q gives\n%s\nwant\n%s", step.who, step.line, got, step.want)
		}
	}
}

// Only those whom their hours keep from being asked are told so.
func TestHours_WhoIsAskedAllTheSame(t *testing.T) {
	o := newHoursOffice(t)
	o.say(olga, "", "hours-set daily 9-17")
	for when, told := range map[bridge.NotifyWhen]bool{bridge.NotifyHours: true, bridge.NotifyAlways: false, bridge.NotifyOnline: false} {
		if _, err := o.bridge.Team.Change(t.Context(), olga, func(op *bridge.Operator) { op.Notify.When = when }); err != nil {
			t.Fatal(err)
		}
		if got := o.say(olga, "", "hours"); strings.Contains(got, "Outside them you are not asked") != told {
			t.Errorf("notify %q: %s", when, got)
		}
	}
}

// Nobody sees or changes others' hours without a permission, but everybody sees the site's.
func TestHours_Permissions(t *testing.T) {
	allow := func(p ...bridge.Permission) func(*bridge.Operator) {
		return func(o *bridge.Operator) { o.Permissions = p }
	}
	may := map[bool]string{true: "Olga may", false: "Olga may not"}
	for _, c := range []struct {
		has  []bridge.Permission
		line string
		may  bool
	}{
		{nil, "hours", true}, {nil, "hours site", true}, {nil, "hours xavi", false}, {nil, "hours sales", false},
		{nil, "hours-set daily 9-17", true}, {nil, "hours-set olga daily 9-17", true}, {nil, "hours-set xavi daily 9-17", false}, {nil, "hours-set site daily 9-17", false}, {nil, "hours-set sales daily 9-17", false},
		{nil, "hours-set xavi mon=9-17", false}, {nil, "hours-reset site", false}, {nil, "hours-reset xavi", false},
		{[]bridge.Permission{bridge.MayUsers}, "hours-set xavi daily 9-17", true}, {[]bridge.Permission{bridge.MayUsers}, "hours-set sales daily 9-17", false},
		{[]bridge.Permission{bridge.MayDepartments}, "hours-set sales daily 9-17", true}, {[]bridge.Permission{bridge.MayDepartments}, "hours-set xavi daily 9-17", false},
		{[]bridge.Permission{bridge.MayDepartments}, "hours-set site daily 9-17", false},
		{[]bridge.Permission{bridge.MayHours}, "hours-set xavi daily 9-17", true}, {[]bridge.Permission{bridge.MayHours}, "hours-set site daily 9-17", true}, {[]bridge.Permission{bridge.MayHours}, "hours-set sales daily 9-17", true},
	} {
		o := newHoursOffice(t)
		if _, err := o.bridge.Team.Change(t.Context(), olga, allow(c.has...)); err != nil {
			t.Fatal(err)
		}
		if got := o.say(olga, "", c.line); strings.Contains(got, "You may not use ") == c.may {
			t.Errorf("with %v: %q: %s; %s", c.has, c.line, got, may[c.may])
		}
	}
}

// A change is audited, and the operator concerned is told.
func TestHours_AuditAndNotice(t *testing.T) {
	o := newHoursOffice(t)
	o.say(xavi, "", "hours-set olga daily 9-17; Europe/Madrid")
	o.say(xavi, "", "hours-set daily 9-17; Europe/Madrid")
	o.say(xavi, "", "hours-reset olga")
	o.say(xavi, "", "hours-set site daily 9-18")
	var audits []bridge.Audit
	err := o.store.View(t.Context(), func(r bridge.Reader) (err error) {
		audits, err = r.Audits("", time.Time{}, o.bridge.Now().Add(time.Second), 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	told := o.toldLater(olga)
	if got, want := told[len(told)-1], "Xavi changed your hours: you have none of your own any more."; got != want {
		t.Errorf("Olga is told %q", got)
	}
	var lines []string
	for _, a := range audits {
		lines = append(lines, a.ByName+" "+a.About+": "+a.Line+" "+a.Changes[0].Was+" → "+a.Changes[0].Is)
	}
	want := []string{"Xavi site: hours-set site  → daily 9-18; UTC", "Xavi olga@example.org: hours-reset olga daily 9-17; Europe/Madrid → ",
		"Xavi xavi@example.org: hours-set  → daily 9-17; Europe/Madrid", "Xavi olga@example.org: hours-set olga  → daily 9-17; Europe/Madrid"}
	if strings.Join(lines, "|") != strings.Join(want, "|") {
		t.Errorf("audited is %q", lines)
	}
}

// The form has a line for each day, filled in with the hours that count, and refuses to undo what somebody else changed meanwhile.
func TestHours_Form(t *testing.T) {
	o := newHoursOffice(t)
	o.say(xavi, "", "hours-set site Mon-Fri 9-12:30,13:30-18; 24.12. closed; Europe/Madrid")
	fill := func(who bridge.OperatorJID, name string, values map[string][]string) (string, *desk.Form, error) {
		op, _ := o.bridge.Team.Operator(who)
		return o.Fill(t.Context(), name, desk.Call{Operator: op}, desk.Filled{Values: values})
	}
	_, form, err := fill(olga, "hours-set", nil)
	if err != nil || named(form) != "whose" || len(form.Fields[0].Choices) != 2 {
		t.Fatalf("the first form: %+v, %v", form, err)
	}
	if _, form, err = fill(xavi, "hours-set", nil); err != nil || len(form.Fields[0].Choices) != 6 {
		t.Fatalf("Xavi's first form: %+v, %v", form, err)
	}
	_, form, err = fill(olga, "hours-set", map[string][]string{"whose": {string(olga)}})
	if err != nil || named(form) != "whose version mon tue wed thu fri sat sun dates zone zone-other" {
		t.Fatalf("the second form: %+v, %v", form, err)
	}
	values := filledIn(form)
	if values["mon"][0] != "9-12:30, 13:30-18" || len(values["sat"]) != 0 || values["dates"][0] != "2026-12-24 closed" || values["zone"][0] != "Europe/Madrid" {
		t.Errorf("filled in is %q", values)
	}
	values["mon"], values["sat"], values["dates"] = []string{"closed"}, []string{"10 am - 2 pm"}, []string{"24.12. closed", "31.12. 10-12"}
	values["tue"] = []string{"9-25"}
	if _, again, err := fill(olga, "hours-set", values); err == nil || again == nil || phrase.Of(err).String() != `"25" is no time of day such as 9, 9:30, 9am or 24:00. Nothing was changed.` {
		t.Errorf("a wrong time: %v and the form %v", err, again)
	}
	values["tue"] = []string{"9-12:30, 13:30-18"}
	answer, again, err := fill(olga, "hours-set", values)
	if want := "Yours: mon 9-12:30, 13:30-18 → closed; sat closed → 10-14; dates 2026-12-24 closed → 2026-12-24 closed 2026-12-31 10-12.\nYours now: Tue–Fri 9:00–12:30, 13:30–18:00; Sat 10:00–14:00; 2026-12-24 closed; 2026-12-31 10:00–12:00. Europe/Madrid, next change 14:00.\nBack: hours-set mon=9-12:30, 13:30-18 sat= dates=2026-12-24 closed"; err != nil || again != nil || answer != want {
		t.Errorf("got\n%s\n%v, want\n%s", answer, err, want)
	}
	if op, _ := o.bridge.Team.Operator(olga); op.Hours != "Tue-Fri 9-12:30,13:30-18; Sat 10-14; 2026-12-24 closed; 2026-12-31 10-12; Europe/Madrid" {
		t.Errorf("stored is %q", op.Hours)
	}
	_, form, _ = fill(olga, "hours-set", map[string][]string{"whose": {string(olga)}})
	mine := filledIn(form)
	mine["sun"] = []string{"9-10"}
	o.say(xavi, "", "hours-set olga fri=9-12")
	if _, again, err := fill(olga, "hours-set", mine); err == nil || again == nil || phrase.CodeOf(err) != phrase.CodeConflict {
		t.Errorf("two at once: %v, %v", again, err)
	}
}

// A form offers the common time zones, the one that is set first, and takes any other in a field beside the list. A
// wrong one stands there again.
func TestHours_FormZone(t *testing.T) {
	o := newHoursOffice(t)
	o.say(xavi, "", "hours-set olga Mon-Fri 9-18; Asia/Katmandu")
	fill := func(values map[string][]string) (string, *desk.Form, error) {
		op, _ := o.bridge.Team.Operator(olga)
		return o.Fill(t.Context(), "hours-set", desk.Call{Operator: op}, desk.Filled{Values: values})
	}
	zone := func(form *desk.Form) (list, other desk.FormField) {
		n := len(form.Fields)
		return form.Fields[n-2], form.Fields[n-1]
	}
	open := func() map[string][]string {
		_, form, err := fill(map[string][]string{"whose": {string(olga)}})
		if err != nil {
			t.Fatal(err)
		}
		return filledIn(form)
	}
	_, form, _ := fill(map[string][]string{"whose": {string(olga)}})
	list, other := zone(form)
	if len(list.Choices) < 30 || list.Choices[0].Value != "Asia/Katmandu" || !slices.Equal(list.Values, []string{"Asia/Katmandu"}) || len(other.Choices)+len(other.Values) != 0 || other.Label != "Time zone, if it is not in the list" {
		t.Errorf("the form has %+v and %+v", list, other)
	}
	seen := make(map[string]bool)
	for _, c := range list.Choices {
		if z, err := hours.ZoneNamed(c.Value); err != nil || z.String() != c.Value || seen[c.Value] {
			t.Errorf("%q is offered: %v", c.Value, err)
		}
		seen[c.Value] = true
	}
	for _, step := range []struct{ list, other, stored string }{
		{"Asia/Katmandu", "", "Asia/Katmandu"}, {"Europe/Berlin", "", "Europe/Berlin"}, {"Europe/Berlin", "america/boise", "America/Boise"}, {"Asia/Tokyo", "UTC+2", "UTC+2"}, {"", "", "UTC+2"},
	} {
		values := open()
		values["zone"], values["zone-other"] = []string{step.list}, []string{step.other}
		if _, again, err := fill(values); err != nil || again != nil {
			t.Errorf("%+v: %v", step, err)
		}
		if op, _ := o.bridge.Team.Operator(olga); !strings.HasSuffix(op.Hours, "; "+step.stored) {
			t.Errorf("%+v: stored is %q", step, op.Hours)
		}
	}
	values := open()
	values["zone-other"] = []string{"Europe/Madird"}
	_, form, err := fill(values)
	if err == nil || form == nil {
		t.Fatalf("a wrong zone is taken: %v", err)
	}
	if list, other = zone(form); !slices.Equal(list.Values, []string{"UTC+2"}) || !slices.Equal(other.Values, []string{"Europe/Madird"}) {
		t.Errorf("the form again has %q and %q", list.Values, other.Values)
	}
	if got := o.say(olga, "", "hours-set zone=Pacific/Chatham"); !strings.Contains(got, "zone UTC+2 → Pacific/Chatham") {
		t.Errorf("as a line: %s", got)
	}
}
