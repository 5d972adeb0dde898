package links_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/links"
	"porchlight/bridge/phrase"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

var xavi = bridge.Operator{JID: "xavi@example.org", Name: "Xavi"}

var at = time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)

// open starts on a store, as main does.
func open(t *testing.T, store *sqlite.DB) (*links.Links, *bridge.Bridge) {
	t.Helper()
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi.JID}, Clock: clocktest.At(at), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l := links.New(store, b)
	if err := l.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l, b
}

func newStore(t *testing.T) *sqlite.DB {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: clocktest.At(at), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// shown lists the links that the bridge mirrors.
func shown(b *bridge.Bridge) string {
	var list []string
	for _, l := range b.SiteLinks.List() {
		list = append(list, l.Name+" "+l.Template+" "+l.Secret)
	}
	return strings.Join(list, "\n")
}

// Links are made, given another secret and deleted; the bridge mirrors them at once and after a restart, and there are ten at most.
func TestLinks(t *testing.T) {
	store := newStore(t)
	l, b := open(t, store)
	crm, err := l.Add(t.Context(), xavi, "CRM", "https://crm.example/{email}?t={token}")
	if err != nil || crm.Name != "crm" || !strings.HasPrefix(crm.Secret, "pls_") || crm.By != string(xavi.JID) {
		t.Fatalf("made %+v, %v", crm, err)
	}
	if tel, err := l.Add(t.Context(), xavi, "a-tel", "https://x.example/{phone}"); err != nil || tel.Secret != "" {
		t.Errorf("made %+v, %v", tel, err)
	}
	again, err := l.Rotate(t.Context(), xavi, " Crm ")
	if err != nil || again.Secret == crm.Secret || !strings.HasPrefix(again.Secret, "pls_") {
		t.Errorf("another secret: %+v, %v", again, err)
	}
	want := "a-tel https://x.example/{phone} \ncrm https://crm.example/{email}?t={token} " + again.Secret
	if got := shown(b); got != want {
		t.Errorf("shown are\n%s\nwant\n%s", got, want)
	}
	l, b = open(t, store)
	if got := shown(b); got != want {
		t.Errorf("after a restart\n%s\nwant\n%s", got, want)
	}
	for what, refused := range map[string]error{
		"a secret without a token": second(l.Rotate(t.Context(), xavi, "a-tel")), "the same name": second(l.Add(t.Context(), xavi, "crm", "https://x.example/")),
		"no name": second(l.Add(t.Context(), xavi, "?", "https://x.example/")), "no address": second(l.Add(t.Context(), xavi, "new", "http://x.example/")),
	} {
		if phrase.CodeOf(refused) != phrase.CodeInvalid {
			t.Errorf("%s: %v", what, refused)
		}
	}
	for _, code := range []phrase.Code{"", phrase.CodeNotFound} {
		if _, err := l.Delete(t.Context(), xavi, "crm"); phrase.CodeOf(err) != code {
			t.Errorf("deleted: %v", err)
		}
	}
	for i := range 10 {
		_, err = l.Add(t.Context(), xavi, fmt.Sprint("more-", i), "https://x.example/")
	}
	if phrase.CodeOf(err) != phrase.CodeInvalid || len(b.SiteLinks.List()) != 10 {
		t.Errorf("%d links: %v", len(b.SiteLinks.List()), err)
	}
}

// A store has links by name; saved again, a link keeps when and by whom it was made.
func TestLinks_Store(t *testing.T) {
	store := newStore(t)
	crm := bridge.SiteLink{Name: "crm", Template: "https://crm.example/{email}?t={token}", Secret: "pls_x", Made: at, By: "xavi@example.org"}
	shop := bridge.SiteLink{Name: "a-shop", Template: "https://shop.example/{number}", Made: at.Add(time.Second), By: "olga@example.org"}
	changed := bridge.SiteLink{Name: "crm", Template: "https://crm.example/{id}?t={token}", Secret: "pls_y", Made: at.Add(time.Hour), By: "olga@example.org"}
	has := func(want ...bridge.SiteLink) {
		t.Helper()
		err := store.ViewLinks(t.Context(), func(r links.Reader) error {
			list, err := r.SiteLinks()
			if fmt.Sprint(list) != fmt.Sprint(want) {
				t.Errorf("it has %v, want %v", list, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	update := func(f func(links.Tx) error) {
		t.Helper()
		if err := store.UpdateLinks(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx links.Tx) error { return errors.Join(tx.SaveSiteLink(crm), tx.SaveSiteLink(shop)) })
	has(shop, crm)
	update(func(tx links.Tx) error {
		if code := phrase.CodeOf(tx.DeleteSiteLink("nothing")); code != phrase.CodeNotFound {
			t.Errorf("what there is not is deleted: %s", code)
		}
		return errors.Join(tx.SaveSiteLink(changed), tx.DeleteSiteLink("a-shop"))
	})
	crm.Template, crm.Secret = changed.Template, changed.Secret
	has(crm)
}

func second[T any](_ T, err error) error { return err }
