package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
	"porchlight/bridge/staff"
)

// whose names the one whose hours a command is about: an operator, a department, or the site.
type whose struct {
	operator   bridge.Operator
	department bridge.Department
	mine       bool   // the operator is the one who gives the command
	arg        string // how a line names it after the command's name; "" for one's own
	own        string // the text of its own table; "": it has none
}

// theSite is the value of a field of kind Whose for the site.
const theSite = staff.Site

// whose finds whose hours a call is about, its own by default.
func (d *Desk) whose(call Call) whose {
	value := call.arg("whose")
	if value == theSite {
		return whose{arg: theSite, own: d.bridge.Hours.Site().String()}
	}
	if dep := d.department(value); dep.Name != "" {
		return whose{department: dep, arg: dep.Name, own: dep.Hours}
	}
	o := call.Operator
	if value != "" {
		o = d.colleague(value)
	}
	if o.JID == call.Operator.JID {
		return whose{operator: o, mine: true, own: o.Hours}
	}
	return whose{operator: o, arg: staff.New(d.bridge).Arg(o), own: o.Hours}
}

// permits refuses an operator who may not use a command for those hours. Everybody may see the
// site's, which visitors see, too.
func (w whose) permits(call Call, c string, looks bool) error {
	o := call.Operator
	switch {
	case w.operator.JID != "" && o.SeesHoursOf(w.operator.JID), w.department.Name != "" && o.SeesDepartmentsHours(),
		w.arg == theSite && (looks || o.May(bridge.MayHours)):
		return nil
	}
	return phrase.Fail(phrase.CodeForbidden, "You may not use %s for others. A super operator can allow it.", c)
}

// table is the table that counts.
func (d *Desk) tableOf(w whose) hours.Table {
	switch {
	case w.operator.JID != "":
		return d.bridge.Hours.Of(w.operator)
	case w.department.Name != "":
		return d.bridge.Hours.Department(w.department.Name)
	}
	return d.bridge.Hours.Site()
}

// zone is the zone of a table that names none: that of the table before, else the one that the
// operator's client told, else the site's.
func (d *Desk) zone(call Call, w whose) string {
	site := ""
	if table := d.bridge.Hours.Site(); !table.Empty() {
		site = table.Zone().String()
	}
	if before, err := d.stored(w.own); err == nil && !before.Empty() {
		return before.Zone().String()
	}
	told := w.operator.Zone
	if w.operator.JID == "" && site == "" {
		told = call.Operator.Zone
	}
	if zone, ok := hours.ZoneLike(told, site, d.bridge.Now()); ok {
		return zone
	}
	return site
}

// stored reads a table that is stored.
func (d *Desk) stored(text string) (hours.Table, error) { return hours.Parse(text, "", d.bridge.Now()) }

// showHours answers whose hours are what, and whether they are open now.
func showHours(d *Desk, _ context.Context, call Call) (string, error) {
	w := d.whose(call)
	if err := w.permits(call, "hours", true); err != nil {
		return "", err
	}
	table := d.tableOf(w)
	standing := call.Voice.Phrase(table.Standing(d.bridge.Now()))
	zone := table.Zone().String()
	if table.Empty() {
		return call.Voice.Say("%s: no hours are set, so only who is available is asked, at any time.", d.titled(call, w)) + "\n" + call.Voice.Say("hours-set %s sets them.", strings.TrimSpace(w.arg+" Mon-Fri 9-17")), nil
	}
	head := call.Voice.Say("%s (%s), %s:", d.titled(call, w), standing, zone)
	lines := []string{head}
	for _, line := range table.Lines() {
		lines = append(lines, "  "+call.Voice.Phrase(line))
	}
	lines = append(lines, d.origin(call, w, table))
	if w.mine && w.operator.Notify.When == bridge.NotifyHours {
		lines = append(lines, call.Voice.Say("Outside them you are not asked while you are away or offline. notify always changes that."))
	}
	return strings.Join(lines, "\n"), nil
}

// titled is the name of whose hours are shown.
func (d *Desk) titled(call Call, w whose) string {
	switch {
	case w.mine:
		return call.Voice.Say("Yours")
	case w.operator.JID != "":
		return w.operator.Name
	case w.department.Name != "":
		return w.department.Title
	}
	return call.Voice.Say("The site")
}

// origin says where hours come from that somebody else may have set.
func (d *Desk) origin(call Call, w whose, table hours.Table) string {
	switch {
	case w.arg == theSite:
		return call.Voice.Say("They count for everybody who has none of their own.")
	case w.own != "" && w.mine:
		return call.Voice.Say("From the site: nothing; they are your own.")
	case w.own != "":
		return call.Voice.Say("From the site: nothing.")
	case table.String() == d.bridge.Hours.Site().String():
		return call.Voice.Say("They are the site's.")
	}
	return call.Voice.Say("They are the department's.")
}

// everybodysHours lists whose hours an operator may see.
func everybodysHours(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	return d.hoursChoices(call, true), nil
}

// hoursToChange lists whose hours an operator may change.
func hoursToChange(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	return d.hoursChoices(call, false), nil
}

// hoursChoices lists whose hours an operator may see or change: their own, the site's, those of
// departments and colleagues.
func (d *Desk) hoursChoices(call Call, looks bool) []Choice {
	list := []Choice{{string(call.Operator.JID), call.Voice.Say("Yours")}}
	add := func(value, label string) {
		call.args = map[string]string{"whose": value}
		if d.whose(call).permits(call, "hours", looks) == nil {
			list = append(list, Choice{value, label})
		}
	}
	add(theSite, call.Voice.Say("The site"))
	for _, dep := range d.bridge.Team.Departments() {
		add(dep.Name, dep.Title)
	}
	for _, o := range d.bridge.Team.Operators() {
		if o.JID != call.Operator.JID {
			add(string(o.JID), o.Name)
		}
	}
	return list
}
