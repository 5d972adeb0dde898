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

// An operator whose invitation was answered reads it above the conversation and in its transcript: it is in no log. What a page calls an
// invitation is none.
func TestInvitation_IsShown(t *testing.T) {
	o := newOffice(t)
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "Yes please", Attributes: `{"plan":7}`}})
	if err != nil {
		t.Fatal(err)
	}
	card, err := o.bridge.Card(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	op, _ := o.bridge.Team.Operator(xavi)
	v := voice.For(o.bridge, op)
	texts := func(r bridge.Request) []string {
		card := card
		r.Conversation, r.Name = card.Number, card.Request.Name
		card.Request = r
		return []string{v.Offer(card, bridge.WhyOffered{}, false), v.Info(card, nil, bridge.Feedback{}), strings.Join(v.Transcript(card, nil, voice.Reader{}), "\n")}
	}
	for want, i := range map[string]bridge.Invited{
		" – invited by you on /pricing":                           {By: op.Name, Page: "/pricing", Text: "Shall\nI help?"},
		" – invited by Olga on /pricing":                          {By: "Olga", Page: "/pricing", Text: "Shall I help?"},
		" – invited by Olga on /" + strings.Repeat("a", 79) + "…": {By: "Olga", Page: "/" + strings.Repeat("a", 1500), Text: "Shall I help?"},
		" – invited by the rule " + op.Name + " on /":             {Rule: op.Name, Page: "/", Text: "Shall I help?"},
	} {
		for _, text := range texts(bridge.Request{Invited: i}) {
			head, rest, _ := strings.Cut(text, "\n")
			if !strings.Contains(head, want) || !strings.Contains("\n"+rest+"\n", "\nInvitation: Shall I help?\n") {
				t.Errorf("want %q in\n%s", want, text)
			}
		}
	}
	card.Request.Invited = bridge.Invited{By: op.Name, Page: "/pricing", Text: strings.Repeat("Shall\nI help? ", 20)}
	for _, text := range []string{v.WholeRecord(card, nil), v.Past(card, nil)} {
		if want := "] _Invitation: " + strings.Repeat("Shall I help? ", 20) + "– invited by you on /pricing_"; !strings.HasSuffix(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	for _, text := range texts(bridge.Request{Attributes: `{"invitation":{"by":"Olga","page":"/pricing","text":"Shall I help?"}}`}) {
		if strings.Contains(text, "invited by") || strings.Contains(text, "Invitation:") {
			t.Errorf("a page feigns an invitation in\n%s", text)
		}
	}
}

// What the visitor typed never stands among what the site has told, whatever the form asks by now, and stays the visitor's where both
// have the same name.
func TestFilled_IsNotTheSites(t *testing.T) {
	o := newOffice(t)
	asks := func(fields string) {
		t.Helper()
		err := o.bridge.Settings.Change(t.Context(), bridge.Operator{JID: xavi}, "settings", func(v setting.Values) ([]bridge.Changed, error) {
			v["fields"] = fields
			return []bridge.Changed{{Key: "fields"}}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	asks("Plan; Order; Customer")
	c, err := o.bridge.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?", Attributes: `{"Plan":"free","Seats":3}`},
		Form: &bridge.Filled{Fields: map[string]string{"Plan": "gold", "Order": "7", "Customer": "VIP"}}})
	if err != nil {
		t.Fatal(err)
	}
	for fields, want := range map[string]string{
		"Plan; Order; Customer": "\nPlan: gold\nOrder: 7\nCustomer: VIP\n", "Order": "\nOrder: 7\nCustomer: VIP\nPlan: gold\n", "": "\nCustomer: VIP\nOrder: 7\nPlan: gold\n",
	} {
		asks(fields)
		card, err := o.bridge.Card(t.Context(), c.Number)
		if err != nil {
			t.Fatal(err)
		}
		got := voice.In(o.bridge, "").Info(card, nil, bridge.Feedback{})
		if vouched := "\nFrom the site: Plan: free\n  Seats: 3\n"; !strings.Contains(got, want) || !strings.Contains(got, vouched) {
			t.Errorf("the form asks %q: want %q and %q in\n%s", fields, want, vouched, got)
		}
	}
}
