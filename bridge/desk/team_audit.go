package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/staff"
)

// auditCommands declares the command about what was changed.
func auditCommands() []Command {
	return []Command{
		{Name: "audit", Group: Site, Title: "Who changed what", Run: audit, Looks: true, Permission: bridge.MaySuper,
			Help:   "About all, or about WHO, which may be a department; in the last 30 days or in RANGE: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15.",
			Fields: []Field{{Name: "who", Label: "About whom", Kind: Where, Choices: concerned, Disabled: true, Former: true}, {Name: "range", Label: "When", Kind: During}}},
	}
}

// concerned lists whom an audit can be about.
func concerned(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	list, err := departmentChoices(d, ctx, call)
	if err != nil {
		return nil, err
	}
	people, err := members(nil)(d, ctx, call)
	return append(list, people...), err
}

// auditRange is the range of the audit if none is given, and auditListed is how many of its entries are
// shown.
const (
	auditRange  = "30d"
	auditListed = 15
)

func audit(d *Desk, ctx context.Context, call Call) (string, error) {
	during := call.arg("range")
	if during == "" {
		during = auditRange
	}
	days, err := bridge.ParseRange(during, d.bridge.Hours.Today())
	if err != nil {
		return "", err
	}
	list, err := d.staff().Changed(ctx, call.arg("who"), days.From, days.Until, auditListed+1)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return call.Voice.Say("Nothing was changed in that time."), nil
	}
	var lines []string
	for i, a := range list {
		if i == auditListed {
			lines = append(lines, call.Voice.Say("There are older ones: give a RANGE."))
			break
		}
		lines = append(lines, strings.TrimSpace(call.Voice.Short(a.At)+" "+a.ByName+": "+a.Line+" "+staff.Told(a.Changes)))
	}
	return strings.Join(lines, "\n"), nil
}
