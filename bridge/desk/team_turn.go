package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/staff"
)

// operatorAdd enters an operator. The last word after the address is the departments if it can be.
func operatorAdd(d *Desk, ctx context.Context, call Call) (string, error) {
	name, in := call.arg("name"), call.arg("departments")
	var err error
	if !call.form {
		name, in, err = d.tail(name)
	}
	if err != nil {
		return "", err
	}
	o, err := d.staff().Add(ctx, call.Operator, call.arg("address"), name, circleOf(in))
	if err != nil {
		return "", err
	}
	arg := d.staff().Arg(o)
	first := call.Voice.Say("%s (%s) is an operator: %s.", o.Name, string(o.JID), call.Voice.Circle(o.Departments))
	if len(o.Departments) == 0 {
		first = call.Voice.Say("%s (%s) is an operator in no department, so nothing is offered to them yet: %s puts them into one.",
			o.Name, string(o.JID), "operator-edit "+arg+" departments=+"+d.bridge.Team.Departments()[0].Name)
	}
	return strings.Join([]string{
		first,
		call.Voice.Say("%s has been sent a contact request by the desk; the site counts them from when they agree.", o.Name),
		call.Voice.Say("Super operators are named in super_operators of the config."),
		call.Voice.Say("operator-edit %s changes the rest.", arg),
		call.Voice.Say("Back: %s", "operator-delete "+arg),
	}, "\n"), nil
}

// tail cuts the departments off the end of a name: the last word, if each of its parts is a department
// or *. A word of which only some parts are departments is a mistake.
func (d *Desk) tail(text string) (name, departments string, err error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return "", "", nil
	}
	last := words[len(words)-1]
	known := func(part string) bool {
		return part == bridge.Everywhere || d.department(strings.ToLower(strings.TrimPrefix(part, "-"))).Name != ""
	}
	parts := strings.Split(last, ",")
	wrong := slices.IndexFunc(parts, func(part string) bool { return !known(part) })
	switch {
	case wrong < 0:
		return strings.Join(words[:len(words)-1], " "), strings.ToLower(last), nil
	case slices.ContainsFunc(parts, known):
		_, _, err = d.whom(Call{}, Field{Kind: Department}, parts[wrong], false)
		return "", "", err
	}
	return strings.Join(words, " "), "", nil
}

// circleOf is the circle that is written with commas between.
func circleOf(text string) bridge.Circle {
	return bridge.CircleFrom(strings.ReplaceAll(text, ",", " "))
}

// circles lists the departments, and before them all of them.
func circles(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	list := []Choice{{bridge.Everywhere, call.Voice.Say("all, later ones too")}}
	for _, dep := range d.bridge.Team.Departments() {
		list = append(list, Choice{dep.Name, dep.Title})
	}
	return list, nil
}

// whose are the operators in a field of kind Whos.
func (c Call) whose() (list []bridge.OperatorJID) {
	for _, jid := range strings.Fields(c.arg("who")) {
		if !slices.Contains(list, bridge.OperatorJID(jid)) {
			list = append(list, bridge.OperatorJID(jid))
		}
	}
	return list
}

func operatorEnable(d *Desk, ctx context.Context, call Call) (string, error) {
	t, err := d.staff().Enable(ctx, call.Operator, call.whose())
	if err != nil {
		return "", err
	}
	if len(t.Done) == 0 {
		return "", refuse("Enabled already: %s.", namesOf(t.Already))
	}
	answer := call.Voice.Say("Enabled: %s", withAlready(t.Who(), t.Already, call)) + "."
	return answer + "\n" + call.Voice.Say("Back: %s", "operator-disable "+d.staff().Args(t.Who())), nil
}

func operatorDisable(d *Desk, ctx context.Context, call Call) (string, error) {
	t, err := d.staff().Disable(ctx, call.Operator, call.whose())
	if err != nil {
		return "", err
	}
	if len(t.Done) == 0 {
		return "", refuse("Disabled already: %s.", namesOf(t.Already))
	}
	answer := call.Voice.Say("Disabled: %s", withAlready(t.Who(), t.Already, call)) + "."
	for _, p := range t.Done {
		answer += offeredAgain(call, p)
	}
	return answer + "\n" + call.Voice.Say("Back: %s", "operator-enable "+d.staff().Args(t.Who())), nil
}

// offeredAgain says which conversations of an operator go to the others; "" if there are none.
func offeredAgain(call Call, p staff.Passed) string {
	switch len(p.Open) {
	case 0:
		return ""
	case 1:
		return " " + call.Voice.Say("%s's conversation is offered to the others: %s.", p.Name, said(call, p.Open))
	}
	return " " + call.Voice.Say("%s's %d conversations are offered to the others: %s.", p.Name, len(p.Open), said(call, p.Open))
}

// withAlready names the operators who were changed, and in brackets those who had no need to be.
func withAlready(done, already []bridge.Operator, call Call) string {
	if len(already) == 0 {
		return namesOf(done)
	}
	return namesOf(done) + " (" + call.Voice.Say("%s was already", namesOf(already)) + ")"
}

// operatorGoes says what goes with operators who are to be deleted.
func operatorGoes(d *Desk, ctx context.Context, call Call) (string, error) {
	leavers, err := d.staff().Leavers(ctx, call.Operator, call.whose())
	if err != nil {
		return "", err
	}
	var lines []string
	for _, p := range leavers {
		lines = append(lines, goes(call, p))
	}
	return strings.Join(append(lines, call.Voice.Say("Votes and statistics stay.")), "\n"), nil
}

func goes(call Call, p staff.Passed) string {
	var line string
	switch p.Total {
	case 0:
		line = call.Voice.Say("%s has no conversation.", p.Name)
	case 1:
		line = call.Voice.Say("%s has 1 conversation, which stays with the name.", p.Name)
	default:
		line = call.Voice.Say("%s has %d conversations, which stay with the name.", p.Name, p.Total)
	}
	if len(p.Open) > 0 {
		line += " " + call.Voice.Say("%d open: %s, offered to the others.", len(p.Open), said(call, p.Open))
	}
	return line
}

func operatorDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	t, err := d.staff().Delete(ctx, call.Operator, call.whose())
	if err != nil {
		return "", err
	}
	answer := call.Voice.Say("Deleted: %s.", namesOf(t.Who()))
	for _, p := range t.Done {
		answer += offeredAgain(call, p)
	}
	return answer, nil
}

// namesOf lists the names of operators, with addresses where two share a name.
func namesOf(list []bridge.Operator) string {
	var all []party
	for _, o := range list {
		all = append(all, party{value: string(o.JID), title: o.Name})
	}
	return called(all, false)
}

// conversationsNamed is how many conversations an answer names.
const conversationsNamed = 10

// said joins phrases with commas between.
func said(call Call, list []phrase.Phrase) string {
	var all []string
	for i, p := range list {
		if i == conversationsNamed {
			all = append(all, fmt.Sprint("+", len(list)-i))
			break
		}
		all = append(all, call.Voice.Phrase(p))
	}
	return strings.Join(all, ", ")
}
