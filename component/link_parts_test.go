package component

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/component/stanza"
	"porchlight/component/stream"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
)

// lasting lists values of the types that outlive a link, so that links may share them.
var lasting = []any{&Component{}, &bridge.Bridge{}, &faces{}, &slog.Logger{}, &counters{}, new(atomic.Int64), &time.Location{}}

// inCommon lists where two values hold the same map, channel or pointer.
func inCommon(path string, a, b reflect.Value) (list []string) {
	if a.Type() != b.Type() {
		return []string{path + " has two types"}
	}
	switch a.Kind() {
	case reflect.Map, reflect.Chan:
		if !a.IsNil() && a.Pointer() == b.Pointer() {
			return []string{path}
		}
	case reflect.Pointer:
		for _, t := range lasting {
			if a.Type() == reflect.TypeOf(t) {
				return nil
			}
		}
		if a.IsNil() || b.IsNil() {
			return nil
		}
		if a.Pointer() == b.Pointer() {
			return []string{path}
		}
		return inCommon(path, a.Elem(), b.Elem())
	case reflect.Interface:
		if !a.IsNil() && !b.IsNil() {
			return inCommon(path, a.Elem(), b.Elem())
		}
	case reflect.Struct:
		for i := range a.NumField() {
			list = append(list, inCommon(fmt.Sprint(path, ".", a.Type().Field(i).Name), a.Field(i), b.Field(i))...)
		}
	}
	return list
}

// Two links of a component have nothing in common that one of them may change.
func TestLink_SharesNothing(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.localhost", Clock: bridge.SystemClock{}, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	c := New(b, desk.New(b), Options{Domain: "support.localhost", Rooms: "rooms.localhost", Log: quiet})
	for _, path := range inCommon("link", reflect.ValueOf(newLink(c, nil)), reflect.ValueOf(newLink(c, nil))) {
		t.Errorf("%s outlives its link", path)
	}
}

// An operator who is deleted or disabled after their stanza has come is no fault to report.
func TestWatch_AStrangerMeanwhile(t *testing.T) {
	var log strings.Builder
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.localhost", Clock: bridge.SystemClock{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	c := New(b, desk.New(b), Options{Domain: "support.localhost", Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError}))})
	el := stream.New("", "message", stream.New("", "error", stream.New(stanza.NSStanzas, "service-unavailable")).With("type", "cancel")).
		With("type", "error", "from", "olga@localhost", "to", "desk@support.localhost", "id", "d1")
	from, _ := stream.ParseJID(el.Get("from"))
	to, _ := stream.ParseJID(el.Get("to"))
	newLink(c, nil).watch.heard(t.Context(), packet{el: el, from: from, to: to, operator: bridge.Operator{JID: "olga@localhost"}})
	if log.Len() > 0 {
		t.Errorf("the log says: %s", log.String())
	}
}
