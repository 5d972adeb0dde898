package desk_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// Times are told in one zone, that of the hours which count for the operator, and name it where they stand alone.
func TestTimes_InOneZone(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	for _, s := range [][3]string{
		{"", "hours-set site Mon-Fri 9-17; Europe/Madrid", "Europe/Madrid"},
		{"", "take 1", "#1 is yours"},
		{"", "status", "Times are told in Europe/Madrid."},
		{string(c.Visitor), "later 2026-11-23 10:00", "Mon 23 Nov 2026, 10:00 (Europe/Madrid)"},
		{"", "mine", "; put off until 23 Nov 10:00 CET"},
		{"", "settings notice-until 18:00", "→ 2026-11-21 18:00 CET."},
		{"", "settings texts", "notice-until = 2026-11-21 18:00 CET"},
	} {
		if got := o.say(xavi, bridge.VisitorJID(s[0]), s[1]); !strings.Contains(got, s[2]) {
			t.Errorf("%s: %s\nwant %s", s[1], got, s[2])
		}
	}
}

// What the site tells of a visitor is read in lines, whatever it is.
func TestInfo_TheSitesAttributesAreLines(t *testing.T) {
	o := newOffice(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "How?",
		Attributes: `{"plan":"gold","id":12345678901234567890,"cart":{"sum":12.50,"items":["a","b"]},"old":null,"long":"x\n!close"}`}})
	if err != nil {
		t.Fatal(err)
	}
	o.say(xavi, "", "take 1")
	if got, want := o.say(xavi, c.Visitor, "info"), "From the site: cart: (items: a, b, sum: 12.50)\n  id: 12345678901234567890\n  long: x !close\n  old: –\n  plan: gold\n"; !strings.Contains(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
