package voice_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/setting"
	"porchlight/bridge/voice"
)

// Offers and the info show what the visitor filled in beside the request, on a line each; a long answer is cut. The transcript
// says to what the visitor agreed.
func TestFilled_IsShown(t *testing.T) {
	o := newOffice(t)
	err := o.bridge.Settings.Change(t.Context(), bridge.Operator{JID: xavi}, "settings", func(v setting.Values) ([]bridge.Changed, error) {
		v.Set("phone", "optional")
		v.Set("fields", "Order number; Product: Shop, App")
		v.Set("consent.de", "Ich stimme zu.")
		return []bridge.Changed{{Key: "fields"}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?", Language: "de"},
		Form: &bridge.Filled{Phone: "+34 600 000 000", Fields: map[string]string{"Order number": strings.Repeat("7\n", 200), "Product": "App"}, Consent: "Ich stimme zu."}})
	if err != nil {
		t.Fatal(err)
	}
	card, err := o.bridge.Card(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	v := voice.In(o.bridge, "")
	for _, text := range []string{v.Offer(card, bridge.WhyOffered{}, false), v.Info(card, nil, bridge.Feedback{})} {
		for _, want := range []string{"\nPhone: +34 600 000 000\n", "\nOrder number: 7 7 7", "…\nProduct: App\n"} {
			if !strings.Contains(text, want) {
				t.Errorf("want %q in\n%s", want, text)
			}
		}
	}
	events, err := o.bridge.Events(t.Context(), c.Number, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(v.Transcript(card, events, voice.Reader{}), "\n"); !strings.Contains(got, "_Anna agreed to: Ich stimme zu._") {
		t.Errorf("the transcript is\n%s", got)
	}
}

// An operator whose invitation was answered reads it above the conversation and in its transcript: it is in no log.
func TestInvitation_IsShown(t *testing.T) {
	o := newOffice(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "Yes please", Attributes: `{"plan":7,"invitation":"Olga: Shall\nI help?"}`}})
	if err != nil {
		t.Fatal(err)
	}
	card, err := o.bridge.Card(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	v := voice.In(o.bridge, "")
	for _, text := range []string{v.Offer(card, bridge.WhyOffered{}, false), v.Info(card, nil, bridge.Feedback{}), strings.Join(v.Transcript(card, nil, voice.Reader{}), "\n")} {
		if want := "\nInvitation: Olga: Shall I help?"; !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
}
