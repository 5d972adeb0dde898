package bridge

import (
	"testing"
	"time"
)

// Where a conversation waits, and whether its visitor has left an address, is in its log: who counts
// from the log alone must know which department answered what.
func TestApply_TurnsSayTheDepartment(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	c := Conversation{Department: "sales", Email: "anna@example.org"}
	for _, step := range []struct {
		a    Action
		want Turn
	}{
		{Action{Type: Ask, Online: true, Text: "How?"}, Turn{State: "waiting", Department: "sales", Mail: true}},
		{Action{Type: OperatorTakes, Operator: "xavi@example.org"}, Turn{State: "active"}},
		{Action{Type: OperatorPasses, Operator: "xavi@example.org", Department: Department{Name: "support"}, Manned: true},
			Turn{State: "waiting", Reason: ReasonTransferred, Department: "support", Mail: true}},
		{Action{Type: VisitorCloses}, Turn{State: "closed", Reason: ReasonVisitor}},
	} {
		var effects []Effect
		var err error
		if c, effects, err = (Rules{}).Apply(c, step.a, now); err != nil {
			t.Fatal(err)
		}
		var got Turn
		for _, e := range effects {
			if turn, ok := e.Event.Data.(Turn); ok {
				got = turn
			}
		}
		if got != step.want {
			t.Errorf("%s logs %+v, want %+v", step.a.Type, got, step.want)
		}
	}
}
