package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func invite(d *Desk, ctx context.Context, call Call) (string, error) {
	guest := d.colleague(call.Arg("operator"))
	c, err := d.bridge.Invite(ctx, call.Operator.JID, call.Visitor, guest)
	if err != nil {
		return "", err
	}
	return call.Say("%s takes part in #%d now.", guest.Name, c.Number), nil
}

// transfer passes a conversation on.
func transfer(d *Desk, ctx context.Context, call Call) (string, error) {
	guest, department := d.colleague(call.Arg("to")), d.department(call.Arg("to"))
	c, err := d.bridge.Pass(ctx, call.Operator.JID, call.Visitor, guest, department, call.Arg("note"))
	if err != nil {
		return "", err
	}
	return call.Say("#%d is offered to %s now.", c.Number, cmp.Or(guest.Name, department.Title)), nil
}

func leave(d *Desk, ctx context.Context, call Call) (string, error) {
	c, err := d.bridge.Leave(ctx, call.Operator.JID, call.Visitor)
	if err != nil {
		return "", err
	}
	return call.Say("You take no part in #%d any more.", c.Number), nil
}

func history(d *Desk, ctx context.Context, call Call) (string, error) {
	card, err := d.card(ctx, call)
	if err != nil {
		return "", err
	}
	if want := call.number(); want > 0 {
		past, err := d.bridge.Card(ctx, want)
		if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && (past.Visitor != card.Visitor || want == card.Number) {
			return "", refuse("#%s is no earlier conversation of this visitor. history alone lists them.", call.Arg("number"))
		}
		if err != nil {
			return "", err
		}
		return call.past(ctx, past)
	}
	cards, older, err := d.bridge.Past(ctx, card.Conversation, pastListed)
	if err != nil {
		return "", err
	}
	if len(cards) == 0 {
		return call.Say("This is the visitor's first conversation."), nil
	}
	lines := []string{call.Say("Earlier conversations; history and a number shows one:")}
	for _, c := range cards {
		lines = append(lines, "  "+call.brief(c))
	}
	if len(older) > 0 {
		lines = append(lines, call.Say("%d older ones, which history and a number shows, too: %s", len(older), hashed(older)))
	}
	return strings.Join(lines, "\n"), nil
}

// pastListed is how many past conversations are told in a line each, and
// pastNumbered of how many more the numbers are.
const pastListed, pastNumbered = 20, 100

// hashed writes numbers as operators do.
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

// brief is a past conversation in one line.
func (v Voice) brief(c bridge.Card) string {
	end := v.standing(c)
	if c.State == bridge.Closed {
		end = v.ended(c.Reason, c.OwnerName, v.Visitor(c.Request.Name))
	}
	return v.Say("#%d %s, %s: %s (%s)", c.Number, c.OpenedAt.In(v.zone).Format("2006-01-02 15:04"), v.title(c.Department),
		oneLine(c.Request.Reason), end)
}

// How much of a past conversation is shown: in events, and in bytes. Five times as
// many, which escaping may make of them, are still a stanza that servers take.
const (
	pastLimit = 400
	pastRoom  = 32 << 10
)

// past is what was said in an earlier conversation.
func (v Voice) past(ctx context.Context, c bridge.Card) (string, error) {
	log, err := v.bridge.Events(ctx, c.Number, max(0, c.Seq-pastLimit), pastLimit)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(v.brief(c))
	visitor := v.Visitor(c.Request.Name)
	for _, e := range bridge.AsItStands(log) {
		if line := v.transcriptLine(e, c, visitor); line != "" {
			fmt.Fprintf(&b, "\n[%s] %s", e.At.In(v.zone).Format("2006-01-02 15:04"), indent(line))
		}
	}
	if b.Len() > pastRoom {
		return "…" + strings.ToValidUTF8(b.String()[b.Len()-pastRoom:], ""), nil
	}
	return b.String(), nil
}
