package desk

import (
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/report"
	"porchlight/bridge/staff"
	"porchlight/bridge/voice"
)

// person tells all about one operator; details are for those who may manage users, and for the
// operator.
func (d *Desk) person(ctx context.Context, call Call, o bridge.Duty) (string, error) {
	v := call.Voice
	first := fmt.Sprintf("%s (%s) – %s, %s", o.Name, o.JID, v.Standing(o), load(call, o))
	work := v.Say("Departments: %s", d.circle(call, o.Operator, o.Departments)) + "."
	if len(o.Tickets) > 0 {
		work += " " + v.Say("Tickets: %s", d.circle(call, o.Operator, o.Tickets))
	}
	lines := []string{first, work}
	if o.JID != call.Operator.JID && !call.Operator.May(bridge.MayUsers) {
		return strings.Join(lines, "\n"), nil
	}
	lines = append(lines, v.Say("Language: %s", tongueOf(v, o.Operator))+". "+v.Say("Hours: %s", d.hoursSaid(v, o.Operator)),
		noticesOf(v, o.Operator), v.Say("May: %s", words(v, staff.RightsOf(o.Operator, true))))
	for _, more := range []struct{ label, value string }{{v.Say("About"), o.About}, {v.Say("Greeting"), o.Greeting}, {v.Say("Invitation"), o.Invitation}, {v.Say("WhatsApp"), o.WhatsApp}} {
		if more.value != "" {
			lines = append(lines, more.label+": "+more.value)
		}
	}
	week, err := d.week(ctx, v, o.JID)
	if err != nil {
		return "", err
	}
	return strings.Join(append(lines, week, v.Say("To change: operator-edit %s KEY=VALUE", d.staff().Arg(o.Operator))), "\n"), nil
}

// tongueOf says in which language the desk speaks to an operator.
func tongueOf(v voice.Voice, o bridge.Operator) string {
	if o.Language == "" {
		return v.Say("%s, as the client has it", o.Reads().Name)
	}
	return phrase.DeskTongue(o.Language).Name
}

// hoursSaid says the hours of an operator in one line, and where they come from.
func (d *Desk) hoursSaid(v voice.Voice, o bridge.Operator) string {
	table := d.bridge.Hours.Of(o)
	switch said := v.Phrase(table.Says()); {
	case table.Empty():
		return v.Say("none")
	case o.Hours != "":
		return said
	case table.String() == d.bridge.Hours.Site().String():
		return v.Say("%s (the site's)", said)
	default:
		return v.Say("%s (the department's)", said)
	}
}

// noticesOf says when and by which ways an operator is asked.
func noticesOf(v voice.Voice, o bridge.Operator) string {
	when := v.Say("in hours")
	switch o.Notify.When {
	case bridge.NotifyAlways:
		when = v.Say("always")
	case bridge.NotifyOnline:
		when = v.Say("only online")
	}
	state := func(on bool) string {
		if on {
			return v.Say("on")
		}
		return v.Say("off")
	}
	return v.Say("Notices: %s, mail %s, Pushover %s, little traffic %s", when, state(o.Notify.Mail), state(o.Notify.Pushover != ""), state(o.Satellite))
}

// week says what an operator did in the last seven days: "7 days: 41 conversations, first answer 38 s, vote
// 4.7 (12)".
func (d *Desk) week(ctx context.Context, v voice.Voice, o bridge.OperatorJID) (string, error) {
	if d.report == nil {
		tally, err := d.staff().Votes(ctx, o, recently)
		return v.Say("7 days: vote %s (%d)", tally.Mean(), tally.Count()), err
	}
	if _, err := d.report.Counted(ctx); err != nil {
		return "", err
	}
	during, err := bridge.ParseRange(statsRange, d.report.Today())
	if err != nil {
		return "", err
	}
	a, err := d.report.Of(ctx, report.Whose{Operator: o, Kind: bridge.Chat}, during)
	if err != nil {
		return "", err
	}
	return v.Say("7 days: %d conversations, first answer %s, vote %s (%d)", a.Count(report.Conversations), voice.Lasted(a.Mean(report.First)), a.Votes().Mean(), a.Votes().Count()), nil
}
