package bridge_test

import (
	"context"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// sets changes settings of the site: names and values by turns.
func (h *house) sets(pairs ...string) {
	h.t.Helper()
	err := h.Settings.Change(h.t.Context(), bridge.Operator{JID: xavi}, "settings", func(v setting.Values) ([]bridge.Changed, error) {
		for i := 0; i < len(pairs); i += 2 {
			v[pairs[i]] = pairs[i+1]
		}
		return []bridge.Changed{{Key: pairs[0]}}, nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// A request that was accepted is so when it comes again, though the site asks for more by then; another one is refused.
func TestAsk_ComesAgainAfterTheFormHasChanged(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	ask := func(clientID string) (bridge.Opened, error) {
		return h.Ask(t.Context(), bridge.Inquiry{ClientID: clientID, Request: bridge.Request{Name: "Anna", Reason: "How?"}, Form: &bridge.Filled{}})
	}
	first, err := ask("a client id of Anna")
	h.must(first.Conversation, err)
	h.sets("email", "required", "consent", "I agree.")
	again, err := ask("a client id of Anna")
	if err != nil || !again.Repeated || again.Number != first.Number || again.Token != first.Token {
		t.Errorf("again it is %+v, %v", again, err)
	}
	if _, err := ask("another client id"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("another one: %v", err)
	}
}

// What visitors fill in takes no room of what the site tells about them, which they could do nothing about.
func TestAsk_FieldsHaveRoomOfTheirOwn(t *testing.T) {
	h := newHouse(t)
	h.come(xavi)
	h.sets("fields", "One; Two")
	long := strings.Repeat("ñ", 500)
	ask := func(attributes, value string) error {
		_, err := h.Ask(t.Context(), bridge.Inquiry{Request: bridge.Request{Name: "Anna", Reason: "How?", Attributes: attributes},
			Form: &bridge.Filled{Fields: map[string]string{"One": value, "Two": value}}})
		return err
	}
	site := `{"plan":"` + strings.Repeat("x", 80) + `"}` // of 100 bytes
	if err := ask(site, long); err != nil {
		t.Errorf("fields as long as they may be: %v", err)
	}
	if err := ask(site, long+"ñ"); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("a field that is too long: %v", err)
	}
	if err := ask(`{"plan":"`+strings.Repeat("x", 100)+`"}`, "7"); phrase.CodeOf(err) != phrase.CodeTooLarge {
		t.Errorf("attributes that are too long: %v", err)
	}
}

// blind is a store that can't be read while shut is true.
type blind struct {
	bridge.Store
	shut *bool
}

func (b blind) View(ctx context.Context, f func(bridge.Reader) error) error {
	if *b.shut {
		return errLost
	}
	return b.Store.View(ctx, f)
}

// A setting that was stored is set, though it can't be read back at once: it counts as soon as it can be read.
func TestSettings_CountOnceTheyAreStored(t *testing.T) {
	h := newHouse(t)
	shut := false
	b := h.withStore(blind{h.store, &shut})
	err := b.Settings.Change(t.Context(), bridge.Operator{JID: xavi}, "settings side left", func(v setting.Values) ([]bridge.Changed, error) {
		v["side"], shut = "left", true
		return []bridge.Changed{{Key: "side"}}, nil
	})
	if err != nil {
		t.Errorf("what is stored is said not to be: %v", err)
	}
	b.Turn(t.Context())
	shut = false
	b.Turn(t.Context())
	if got := b.Settings.Text("side"); got != "left" {
		t.Errorf("it is %q", got)
	}
}
