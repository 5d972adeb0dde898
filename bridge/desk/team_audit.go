package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/staff"
)

// auditCommands declares the command about what was changed.
func auditCommands() []Command {
	return []Command{
		{Name: "audit", Group: Site, Title: "Who changed what", Run: audit, Looks: true, Permission: bridge.MaySuper,
			Help:   "About all, or about WHO, which may be a department; in the last 30 days or in RANGE: today, yesterday, 7d, 30d, 2026-10, 2026, 2026-11-01..2026-11-15. A number after that is a page of the list.",
			Fields: []Field{{Name: "who", Label: "About whom", Kind: Where, Choices: concerned, Disabled: true, Former: true}, {Name: "range", Label: "When", Kind: During}, {Name: "page", Label: "A page of the list", Kind: Page}}},
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

// auditRange is the range of the audit if none is given, and auditPages is how many pages of it are shown at most.
const (
	auditRange = "30d"
	auditPages = 1000
)

func audit(d *Desk, ctx context.Context, call Call) (string, error) {
	during := cmp.Or(call.arg("range"), auditRange)
	n, err := count(call.arg("page"))
	if err != nil {
		return "", err
	}
	if n = max(n, 1); n > auditPages {
		return "", refuse("There is no page %d.", n)
	}
	days, err := bridge.ParseRange(during, d.bridge.Hours.Today())
	if err != nil {
		return "", err
	}
	list, err := d.staff().Changed(ctx, call.arg("who"), days.From, days.Until, n*listed+1)
	if err != nil {
		return "", err
	}
	if len(list) == 0 {
		return call.Voice.Say("Nothing was changed in that time."), nil
	}
	if len(list) <= (n-1)*listed {
		return "", refuse("There is no page %d.", n)
	}
	var lines []string
	for _, a := range list[(n-1)*listed : min(n*listed, len(list))] {
		lines = append(lines, strings.TrimSpace(call.Voice.Short(a.At)+" "+a.ByName+": "+a.Line+" "+staff.Told(a.Changes)))
	}
	if len(list) > n*listed {
		lines = append(lines, call.Voice.Say("%s shows more.", strings.Join(strings.Fields(fmt.Sprint("audit ", call.arg("who"), " ", during, " ", n+1)), " ")))
	}
	return strings.Join(lines, "\n"), nil
}
