package desk

import (
	"context"
	"strings"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/staff"
	"porchlight/bridge/voice"
)

// setHours gives somebody hours of their own.
func setHours(d *Desk, ctx context.Context, call Call) (string, error) {
	w := d.whose(call)
	if err := w.permits(call, "hours-set", false); err != nil {
		return "", err
	}
	table, err := hours.Parse(call.arg("table"), d.zone(call, w), d.bridge.Now())
	if err != nil {
		return "", perhapsNamed(d, call, err)
	}
	if table.String() == w.own {
		return call.Voice.Say("%s: that is how it was. Nothing was changed.", d.titled(call, w)), nil
	}
	if err := d.saveHours(ctx, call, w, "hours-set", func(string) (string, error) { return table.String(), nil }); err != nil {
		return "", err
	}
	return d.nowHas(call, w, table) + "\n" + call.Voice.Say("Back: %s", d.backTo(w, table.Zone().String())), nil
}

// perhapsNamed is the error about a table that can't be read. A line that begins with a word that is no day may be meant for somebody.
func perhapsNamed(d *Desk, call Call, err error) error {
	word, _ := split(call.arg("table"))
	if _, bad := hours.Parse(word+" 9-10", "UTC", d.bridge.Now()); bad == nil || call.arg("whose") != "" || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return err
	}
	return refuse("%q is no day such as Mon, and there is no operator or department of that name.", voice.Clip(word, 40))
}

// nowHas says which hours somebody has now.
func (d *Desk) nowHas(call Call, w whose, table hours.Table) string {
	zone, title, said := table.Zone().String(), d.titled(call, w), call.Voice.Phrase(table.Says())
	line := call.Voice.Say("%s now: %s. %s.", title, said, zone)
	now := d.bridge.Now()
	if at, _, ok := table.Next(now); ok {
		line = call.Voice.Say("%s now: %s. %s, next change %s.", title, said, zone, table.Moment(at, now))
	}
	if strings.HasPrefix(zone, "UTC+") || strings.HasPrefix(zone, "UTC-") {
		line += "\n" + call.Voice.Say("%s knows no summer time. A place at the end of the line does, such as Europe/Madrid.", zone)
	}
	return line
}

// backTo is the line that gives somebody the hours back that they had; zone is that of the new ones.
func (d *Desk) backTo(w whose, zone string) string {
	before, err := d.stored(w.own)
	if err != nil || before.Empty() {
		return strings.TrimSpace("hours-reset " + w.arg)
	}
	text := before.String()
	if before.Zone().String() == zone {
		text = before.Written()
	}
	return "hours-set " + strings.TrimSpace(w.arg+" "+text)
}

// readsHours reads a table for an operator, whose zone counts where the table names none.
func (d *Desk) readsHours(call Call, o bridge.Operator) func(text string) (string, error) {
	return func(text string) (string, error) {
		table, err := hours.Parse(text, d.zone(call, whose{operator: o, own: o.Hours}), d.bridge.Now())
		return table.String(), err
	}
}

// resetHours takes somebody's own hours away, so that the site's count again.
func resetHours(d *Desk, ctx context.Context, call Call) (string, error) {
	w := d.whose(call)
	if err := w.permits(call, "hours-reset", false); err != nil {
		return "", err
	}
	before, err := d.stored(w.own)
	if err != nil { // nobody can read it, so it is not worth to be kept
		before = hours.Table{}
	}
	if w.own == "" {
		return call.Voice.Say("%s: no hours of their own are set. Nothing was changed.", d.titled(call, w)), nil
	}
	if err := d.saveHours(ctx, call, w, "hours-reset", func(string) (string, error) { return "", nil }); err != nil {
		return "", err
	}
	w.own = ""
	if w.operator.JID != "" {
		w.operator.Hours = ""
	}
	back := call.Voice.Say("Back: %s", "hours-set "+strings.TrimSpace(w.arg+" "+before.String()))
	return d.hasAgain(call, w, d.tableOf(w), before) + "\n" + back, nil
}

// hasAgain says whose hours somebody has again; w has none of its own any more.
func (d *Desk) hasAgain(call Call, w whose, table, before hours.Table) string {
	was, is := before.Says(), table.Says()
	switch site := d.bridge.Hours.Site(); {
	case w.arg == theSite:
		return call.Voice.Say("The site has no hours any more: of those without their own only who is available is asked, at any time. Before: %s.", was)
	case table.Empty():
		return call.Voice.Say("%s: no hours are set any more, not for the site either. Before: %s.", d.titled(call, w), was)
	case table.String() != site.String():
		return call.Voice.Say("%s: the department's hours again: %s. Before: %s.", d.titled(call, w), is, was)
	case w.mine:
		return call.Voice.Say("Yours are the site's again: %s. Before: %s.", is, was)
	}
	return call.Voice.Say("%s: the site's hours again: %s. Before: %s.", d.titled(call, w), is, was)
}

// saveHours stores the text of the table that change returns for the one before.
func (d *Desk) saveHours(ctx context.Context, call Call, w whose, command string, change func(was string) (string, error)) error {
	line := strings.TrimSpace(command + " " + w.arg)
	return staff.New(d.bridge).SetHours(ctx, call.Operator, staff.Owner{Operator: w.operator.JID, Department: w.department.Name}, line, change)
}
