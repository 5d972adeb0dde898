package desk_test

import (
	"slices"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/desk"
)

// The form of take asks whether to take from an owner only where somebody else has a conversation, and only who may do that.
func TestTake_FormAsksForAnOwnerOnlyWhereThereIsOne(t *testing.T) {
	o := newOffice(t)
	asks := func(who bridge.OperatorJID) bool {
		t.Helper()
		op, _ := o.bridge.Team.Operator(who)
		_, form, err := o.Fill(t.Context(), "take", desk.Call{Operator: op}, desk.Filled{})
		if err != nil || form == nil {
			t.Fatalf("%+v, %v", form, err)
		}
		return slices.ContainsFunc(form.Fields, func(f desk.FormField) bool { return f.Name == "!" })
	}
	check := func(when string, xavis, olgas bool) {
		t.Helper()
		if x, ol := asks(xavi), asks(olga); x != xavis || ol != olgas {
			t.Errorf("%s Xavi is asked: %v, Olga: %v", when, x, ol)
		}
	}
	for range 3 {
		o.ask()
	}
	check("when nobody has anything,", false, false)
	o.say(xavi, "", "take 1")
	check("when Xavi has one,", false, false)
	o.say(olga, "", "take 2")
	check("when Olga has one,", true, false)
	o.say(xavi, "", "permissions olga may=transfer,takeover")
	check("when Olga may take over,", true, true)
}
