package bridge_test

import (
	"slices"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

func (h *house) askInvited(clientID string, by bridge.OperatorJID) bridge.Opened {
	h.t.Helper()
	o, err := h.Ask(h.t.Context(), bridge.Inquiry{ClientID: clientID, Request: bridge.Request{Name: "Anna", Reason: "Yes, please!"}, Inviter: by})
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

// The chat of a visitor who was invited is the inviting operator's at once, and nobody else is asked.
func TestInvited_TheChatIsTheInviters(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	before := len(h.deskTexts(xavi))
	o := h.askInvited("a", olga)
	if c := h.conversation(o.Number); c.State != bridge.Active || c.Owner != olga {
		t.Errorf("%+v", c)
	}
	if o.Public() != "waiting" {
		t.Errorf("the visitor was answered %q", o.Public())
	}
	if got := h.deskTexts(xavi)[before:]; len(got) != 0 {
		t.Errorf("Xavi was told %q", got)
	}
	if shown := h.shown(o.Number); !slices.Contains(shown, "operator Olga") {
		t.Errorf("the visitor sees %q", shown)
	}
	if again := h.askInvited("a", olga); again.Number != o.Number || !again.Repeated {
		t.Errorf("the same again: %+v", again)
	}
}

// If the inviting operator can't have it by then, the request is offered as any other.
func TestInvited_ElseItIsOfferedAsUsual(t *testing.T) {
	h := newHouse(t)
	h.come(xavi, olga)
	full := h.mustAsk("full")
	h.must(h.Take(t.Context(), olga, full.Number))
	limit := func(n int) {
		if _, err := h.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Limit = n }); err != nil {
			t.Fatal(err)
		}
	}
	limit(1)
	for i, by := range []bridge.OperatorJID{olga, sam, "nobody@example.org"} { // full, not of the department, unknown
		o := h.askInvited(string(rune('a'+i)), by)
		asked, err := h.AskedNow(t.Context(), o.Number)
		if c := h.conversation(o.Number); err != nil || c.State != bridge.Waiting || !slices.Contains(asked, xavi) {
			t.Errorf("%s: %+v, asked %v, %v", by, c, asked, err)
		}
	}
	limit(0)
	if err := h.Reach.Presence(t.Context(), olga, "phone", bridge.ShowOffline); err != nil {
		t.Fatal(err)
	}
	o := h.askInvited("d", olga)
	if c := h.conversation(o.Number); c.State != bridge.Waiting {
		t.Errorf("with Olga offline: %+v", c)
	}
}

// An operator is told at the desk; who is no operator any more is told nothing.
func TestOnsite_Tells(t *testing.T) {
	h := newHouse(t)
	h.come(olga)
	for _, who := range []bridge.OperatorJID{olga, "nobody@example.org"} {
		if err := h.Onsite.Tell(t.Context(), who, phrase.Say("%s has left without answering your invitation.", "7k2f")); err != nil {
			t.Error(err)
		}
	}
	if got := h.lastTold(olga); !strings.Contains(got, "7k2f has left") {
		t.Errorf("Olga was told %q", got)
	}
	c := h.mustAsk("a")
	if client, err := h.Onsite.Client(t.Context(), c.Visitor); err != nil || client.Count != 1 || client.Called != "Anna" || client.Last.Number != c.Number {
		t.Errorf("%+v, %v", client, err)
	}
}
