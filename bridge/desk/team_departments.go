package desk

import (
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/staff"
)

// departmentCommands declares the commands about departments.
func departmentCommands() []Command {
	dep := Field{Name: "department", Label: "Which one", Kind: Department, Required: true, Choices: departmentChoices}
	optional := dep
	optional.Required = false
	return []Command{
		{Name: "departments", Group: Site, Title: "The departments", Run: departments, Looks: true, Help: "With NAME: all about one.", Fields: []Field{optional}},
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
	all := d.bridge.Team.Departments()
	if name := call.arg("department"); name != "" {
		return d.departmentWhole(call, d.department(name), queues[name]), nil
	}
	var lines []string
	for i, dep := range all {
		if i == listed {
			lines = append(lines, call.Voice.Say("%d more: departments NAME shows each.", len(all)-listed))
			break
		}
		lines = append(lines, d.departmentLine(call, dep, queues[dep.Name]))
	}
	return strings.Join(append(lines, call.Voice.Say("departments %s says all.", all[0].Name)), "\n"), nil
}

// departmentLine is a department in the list: who is in it, how they are asked, and who waits.
func (d *Desk) departmentLine(call Call, dep bridge.Department, q staff.Queue) string {
	lamp, _ := call.Voice.Lamp(dep.Name)
	line := fmt.Sprintf("%s (%s) – %s: %s. %s", dep.Title, dep.Name, lamp, d.inside(call, dep.Name), call.Voice.Say(ringing(dep.Routing)))
	if q.Waiting > 0 {
		line += ". " + call.Voice.Say("%d waiting, %s", q.Waiting, bridge.Span(d.bridge.Now().Sub(q.Since)))
	}
	return line
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
	lines := []string{d.departmentLine(call, dep, q)}
	for _, k := range departmentKeys(&dep) {
		if k.Name != "title" && k.Name != "routing" && k.Value.String() != "" {
			lines = append(lines, call.Voice.Say(k.Label)+": "+k.say(call.Voice, k.Value.String()))
		}
	}
	if call.Operator.May(bridge.MayDepartments) {
		lines = append(lines, call.Voice.Say("To change: department-edit %s KEY=VALUE", dep.Name))
	}
	return strings.Join(lines, "\n")
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

// departmentGoes asks where the people and requests of a department go, and says what goes. It asks
// nothing if nothing depends on the department.
func departmentGoes(d *Desk, ctx context.Context, call Call) (string, error) {
	dep, to := d.department(call.arg("department")), d.department(call.arg("to"))
	if len(d.bridge.Team.Departments()) == 1 {
		return "", refuse("%s is the only department.", dep.Title)
	}
	if dep.Name == to.Name {
		return "", refuse("%s is the department that is to be deleted.", dep.Title)
	}
	left, err := d.staff().Leaves(ctx, dep.Name)
	if err != nil || left.Nobody() {
		return "", err
	}
	v := call.Voice
	var all []string
	if n := len(left.Waiting); n > 0 {
		all = append(all, v.Say("%d waiting in %s: %s.", n, dep.Title, said(call, left.Waiting)))
	}
	if n := len(left.Active); n > 0 {
		all = append(all, v.Say("%d active in %s: %s.", n, dep.Title, said(call, left.Active)))
	}
	if len(left.Only) > 0 {
		all = append(all, v.Say("In no other department: %s.", namesOf(left.Only)))
	}
	if to.Name == "" {
		return "", refuse("%s Where shall they go? %s", strings.Join(all, " "), "department-delete "+dep.Name+" "+d.another(dep.Name))
	}
	return strings.Join(append(all, v.Say("All that goes to %s, with its time.", to.Title)), " "), nil
}

// another is a department that is not the given one.
func (d *Desk) another(name string) string {
	for _, dep := range d.bridge.Team.Departments() {
		if dep.Name != name {
			return dep.Name
		}
	}
	return ""
}

func departmentDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	dep, to := d.department(call.arg("department")), d.department(call.arg("to"))
	left, err := d.staff().DeleteDepartment(ctx, call.Operator, dep.Name, to.Name)
	if err != nil {
		return "", err
	}
	answer := call.Voice.Say("%s is gone", dep.Title)
	var more []string
	if n := len(left.Waiting); n > 0 {
		more = append(more, call.Voice.Say("waiting in %s now, with their time: %s", to.Title, said(call, left.Waiting)))
	}
	if n := len(left.Active); n > 0 {
		more = append(more, call.Voice.Say("active in %s now: %s", to.Title, said(call, left.Active)))
	}
	if len(left.Only) > 0 {
		more = append(more, call.Voice.Say("in %s now: %s", to.Title, namesOf(left.Only)))
	}
	if len(more) == 0 {
		return answer + ".", nil
	}
	return answer + ": " + strings.Join(more, "; ") + ".", nil
}
