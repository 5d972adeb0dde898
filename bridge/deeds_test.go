package bridge_test

import (
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// What the config grants is not written into the store: an operator who is taken out of the
// config is a stranger again, whatever they had set for themselves.
func TestOperators_SuperIsOfTheConfigAlone(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	if err := h.Team.Greet(t.Context(), xavi, "phone", "de"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.Satellite = true }); err != nil {
		t.Fatal(err)
	}
	err := h.store.View(t.Context(), func(r bridge.Reader) error {
		list, err := r.Operators()
		for _, o := range list {
			if o.JID == xavi && (o.Enabled || !o.Satellite || o.Locale != "de" || !o.Greeted) {
				t.Errorf("stored: %+v", o)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The language is that of the first client online; another client of the same operator does not
// change it.
func TestGreet_LanguageDoesNotFlap(t *testing.T) {
	h := newHouse(t)
	h.come(xavi) // "phone"
	for _, step := range []struct{ resource, lang, want string }{
		{"phone", "de", "de"}, {"phone", "xx-nonsense-that-is-far-too-long-for-a-tag", "de"}, {"phone", "", "de"}, {"phone", "fr-CA", "fr-CA"},
	} {
		if err := h.Team.Greet(t.Context(), xavi, step.resource, step.lang); err != nil {
			t.Fatal(err)
		}
		if o, _ := h.Team.Operator(xavi); o.Locale != step.want {
			t.Errorf("after %q: %q, want %q", step.lang, o.Locale, step.want)
		}
	}
	if err := h.Reach.Presence(t.Context(), xavi, "laptop", bridge.ShowAvailable); err != nil {
		t.Fatal(err)
	}
	if err := h.Team.Greet(t.Context(), xavi, "laptop", "es"); err != nil {
		t.Fatal(err)
	}
	if o, _ := h.Team.Operator(xavi); o.Locale != "fr-CA" {
		t.Errorf("a second resource changed it to %q", o.Locale)
	}
}

// Only operators who have something to do with a conversation can look at it.
func TestPartFor_Outsiders(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	for jid, want := range map[bridge.OperatorJID]phrase.Code{xavi: "", olga: "", sam: phrase.CodeForbidden} {
		o, _ := h.Team.Operator(jid)
		if _, err := h.PartFor(t.Context(), o, c.Visitor); phrase.CodeOf(err) != want {
			t.Errorf("%s: %v, want %q", jid, err, want)
		}
	}
}

// An offer is looked up for the operator to whom it was made, and for nobody else; a stranger
// has no offers and no desk log.
func TestOfferedBy_ForOneOperator(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	c := h.mustAsk("c1")
	seq, behind, err := h.Cursors.Desk(t.Context(), xavi)
	if err != nil || seq != 0 || !behind {
		t.Errorf("Xavi's desk log: confirmed up to %d, more: %v, %v", seq, behind, err)
	}
	for jid, want := range map[bridge.OperatorJID]int64{xavi: c.Number, olga: 0, "stranger@example.org": 0} {
		if number, err := h.OfferedBy(t.Context(), jid, bridge.StanzaID(string(jid), 1)); number != want || err != nil {
			t.Errorf("offered to %s: #%d, %v, want #%d", jid, number, err, want)
		}
		if _, behind, err := h.Cursors.Desk(t.Context(), jid); behind != (want > 0) || err != nil {
			t.Errorf("desk log of %s: more %v, %v", jid, behind, err)
		}
	}
}
