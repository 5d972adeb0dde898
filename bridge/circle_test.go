package bridge

import (
	"reflect"
	"testing"
)

func TestCircle_Has(t *testing.T) {
	for _, c := range []struct {
		words          string
		sales, billing bool
	}{
		{"", false, false},
		{"sales", true, false},
		{"*", true, true},
		{"* -billing", true, false},
		{"-billing *", true, false},
		{"-billing", false, false},
		{"sales billing -billing", true, false},
	} {
		circle := CircleFrom(c.words)
		if circle.Has("sales") != c.sales || circle.Has("billing") != c.billing || circle.All() != circle.Has("made later") || circle.String() != c.words {
			t.Errorf("%q: sales %v, billing %v, all %v, written %q", c.words, circle.Has("sales"), circle.Has("billing"), circle.All(), circle.String())
		}
	}
}

func TestCircle_WithoutMentionsADepartmentNoMore(t *testing.T) {
	c := CircleFrom("sales * -billing -sales")
	if got := c.Without("sales"); !reflect.DeepEqual(got, Circle{"*", "-billing"}) || !reflect.DeepEqual(c.Named(), []string{"sales", "billing", "sales"}) {
		t.Errorf("without sales: %q; %q names %q", got, c, c.Named())
	}
}

// The circle for chats holds for tickets, too, unless there is one for tickets.
func TestOperator_ServesTicketsApart(t *testing.T) {
	o := Operator{Departments: Circle{"sales"}}
	if !o.Serves("sales", Chat) || !o.Serves("sales", Ticket) {
		t.Error("tickets are not served as chats are")
	}
	o.Tickets = Circle{"*", "-sales"}
	if !o.Serves("sales", Chat) || o.Serves("sales", Ticket) || o.Serves("billing", Chat) || !o.Serves("billing", Ticket) {
		t.Error("tickets are served as chats are")
	}
	o.Super = true
	if !o.Serves("sales", Ticket) || !o.Serves("billing", Chat) {
		t.Error("a super operator is not in all departments")
	}
}
