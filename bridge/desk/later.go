package desk

import (
	"context"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
)

// laterCommand declares the command that puts a conversation off.
func laterCommand() Command {
	return Command{Name: "later", Title: "Put the conversation off", Run: later, Visitor: true,
		Help:   "WHEN is 20m, 2h, tomorrow, tomorrow 9:00, Mon, Mon 9:00, 24.12. or 2026-12-24 14:30; a day alone is meant from when your hours begin. It stays yours, and nothing reminds you until then; it comes back by itself, or when the visitor writes. later off has it back at once.",
		Fields: []Field{{Name: "when", Label: "Until when", Help: "20m, 2h, tomorrow, Mon 9:00, 24.12. or 2026-12-24 14:30; off: it comes back at once.", Kind: Text, Required: true}}}
}

// later puts a conversation off until a moment, or has it back.
func later(d *Desk, ctx context.Context, call Call) (string, error) {
	when := strings.ToLower(call.arg("when"))
	card, err := d.card(ctx, call)
	if err != nil {
		return "", err
	}
	was := card.Due.Later
	if when == "off" {
		c, err := d.bridge.Defer(ctx, call.Operator.JID, call.Visitor, time.Time{})
		if err != nil {
			return "", err
		}
		return call.Voice.Say("#%d is not put off any more.", c.Number) + "\n" + call.Voice.Say("Back: %s", "!later "+written(was.In(d.bridge.Hours.ZoneBy(call.Operator, beginnings(d, call.Operator, card))))), nil
	}
	table := beginnings(d, call.Operator, card)
	zone := d.bridge.Hours.ZoneBy(call.Operator, table)
	at, err := hours.Moment(when, d.bridge.Now(), zone, table)
	if err != nil {
		return "", err
	}
	c, err := d.bridge.Defer(ctx, call.Operator.JID, call.Visitor, at)
	if err != nil {
		return "", err
	}
	lines := []string{call.Voice.Say("#%d is put off until %s, or until %s writes. It stays yours.", c.Number, call.Voice.Moment(at), card.Request.Called())}
	if c.Kind == bridge.Chat && (c.Email == "" || !d.bridge.Mail.On()) {
		lines = append(lines, call.Voice.Say("No mail reaches them: it ends if they leave the page."))
	}
	back := "!later off"
	if !was.IsZero() {
		back = "!later " + written(was.In(zone))
	}
	return strings.Join(append(lines, call.Voice.Say("Back: %s", back)), "\n"), nil
}

// written is a moment as the command takes it.
func written(t time.Time) string { return t.Format("2006-01-02 15:04") }

// beginnings is the table by which a day begins: the operator's own, or that of the conversation's department.
func beginnings(d *Desk, o bridge.Operator, card bridge.Card) hours.Table {
	if o.Hours != "" {
		return d.bridge.Hours.Of(o)
	}
	return d.bridge.Hours.Department(card.Department)
}
