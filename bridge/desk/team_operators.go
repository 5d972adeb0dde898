package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/staff"
)

// teamCommands declares the commands that administer the team.
func teamCommands() []Command {
	several := func(label string, choices choices) Field {
		return Field{Name: "who", Label: label, Kind: Whos, Required: true, Choices: choices, Disabled: true}
	}
	return slices.Concat([]Command{
		{Name: "operators", Title: "The operators", Run: operators, Looks: true, Page: "now",
			Help:   "With WHO: all about one operator. A number is a page of the list.",
			Fields: []Field{{Name: "who", Label: "Who", Kind: Who, Choices: members(nil), Disabled: true}, {Name: "page", Label: "A page of the list", Kind: Page}}},
		{Name: "operator-add", Title: "Add an operator", Run: operatorAdd, Permission: bridge.MayUsers,
			Help: "The address is an account on any XMPP server. Departments stand at the end, with commas and no spaces between; * is all of them.",
			Fields: []Field{{Name: "address", Label: "The address", Help: "Such as olga@example.org.", Kind: Word, Required: true},
				{Name: "name", Label: "The name that visitors read", Kind: Text}, {Name: "departments", Label: "Departments", Kind: Several, Choices: circles}}},
		{Name: "operator-enable", Title: "Enable operators", Run: operatorEnable, Permission: bridge.MayUsers,
			Fields: []Field{several("Whom", members(func(o bridge.Operator) bool { return !o.Enabled }))}},
		{Name: "operator-disable", Title: "Disable operators", Run: operatorDisable, Permission: bridge.MayUsers,
			Help:   "The desk treats them as strangers; what they own is offered to the others.",
			Fields: []Field{several("Whom", members(func(o bridge.Operator) bool { return o.Enabled && !o.Super }))}},
		{Name: "operator-delete", Title: "Delete operators", Run: operatorDelete, Permission: bridge.MayUsers, Confirm: operatorGoes,
			Help:   "What they said and how they were voted stays under their names. operator-disable can be taken back.",
			Fields: []Field{several("Whom", members(func(o bridge.Operator) bool { return !o.Super }))}},
	}, operatorEditCommands(), permissionCommands(), departmentCommands(), auditCommands())
}

// staff administers the team.
func (d *Desk) staff() *staff.Staff { return staff.New(d.bridge) }

// members lists the operators whom a form offers: those whom want accepts, or all.
func members(want func(bridge.Operator) bool) choices {
	return func(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
		duties, err := d.bridge.Team.Duties(ctx)
		var list []Choice
		for _, o := range duties {
			if want == nil || want(o.Operator) {
				list = append(list, Choice{string(o.JID), o.Name + " (" + call.Voice.Duty(o) + ")"})
			}
		}
		if len(list) == 0 && err == nil {
			err = refuse("There is no such operator.")
		}
		return list, err
	}
}

// recently is the time for which the list says who was there.
const recently = 7 * 24 * time.Hour

// operators lists the operators, or tells all about one.
func operators(d *Desk, ctx context.Context, call Call) (string, error) {
	duties, err := d.bridge.Team.Duties(ctx)
	if err != nil {
		return "", err
	}
	if who := bridge.OperatorJID(call.arg("who")); who != "" {
		i := slices.IndexFunc(duties, func(o bridge.Duty) bool { return o.JID == who })
		if i < 0 {
			return "", refuse("There is no such operator.")
		}
		return d.person(ctx, call, duties[i])
	}
	totals, err := d.staff().Totals(ctx, recently)
	if err != nil {
		return "", err
	}
	slices.SortStableFunc(duties, func(a, b bridge.Duty) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	part, more, err := page(call.Voice, duties, call.arg("page"), "operators")
	if err != nil {
		return "", err
	}
	lines := []string{call.Voice.Say("%d operators, %d active in 7 days, %d logins, vote %s", totals.Operators, totals.Active, totals.Logins, averaged(call, totals.Votes))}
	for _, o := range part {
		lines = append(lines, "  "+d.line(call, o))
	}
	if more != "" {
		lines = append(lines, more)
	}
	return strings.Join(append(lines, call.Voice.Say("operators %s says all. ★ is set in the config.", d.staff().Arg(part[0].Operator))), "\n"), nil
}

// averaged is the mean of votes with how many there are: "4.6 of 5 (38)", "–" if there are none.
func averaged(call Call, t bridge.Tally) string {
	if t.Count() == 0 {
		return "–"
	}
	return call.Voice.Say("%s of 5 (%d)", t.Mean(), t.Count())
}

// line is an operator in the list.
func (d *Desk) line(call Call, o bridge.Duty) string {
	name := o.Name
	if o.Super {
		name += " ★"
	}
	said := name + " – " + call.Voice.Standing(o)
	if !o.Enabled || o.Show == bridge.ShowOffline && o.Active == 0 {
		return said
	}
	return said + ", " + load(call, o) + ": " + d.circle(call, o.Operator, o.Departments)
}

// load says how many chats of as many as they may have an operator has: "2 of 4"; or "2 active" conversations if there is no
// limit.
func load(call Call, o bridge.Duty) string {
	if o.Limit == 0 {
		return call.Voice.Say("%d active", o.Active)
	}
	return call.Voice.Say("%d of %d", o.Chats, o.Limit)
}

// circle says which departments are in an operator's circle.
func (d *Desk) circle(call Call, o bridge.Operator, c bridge.Circle) string {
	if o.Super {
		return call.Voice.Say("all")
	}
	return call.Voice.Circle(c)
}
