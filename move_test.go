package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/storetest"
	"porchlight/config"
	"porchlight/db/postgres/postgrestest"
	"porchlight/demo"
)

// started builds a program on a config, lets f use its store, and closes it.
func started(t *testing.T, path string, prepare func(context.Context, bridge.Store, bridge.Options) error, f func(store)) {
	t.Helper()
	cfg, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(t.Context(), cfg, &env{}, parts{log: slog.New(slog.DiscardHandler), prepare: prepare})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	f(p.store)
}

// everything is all conversations with their logs.
func everything(t *testing.T, s store) (list []any) {
	t.Helper()
	err := s.View(t.Context(), func(r bridge.Reader) error {
		for number := int64(1); ; number++ {
			c, err := r.Conversation(number)
			if err != nil {
				break
			}
			events, err := r.Events(number, 0, 1000)
			if err != nil {
				return err
			}
			list = append(list, c, events)
		}
		operators, err := r.Operators()
		list = append(list, operators)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// A month of conversations moves from SQLite to PostgreSQL as it is, and goes on there.
func TestMove(t *testing.T) {
	file := filepath.Join(t.TempDir(), "porchlight.db")
	from := configIn(t, fmt.Sprintf("path = %q\n", file))
	to := configIn(t, fmt.Sprintf("url = %q\n", postgrestest.New(t)))
	var before []any
	var last int64
	started(t, from, func(ctx context.Context, s bridge.Store, o bridge.Options) error {
		return demoTeam(ctx, s, o, demo.Options{Sample: true})
	}, func(s store) {
		c := storetest.Sample(1)
		if err := s.Update(t.Context(), storetest.Create(&c)); err != nil {
			t.Fatal(err)
		}
		last = c.Number
		if err := s.Update(t.Context(), storetest.Say(last, "v:1", "zero \x00 in text", nil)); err != nil {
			t.Fatal(err)
		}
		if status, said := ran(t, "move", "--config", to, file); status != exitFailure || !strings.Contains(said, "in use") {
			t.Errorf("while it is in use: %d\n%s", status, said)
		}
		before = everything(t, s)
	})
	status, told := ran(t, "move", "--config", to, file)
	if status != exitOK || !strings.Contains(told, "were copied and compared") || !strings.Contains(told, "In 1 texts") {
		t.Fatalf("%d\n%s", status, told)
	}
	t.Log(told)
	if status, said := ran(t, "move", "--config", to, file); status != exitFailure || !strings.Contains(said, "has something in it already") {
		t.Errorf("a second time: %d\n%s", status, said)
	}
	if status, said := ran(t, "move", "--config", from, file); status != exitFailure || !strings.Contains(said, "no store.url") {
		t.Errorf("to a file: %d\n%s", status, said)
	}
	started(t, to, nil, func(s store) {
		after := everything(t, s)
		events := before[len(before)-2].([]bridge.Event) // of the last conversation
		events[0].Text = strings.ReplaceAll(events[0].Text, "\x00", "\uFFFD")
		for i := range min(len(before), len(after)) {
			if !reflect.DeepEqual(before[i], after[i]) {
				t.Errorf("%d: got %+v\nwant %+v", i, after[i], before[i])
			}
		}
		if len(after) != len(before) || last < 10 {
			t.Errorf("%d things came of %d", len(after), len(before))
		}
		c := storetest.Sample(2)
		if err := s.Update(t.Context(), storetest.Create(&c)); err != nil || c.Number != last+1 {
			t.Errorf("the next conversation has number %d, want %d, error %v", c.Number, last+1, err)
		}
	})
}
