package desk_test

import (
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// When a chat ends because its page is gone, its operators read that what they write reaches the visitor all the same, if it
// does.
func TestLeft_WordsStillGoByMail(t *testing.T) {
	for _, x := range []struct {
		o      *office
		reason string
		want   string
	}{
		{newMailOffice(t), bridge.ReasonVisitorLeft, "_What you write here still goes by mail to anna@example.net._"},
		{newMailOffice(t), bridge.ReasonIdle, ""},
		{newOffice(t), bridge.ReasonVisitorLeft, ""},
	} {
		card, err := x.o.bridge.Card(t.Context(), x.o.ask().Number)
		if err != nil {
			t.Fatal(err)
		}
		card.Email = "anna@example.net"
		e := bridge.Event{Type: bridge.EventState, From: bridge.FromSystem, Data: bridge.Turn{State: string(bridge.Closed), Reason: x.reason}}
		v := voice.In(x.o.bridge, "")
		if got := v.StillReaches(e, card); got != x.want {
			t.Errorf("%s: %q, want %q", x.reason, got, x.want)
		}
		card.Email = ""
		if got := v.StillReaches(e, card); got != "" {
			t.Errorf("%s without an address: %q", x.reason, got)
		}
	}
}
