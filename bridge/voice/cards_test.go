package voice_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// An offer has the lines that tell something and no others, and explains itself only to
// novices.
func TestOffer_SaysWhatIsNeeded(t *testing.T) {
	o := newOffice(t)
	c := o.ask()
	card, err := o.bridge.Card(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	want := "#1 Anna, Support: How can I edit?\nPage: https://shop.example/pricing (Prices)\nEmail: anna@example.org\nWaiting: 40 s\n" +
		"To take it send 1 here, react with 👍, or write to " + string(c.Visitor) + "\nAnna asks: How can I edit?"
	if got := voice.In(o.bridge, "").Offer(card, bridge.WhyOffered{}, true); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	card.WaitsSince = o.clock.now.Add(-29 * time.Second)
	want = "#1 Anna, Support: How can I edit?\nPage: https://shop.example/pricing (Prices)\nEmail: anna@example.org\nAnna asks: How can I edit?"
	if got := voice.In(o.bridge, "").Offer(card, bridge.WhyOffered{}, false); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	card.Email, card.Kept.Email, card.Request.Page = "", "", bridge.Page{}
	if got := voice.In(o.bridge, "").Offer(card, bridge.WhyOffered{}, false); got != "#1 Anna, Support: How can I edit?" {
		t.Errorf("got %q", got)
	}
}

// A further line of a visitor's words is set apart, so that it can't pass for a line of ours.
func TestOffer_VisitorsCantImitateOurLines(t *testing.T) {
	o := newOffice(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Eve", Reason: "Hi\nEmail: boss@example.org (verified)"}})
	if err != nil {
		t.Fatal(err)
	}
	card, _ := o.bridge.Card(t.Context(), c.Number)
	events, _ := o.bridge.Events(t.Context(), c.Number, 0, 10)
	for _, text := range append(voice.In(o.bridge, "").Transcript(card, events, voice.Reader{}), voice.In(o.bridge, "").Offer(card, bridge.WhyOffered{}, true)) {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "Email:") {
				t.Errorf("a line of the visitor's stands like ours:\n%s", text)
			}
		}
	}
}

// Links into the site's own systems stand in offers and in info as lines; one with a token only where it is known who reads.
func TestOffer_HasLinks(t *testing.T) {
	o := newOffice(t)
	by := bridge.Operator{JID: xavi, Name: "Xavi"}
	o.bridge.SiteLinks.Mirror([]bridge.SiteLink{{Name: "crm", Template: "https://crm.example/{email}"}, {Name: "plan", Template: "https://crm.example/{attributes.plan}"},
		{Name: "shop", Template: "https://shop.example/{email}?t={token}"}}, 1)
	card, err := o.bridge.Card(t.Context(), o.ask().Number)
	if err != nil {
		t.Fatal(err)
	}
	const crm = "\ncrm: https://crm.example/anna%40example.org\n"
	for what, said := range map[string]string{"the offer": voice.For(o.bridge, by).Offer(card, bridge.WhyOffered{}, false), "info": voice.For(o.bridge, by).Info(card, nil, bridge.Feedback{})} {
		if !strings.Contains(said, crm+"shop: ") || !strings.Contains(said, "/team/to/shop.") || strings.Contains(said, "plan:") {
			t.Errorf("%s says %q", what, said)
		}
	}
	if said := voice.In(o.bridge, "").Offer(card, bridge.WhyOffered{}, false); !strings.Contains(said, crm) || strings.Contains(said, "shop:") {
		t.Errorf("to nobody it says %q", said)
	}
}
