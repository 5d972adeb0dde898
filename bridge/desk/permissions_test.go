package desk_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// Operators can't give themselves what a super operator denied, and a mistyped time blocks
// nobody.
func TestAllowing(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	o.say(xavi, "", "take 1")
	for _, step := range []struct {
		who     bridge.OperatorJID
		visitor bridge.VisitorJID
		line    string
		want    string
	}{
		{olga, "", "allow olga block", "error: You may not use allow. A super operator can allow it."},
		{xavi, "", "deny olga room", "Olga may no more: room."},
		{olga, "", "status room on", "You are Olga"},
		{xavi, "", "allow olga block", "Olga may now: block."},
		{xavi, "", "deny olga unblock", "Olga may no more: block."}, // a command's name means its right
		{xavi, "", "allow olga unblock", "Olga may now: block."},
		{xavi, "", "allow xavi block", "error: Xavi is a super operator"},
		{xavi, c.Visitor, "block 30min spam", `error: "30min" is no time such as 30m, 12h, 7d or 4w.`},
		{xavi, c.Visitor, "block 2h spam", "Anna is blocked until"},
		{xavi, "", "blocks", "by xavi@example.org: spam"},
		{olga, "", "unblock " + string(c.Visitor), "is not blocked any more"},
		{xavi, "", "deny olga block", "Olga may no more: block."},
		{olga, c.Visitor, "block", "error: You may not use block"},
	} {
		if got := o.say(step.who, step.visitor, step.line); !strings.Contains(got, step.want) {
			t.Errorf("%s: %q gives %q, which lacks %q", step.who, step.line, got, step.want)
		}
	}
	if olga, _ := o.bridge.Team.Operator(olga); olga.InRoom() || olga.May(bridge.MayBlock) {
		t.Errorf("Olga: %+v", olga)
	}
}
