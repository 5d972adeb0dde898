package portraits_test

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/phrase"
	"porchlight/bridge/portraits"
	"porchlight/bridge/setting"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

var at = time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)

const (
	olga = bridge.OperatorJID("olga@example.org")
	xavi = bridge.OperatorJID("xavi@example.org")
)

// house is a site with operators, and their portraits.
type house struct {
	*testing.T
	*portraits.Portraits
	bridge *bridge.Bridge
	store  *sqlite.DB
}

func newHouse(t *testing.T) *house {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Clock: clocktest.At(at), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	h := &house{T: t, store: store}
	h.open()
	h.must(h.bridge.Team.Add(t.Context(), bridge.Operator{JID: olga, Name: "Olga", Enabled: true, Departments: bridge.Circle{"support"}}))
	return h
}

// open starts on the store, as main does.
func (h *house) open() {
	h.Helper()
	var err error
	h.bridge, err = bridge.Open(h.Context(), h.store, bridge.Options{Domain: "support.example.org", SuperOperators: []bridge.OperatorJID{xavi}, Clock: clocktest.At(at), Log: slog.New(slog.DiscardHandler)})
	h.must(err)
	h.Portraits = portraits.New(h.store, h.bridge)
	h.must(h.Load(h.Context()))
	h.bridge.Link.Up()
}

func (h *house) must(errs ...error) {
	h.Helper()
	if err := errors.Join(errs...); err != nil {
		h.Fatal(err)
	}
}

// site sets a setting of the site.
func (h *house) site(n setting.Name, value string) {
	h.Helper()
	by, _ := h.bridge.Team.Operator(xavi)
	h.must(h.bridge.Settings.Change(h.Context(), by, "settings", func(v setting.Values) ([]bridge.Changed, error) {
		v.Set(string(n), value)
		return []bridge.Changed{{Key: string(n), Is: value}}, nil
	}))
}

// change changes an operator.
func (h *house) change(o bridge.OperatorJID, f func(*bridge.Operator)) {
	h.Helper()
	_, err := h.bridge.Team.Change(h.Context(), o, f)
	h.must(err)
}

// shows says where visitors find an operator's picture, and whether it can be had there.
func (h *house) shows(o bridge.OperatorJID) string {
	h.Helper()
	address := h.Address(o)
	name, ok := strings.CutPrefix(address, portraits.Path)
	if !ok {
		return "nothing"
	}
	p, err := h.Find(h.Context(), name)
	h.must(err)
	return p.Media + " " + string(p.Bytes)
}

// A portrait is shown at an address of its own, also after a restart; another one lies elsewhere, and the old address is empty.
func TestPortraits(t *testing.T) {
	h := newHouse(t)
	h.must(h.Keep(t.Context(), olga, "aa", "image/png", []byte("one")))
	first := h.Address(olga)
	if got := h.shows(olga); got != "image/png one" || h.Source(olga) != "aa" || h.shows(xavi) != "nothing" {
		t.Errorf("shown is %q from %q", got, h.Source(olga))
	}
	h.open()
	if again := h.Address(olga); again != first || h.shows(olga) != "image/png one" {
		t.Errorf("after a restart it is at %q, before at %q", again, first)
	}
	h.must(h.Keep(t.Context(), olga, "bb", "image/jpeg", []byte("two")))
	if h.Address(olga) == first || h.shows(olga) != "image/jpeg two" {
		t.Errorf("another one is at %q, as before", h.Address(olga))
	}
	for _, name := range []string{strings.TrimPrefix(first, portraits.Path), "", "x.png", "../x"} {
		if _, err := h.Find(t.Context(), name); phrase.CodeOf(err) != phrase.CodeNotFound {
			t.Errorf("%q: %v", name, err)
		}
	}
	h.must(h.Forget(t.Context(), olga), h.Forget(t.Context(), olga))
	if h.shows(olga) != "nothing" || len(h.Kept()) > 0 {
		t.Error("a forgotten one is there still")
	}
}

// What can't be shown is remembered without its bytes.
func TestPortraits_NotShown(t *testing.T) {
	h := newHouse(t)
	for source, p := range map[string]struct {
		media string
		bytes []byte
	}{"aa": {"", nil}, "bb": {"image/svg+xml", []byte("<svg>")}, "cc": {"image/png", nil}, "dd": {"image/png", make([]byte, 65<<10)}} {
		h.must(h.Keep(t.Context(), olga, source, p.media, p.bytes))
		if h.Source(olga) != source || h.shows(olga) != "nothing" {
			t.Errorf("%s: %s", source, h.shows(olga))
		}
	}
}

// Equal pictures of two operators have one address, which lasts while one of them is shown.
func TestPortraits_Equal(t *testing.T) {
	h := newHouse(t)
	for _, o := range []bridge.OperatorJID{olga, xavi} {
		h.must(h.Keep(t.Context(), o, "aa", "image/png", []byte("one")))
	}
	h.change(xavi, func(o *bridge.Operator) { o.NoFace = true })
	if h.shows(olga) != "image/png one" || h.shows(xavi) != "nothing" {
		t.Errorf("Olga: %s, Xavi: %s", h.shows(olga), h.shows(xavi))
	}
}

// The site and each operator may switch it off; then neither the picture nor who is there can be had. Nobody is shown who is not there, or is
// disabled or deleted.
func TestOnDuty(t *testing.T) {
	h := newHouse(t)
	h.must(h.Keep(t.Context(), olga, "aa", "image/png", []byte("one")))
	picture := h.Address(olga)
	shown := func(department string, want ...portraits.Face) {
		t.Helper()
		if got, err := h.OnDuty(department); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("on duty are %v, %v, want %v", got, err, want)
		}
	}
	shown("")
	for _, o := range []bridge.OperatorJID{xavi, olga} {
		h.must(h.bridge.Reach.Presence(t.Context(), o, "phone", bridge.ShowAvailable))
	}
	both := []portraits.Face{{ID: h.ID(olga), Name: "Olga", Picture: picture}, {ID: h.ID(xavi), Name: "Xavi"}}
	shown("", both...)
	shown("support", both...)
	if _, err := h.OnDuty("nothing"); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("a department that is not there: %v", err)
	}
	h.change(olga, func(o *bridge.Operator) { o.NoFace = true })
	shown("", both[1])
	if h.Address(olga) != "" {
		t.Error("who does not want it is shown")
	}
	h.change(olga, func(o *bridge.Operator) { o.NoFace = false })
	shown("", both...)
	h.site(setting.Faces, "off")
	shown("")
	if h.Address(olga) != "" || h.Wanted(xavi) {
		t.Error("a site that does not want faces shows them")
	}
	h.site(setting.Faces, "on")
	h.change(olga, func(o *bridge.Operator) { o.Enabled = false })
	shown("", both[1])
	if _, err := h.Find(t.Context(), strings.TrimPrefix(picture, portraits.Path)); phrase.CodeOf(err) != phrase.CodeNotFound {
		t.Errorf("the picture of a disabled operator: %v", err)
	}
}

// Of many the first five are shown, and always the same.
func TestOnDuty_Five(t *testing.T) {
	h := newHouse(t)
	for i := range 8 {
		o := bridge.OperatorJID(fmt.Sprintf("a%d@example.org", 7-i))
		h.must(h.bridge.Team.Add(t.Context(), bridge.Operator{JID: o, Name: fmt.Sprint("A", 7-i), Enabled: true, Departments: bridge.Circle{"support"}}),
			h.bridge.Reach.Presence(t.Context(), o, "phone", bridge.ShowAvailable))
	}
	for range 3 {
		list, _ := h.OnDuty("")
		var names []string
		for _, f := range list {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != "A0 A1 A2 A3 A4" {
			t.Errorf("on duty are %s", got)
		}
	}
}

// A store has portraits whole, by operator, one of each; they end with the operator.
func TestPortraits_Store(t *testing.T) {
	h := newHouse(t)
	one := portraits.Portrait{Operator: olga, Source: "aa", Name: "x.png", Media: "image/png", Bytes: []byte{0, 1, 2}, Learned: at}
	two := portraits.Portrait{Operator: xavi, Source: "bb", Name: "y.jpg", Media: "image/jpeg", Bytes: []byte{3}, Learned: at.Add(time.Second)}
	update := func(f func(portraits.Tx) error) {
		t.Helper()
		h.must(h.store.UpdatePortraits(t.Context(), f))
	}
	has := func(want ...portraits.Portrait) {
		t.Helper()
		h.must(h.store.ViewPortraits(t.Context(), func(r portraits.Reader) error {
			list, err := r.Portraits()
			for i := range list {
				whole, err := r.Portrait(list[i].Operator)
				list[i].Bytes = whole.Bytes
				if err != nil || !reflect.DeepEqual(list[i], whole) {
					t.Errorf("listed is %v, alone it is %v, %v", list[i], whole, err)
				}
			}
			if fmt.Sprint(list) != fmt.Sprint(want) {
				t.Errorf("it has %v, want %v", list, want)
			}
			return err
		}))
	}
	update(func(tx portraits.Tx) error { return errors.Join(tx.SavePortrait(two), tx.SavePortrait(one)) })
	has(one, two)
	one.Source, one.Bytes, one.Name, one.Media, one.Learned = "cc", []byte{9}, "z.jpg", "image/jpeg", at.Add(time.Hour)
	update(func(tx portraits.Tx) error { return tx.SavePortrait(one) })
	has(one, two)
	update(func(tx portraits.Tx) error { return errors.Join(tx.DeletePortrait(xavi), tx.DeletePortrait(xavi)) })
	has(one)
	h.must(h.store.Update(t.Context(), func(tx bridge.Tx) error { return tx.DeleteOperator(olga) }))
	has()
}
