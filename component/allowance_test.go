package component

import (
	"testing"
	"time"

	"porchlight/component/stanza"
	"porchlight/component/stream"
)

func TestAllowance(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	a := newAllowance(2, func() time.Time { return now })
	for i, want := range []bool{true, true, false, false} {
		if got := a.take("xavi@example.org"); got != want {
			t.Errorf("command %d: %v", i, got)
		}
	}
	if !a.take("olga@example.org") {
		t.Error("another operator pays for the first")
	}
	now = now.Add(time.Minute)
	if !a.take("xavi@example.org") {
		t.Error("a minute later nothing is allowed")
	}
	now = now.Add(-time.Hour)
	if !a.take("xavi@example.org") || len(a.given) != 2 {
		t.Error("a clock that was set back stops everything")
	}
	none := newAllowance(0, time.Now)
	for range 100 {
		if !none.take("xavi@example.org") {
			t.Fatal("0 is a limit")
		}
	}
}

func TestAsksDesk(t *testing.T) {
	body := func(s string) *stream.Element { return stream.New("", "message", stream.Text("", "body", s)) }
	for _, c := range []struct {
		el   *stream.Element
		desk bool
		want bool
	}{
		{body("queue"), true, true}, {body("Hello"), false, false}, {body("!close"), false, true}, {body("!!close"), false, false},
		{body("x").With("type", "error"), true, false}, {stream.New("", "message"), true, false}, {stream.New("", "presence"), true, false},
		{stream.New("", "iq", stream.New(stanza.NSCommands, "command")), true, true}, {stream.New("", "iq", stream.New(stanza.NSInfo, "query")), true, false},
	} {
		if got := asksDesk(c.el, c.desk); got != c.want {
			t.Errorf("%v (desk: %v): %v", c.el, c.desk, got)
		}
	}
}

// One operator can't fill all the lanes' room.
func TestLanes_OneOperatorLeavesRoom(t *testing.T) {
	l := newLanes(time.Now) // not running: everything waits
	n := 0
	for ; l.put("olga "+string(rune('a'+n%8)), nil); n++ {
	}
	if n != ownRoom || !l.put("xavi a", nil) {
		t.Errorf("one operator put %d, and there is no room for another", n)
	}
}
