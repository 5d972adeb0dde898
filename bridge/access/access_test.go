package access_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

const xavi = bridge.OperatorJID("xavi@example.org")

func begin(t *testing.T) (*access.Access, *bridge.Bridge, *clocktest.Clock) {
	t.Helper()
	clock, quiet := clocktest.At(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)), slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: clock, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Clock: clock, Log: quiet,
		Limits: bridge.Limits{Message: 1000, Name: 80, Email: 254, Reason: 1000, URL: 2048, Waiting: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	return access.New(store, b), b, clock
}

// A key opens what its scopes name until it is deleted; when it was used last is known within a minute; the key itself is
// stored nowhere.
func TestKeys_FromMakingToDeleting(t *testing.T) {
	a, b, clock := begin(t)
	o, _ := b.Team.Operator(xavi)
	key, made, err := a.Add(t.Context(), o, "Shop-2", []access.Scope{access.Read})
	if err != nil || made.Name != "shop-2" || !strings.HasPrefix(key, "plk_") || len(key) < 50 {
		t.Fatalf("made %q, %+v, %v", key, made, err)
	}
	if strings.Contains(string(made.Hash), key) {
		t.Error("the key itself is stored")
	}
	if _, _, err := a.Add(t.Context(), o, "shop-2", made.Scopes); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("a second one of that name: %v", err)
	}
	if _, _, err := a.Add(t.Context(), o, "two words", made.Scopes); phrase.CodeOf(err) != phrase.CodeInvalid {
		t.Errorf("a wrong name: %v", err)
	}
	for range 2 {
		k, err := a.Admit(t.Context(), key)
		if err != nil || k.Allow(access.Read) != nil || phrase.CodeOf(k.Allow(access.Tickets)) != phrase.CodeForbidden {
			t.Fatalf("admitted: %+v, %v", k, err)
		}
		list, err := a.Keys(t.Context())
		if err != nil || len(list) != 1 || !list[0].Used.Equal(clock.Now()) {
			t.Errorf("listed: %+v, %v", list, err)
		}
		clock.Move(time.Minute)
	}
	for _, wrong := range []string{"", "plk_", key + "x", strings.ToUpper(key), "whsec_" + key} {
		if _, err := a.Admit(t.Context(), wrong); !errors.Is(err, access.ErrNoKey) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if err := a.Delete(t.Context(), o, "SHOP-2"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Admit(t.Context(), key); !errors.Is(err, access.ErrNoKey) {
		t.Errorf("a deleted key: %v", err)
	}
	if err := a.Delete(t.Context(), o, "shop-2"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("deleted twice: %v", err)
	}
}

// Scopes are read in any order, and what is none is refused.
func TestParseScopes(t *testing.T) {
	for text, want := range map[string]string{"read": "read", "tickets,READ": "tickets, read", "read read  attributes": "read, attributes", "": "", "all": "", "read x": ""} {
		list, err := access.ParseScopes(text)
		if got := access.Words(list); got != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v", text, got, err)
		}
	}
}

// Attributes are merged: what is new is added, null takes away, and others stay. What is no object changes nothing.
func TestSetAttributes(t *testing.T) {
	a, b, _ := begin(t)
	c, err := b.Ask(t.Context(), bridge.Inquiry{Ticket: true, Request: bridge.Request{Name: "Anna", Email: "anna@example.net", Reason: "How?", Attributes: `{"plan":"free","age":3}`}})
	if err != nil || c.Kind != bridge.Ticket {
		t.Fatalf("asked: %+v, %v", c, err)
	}
	for _, step := range []struct{ patch, want string }{
		{`{"plan":"gold","orders":[1,2]}`, `{"age":3,"orders":[1,2],"plan":"gold"}`}, {`{"age":null}`, `{"orders":[1,2],"plan":"gold"}`}, {`{}`, `{"orders":[1,2],"plan":"gold"}`},
		{`null`, ""}, {`[1]`, ""}, {`"x"`, ""}, {``, ""}, {`{"x":"` + strings.Repeat("x", 9000) + `"}`, ""},
	} {
		all, err := a.SetAttributes(t.Context(), c.Number, json.RawMessage(step.patch))
		if (err == nil) != (step.want != "") || err == nil && string(all) != step.want {
			t.Errorf("%.40s gives %s, %v", step.patch, all, err)
		}
	}
	if r, err := a.Conversation(t.Context(), c.Number); err != nil || r.Request.Attributes != `{"orders":[1,2],"plan":"gold"}` {
		t.Errorf("stored: %+v, %v", r, err)
	}
	if _, err := a.SetAttributes(t.Context(), 99, json.RawMessage(`{}`)); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("of no conversation: %v", err)
	}
}
