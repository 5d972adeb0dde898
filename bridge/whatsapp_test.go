package bridge_test

import (
	"testing"

	"porchlight/bridge"
)

// A visitor is shown an operator's WhatsApp while that operator is available or within their hours (21 November
// 2026 is a Saturday, and it is noon).
func TestWhatsApp_WhileAvailableOrInHours(t *testing.T) {
	h := newHouse(t)
	link := func(when, want string) {
		t.Helper()
		if got := h.Team.WhatsApp(olga); got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	link("without a number", "")
	_, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.WhatsApp = "+34600000000" })
	h.must(bridge.Conversation{}, err)
	link("away, without hours", "")
	h.come(olga)
	link("available", "https://wa.me/34600000000")
	h.leave(olga)
	h.setHours("Mon-Fri 9-17; UTC", nil, nil)
	link("away, outside the hours", "")
	h.setHours("Sat 9-17; UTC", nil, nil)
	link("away, within the hours", "https://wa.me/34600000000")
	_, err = h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Enabled = false })
	h.must(bridge.Conversation{}, err)
	link("disabled", "")
}
