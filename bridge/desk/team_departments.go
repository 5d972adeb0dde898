package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/staff"
	"porchlight/bridge/voice"
)

// departmentCommands declares the commands about departments.
func departmentCommands() []Command {
	dep := Field{Name: "department", Label: "Which one", Kind: Department, Required: true, Choices: departmentChoices}
	optional := dep
	optional.Required = false
	pages := Field{Name: "page", Label: "A page of the list", Kind: Page}
	return []Command{
		{Name: "departments", Group: Site, Title: "The departments", Run: departments, Looks: true, Help: "With DEPARTMENT: all about one. A number is a page of the list.", Fields: []Field{optional, pages}},
		{Name: "department-add", Group: Site, Title: "Make a department", Run: departmentAdd, Permission: bridge.MayDepartments, Help: "The name is one word, which stands in addresses; the title is what people read.",
			Fields: []Field{{Name: "name", Label: "The name, one word", Kind: Word, Required: true}, {Name: "title", Label: "The title", Kind: Text}}},
		{Name: "department-edit", Group: Site, Title: "Change a department", Record: departmentRecord(), Permission: bridge.MayDepartments,
			Help:   "department-edit sales routing=in-turn offer=30s: in any order, KEY= empties.",
			Fields: []Field{{Name: "department", Label: "Which one", Kind: Department, Required: true, Choices: departmentChoices}}},
		{Name: "department-delete", Group: Site, Title: "Delete a department", Run: departmentDelete, Permission: bridge.MayDepartments, Confirm: departmentGoes,
			Help:   "What waits there, and who is in no other department, goes to another one.",
			Fields: []Field{dep, {Name: "to", Label: "Where its people and requests go", Kind: Department, Choices: departmentChoices}}},
	}
}

// departmentChoices lists the departments for a form.
func departmentChoices(d *Desk, _ context.Context, _ Call) (list []Choice, err error) {
	for _, dep := range d.bridge.Team.Departments() {
		list = append(list, Choice{dep.Name, dep.Title})
	}
	return list, nil
}

// departments lists the departments, or tells all about one.
func departments(d *Desk, ctx context.Context, call Call) (string, error) {
	queues, err := d.staff().Queues(ctx)
	if err != nil {
		return "", err
	}
	v := call.Voice
	if name := call.arg("department"); name != "" {
		return d.departmentWhole(call, d.department(name), queues[name]), nil
	}
	part, more, err := page(v, d.bridge.Team.Departments(), call.arg("page"), "departments")
	if err != nil {
		return "", err
	}
	var lines, last []string
	for _, dep := range part {
		lines = append(lines, d.departmentLine(call, dep, queues[dep.Name]))
		if goes := d.goesOn(v, dep); goes != "" {
			last = append(last, goes)
		}
	}
	if more != "" {
		last = append(last, more)
	}
	return strings.Join(append(lines, strings.Join(append(last, v.Say("departments %s says all.", part[0].Name)), " ")), "\n"), nil
}

// departmentLine is a department in the list: whether it is there or when it opens, who is in it, how they
// are asked, and who waits.
func (d *Desk) departmentLine(call Call, dep bridge.Department, q staff.Queue) string {
	v := call.Voice
	lamp, lit := v.Lamp(dep.Name)
	now, table := d.bridge.Now(), d.bridge.Hours.Department(dep.Name)
	if at, opens, ok := table.Next(now); ok && opens && !lit {
		lamp = v.Say("%s, opens %s", lamp, table.Moment(at, now))
	}
	line := fmt.Sprintf("%s (%s) – %s: %s. %s", dep.Title, dep.Name, lamp, d.inside(call, dep.Name), v.Say(ringing(dep.Routing)))
	if dep.Offer > 0 {
		line += ", " + v.Say("%s each", voice.Lasted(dep.Offer, true))
	}
	switch q.Waiting {
	case 0:
		return line
	case 1:
		return line + ". " + v.Say("1 waits, %s", bridge.Span(now.Sub(q.Since)))
	}
	return line + ". " + v.Say("%d wait, %s", q.Waiting, bridge.Span(now.Sub(q.Since)))
}

// goesOn says where what waits in a department goes on to, "" if it stays.
func (d *Desk) goesOn(v voice.Voice, dep bridge.Department) string {
	to := d.department(dep.Overflow)
	if to.Name == "" {
		return ""
	}
	return v.Say("After %s %s goes on to %s.", voice.Lasted(cmp.Or(dep.After, bridge.OverflowAfter), true), dep.Title, to.Title)
}

// inside lists who is in a department.
func (d *Desk) inside(call Call, name string) string {
	in := d.staff().In(name)
	if len(in) == 0 {
		return call.Voice.Say("nobody")
	}
	return namesOf(in)
}

// ringing says how a department's operators are asked.
func ringing(routing string) string {
	switch routing {
	case bridge.InTurn:
		return turnSaid.Label
	case bridge.LeastActive:
		return leastSaid.Label
	}
	return allSaid.Label
}

// departmentWhole tells all about one department.
func (d *Desk) departmentWhole(call Call, dep bridge.Department, q staff.Queue) string {
	v := call.Voice
	lines := []string{d.departmentLine(call, dep, q), v.Say("Hours: %s", d.departmentHours(v, dep))}
	if goes := d.goesOn(v, dep); goes != "" {
		lines = append(lines, goes)
	}
	if targets := targetsSaid(v, dep.Targets); targets != "" {
		lines = append(lines, targets)
	}
	for _, k := range departmentKeys(&dep) {
		if said := k.Value.String(); said != "" && slices.Contains([]string{"language", "limit", "retention"}, k.Name) {
			lines = append(lines, v.Say(k.Label)+": "+k.say(v, said))
		}
	}
	if call.Operator.May(bridge.MayDepartments) {
		lines = append(lines, v.Say("To change: department-edit %s KEY=VALUE", dep.Name))
	}
	return strings.Join(lines, "\n")
}

// departmentHours says a department's hours in one line, whether they are open, and where they come from.
func (d *Desk) departmentHours(v voice.Voice, dep bridge.Department) string {
	table := d.bridge.Hours.Department(dep.Name)
	if table.Empty() {
		return v.Say("none")
	}
	said := v.Phrase(table.Says())
	if dep.Hours == "" {
		said = v.Say("%s (the site's)", said)
	}
	return said + ", " + v.Phrase(table.Standing(d.bridge.Now()))
}

func departmentAdd(d *Desk, ctx context.Context, call Call) (string, error) {
	dep, err := d.staff().AddDepartment(ctx, call.Operator, call.arg("name"), call.arg("title"))
	if err != nil {
		return "", err
	}
	lamp, _ := call.Voice.Lamp(dep.Name)
	news := call.Voice.Say("%s (%s) is made: nobody is in it. The site shows it as %s.", dep.Title, dep.Name, lamp)
	if in := d.staff().In(dep.Name); len(in) > 0 {
		news = call.Voice.Say("%s (%s) is made: nobody is in it but %s, who is in all. The site shows it as %s.", dep.Title, dep.Name, namesOf(in), lamp)
	}
	return strings.Join([]string{news, call.Voice.Say("operator-edit WHO departments=+%s puts somebody in.", dep.Name), call.Voice.Say("Back: %s", "department-delete "+dep.Name)}, "\n"), nil
}
