package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"porchlight/bridge/phrase"
)

func invite(d *Desk, ctx context.Context, call Call) (string, error) {
	guest := d.colleague(call.arg("operator"))
	c, err := d.bridge.Invite(ctx, call.Operator.JID, call.Visitor, guest)
	if err != nil {
		return "", err
	}
	return call.Voice.Say("%s takes part in #%d now.", guest.Name, c.Number), nil
}

// transfer passes a conversation on to a colleague or a department.
func transfer(d *Desk, ctx context.Context, call Call) (string, error) {
	guest, department := d.colleague(call.arg("to")), d.department(call.arg("to"))
	c, err := d.bridge.Pass(ctx, call.Operator.JID, call.Visitor, guest, department, call.arg("note"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("#%d is offered to %s now.", c.Number, cmp.Or(guest.Name, department.Title)), nil
}

func leave(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Leave(ctx, call.Operator.JID, call.Visitor)
	if err != nil {
		return "", err
	}
	return call.Voice.Say("You take no part in #%d any more.", c.Number), nil
}

func history(d *Desk, ctx context.Context, call Call) (string, error) {
	card, err := d.card(ctx, call)
	if err != nil {
		return "", err
	}
	if want := call.number(); want > 0 {
		past, err := d.bridge.Card(ctx, want)
		if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && (past.Visitor != card.Visitor && past.Into != card.Number || want == card.Number) {
			return "", refuse("#%s is no earlier conversation of this visitor. history alone lists them.", call.arg("number"))
		}
		if err != nil {
			return "", err
		}
		log, err := d.bridge.Events(ctx, past.Number, max(0, past.Seq-pastLimit), pastLimit)
		if err != nil {
			return "", err
		}
		return call.Voice.Past(past, log), nil
	}
	cards, older, err := d.bridge.Past(ctx, card.Conversation, pastListed)
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return call.Voice.Say("This is the visitor's first conversation."), nil
	}
	lines := []string{call.Voice.Say("Earlier conversations; history and a number shows one:")}
	for _, c := range cards {
		vote, err := d.bridge.Votes.In(ctx, c.Number)
		if err != nil {
			return "", err
		}
		lines = append(lines, "  "+call.Voice.Brief(c, vote))
	}
	if len(older) > 0 {
		lines = append(lines, call.Voice.Say("%d older ones, which history and a number shows, too: %s", len(older), hashed(older)))
	}
	return strings.Join(lines, "\n"), nil
}

// pastListed is how many past conversations get a line each; pastNumbered is how many more
// are listed by their numbers alone.
const pastListed, pastNumbered = 20, 100

// pastLimit is how many events of a past conversation are shown.
const pastLimit = 400

// hashed writes numbers as operators do: #1, #2.
func hashed(numbers []int64) string {
	var list []string
	for _, n := range numbers[:min(len(numbers), pastNumbered)] {
		list = append(list, fmt.Sprint("#", n))
	}
	if len(numbers) > pastNumbered {
		list = append(list, "…")
	}
	return strings.Join(list, ", ")
}
