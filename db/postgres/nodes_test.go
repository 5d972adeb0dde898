package postgres_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge/crew"
	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
)

// The nodes know each other by their heartbeats.
func TestNodes(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openNode(t, given, "a/1"), openNode(t, given, "b/1")
	beat(t, b, "b/1")
	beat(t, a, "a/1")
	list, err := b.Nodes(t.Context())
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	n := list[0]
	if n.Started.IsZero() || n.Seen.Before(n.Started) || n.Schema < 46 {
		t.Errorf("%+v", n)
	}
	if want := (crew.Node{ID: "a/1", Name: "a", Version: "1", Shared: "hash", URL: "http://a", Schema: n.Schema, Started: n.Started, Seen: n.Seen, Alive: true}); n != want || list[1].ID != "b/1" {
		t.Errorf("%+v", list)
	}
	late(t, given, "a/1")
	if list, err = b.Nodes(t.Context()); err != nil || list[0].Alive || !list[1].Alive {
		t.Errorf("without a heartbeat: %+v, %v", list, err)
	}
	beat(t, a, "a/1")
	if list, err = b.Nodes(t.Context()); err != nil || !list[0].Alive || !list[0].Started.Equal(n.Started) {
		t.Errorf("with one again: %+v, %v", list, err)
	}
	if err := b.Bury(t.Context(), "a/1"); err != nil {
		t.Fatal(err)
	}
	if list, err = b.Nodes(t.Context()); err != nil || len(list) != 1 {
		t.Errorf("without one: %+v, %v", list, err)
	}
}

// The server lists the connections of a node under its id, of which the end counts.
func TestOpen_ConnectionsHaveTheNodesName(t *testing.T) {
	given := postgrestest.New(t)
	long := strings.Repeat("long", 16) + "/0123456789"
	openNode(t, given, "a/1")
	openNode(t, given, long)
	rows, err := connect(t, given).Query(t.Context(), `SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database() AND application_name <> '' ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if want := []string{"porchlight a/1", "porchlight " + long[len(long)-52:]}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

// listen hears what is sent in the background, until the test ends: the texts come out of the channel, and then how it ended.
func listen(t *testing.T, d *postgres.DB) (heard chan string, ended chan error) {
	t.Helper()
	heard, ended = make(chan string, 100), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { ended <- d.Listen(ctx, func(payload string) { heard <- payload }) }()
	t.Cleanup(cancel)
	if first := <-heard; first != "" {
		t.Errorf("the first that is heard is %q", first)
	}
	return heard, ended
}

// What one node says is heard by all, in order; after a break the connection is made again.
func TestListen(t *testing.T) {
	given := postgrestest.New(t)
	a, b := openNode(t, given, "a/1"), openNode(t, given, "b/1")
	elsewhere := openNode(t, postgrestest.New(t), "c/1")
	say := func(d *postgres.DB, text string) {
		t.Helper()
		if err := d.Notify(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	ours, _ := listen(t, a)
	theirs, ended := listen(t, b)
	strange, _ := listen(t, elsewhere)
	longest := strings.Repeat("x", crew.MostPayload)
	for _, text := range []string{"one", longest, "üñ"} {
		say(a, text)
		if got := [2]string{<-ours, <-theirs}; got != [2]string{text, text} {
			t.Errorf("heard %.20q", got)
		}
	}
	ask(t, given, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'porchlight b/1'`)
	if err := <-ended; err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("the connection broke: %v", err)
	}
	theirs, _ = listen(t, b)
	say(b, "again")
	if got := [2]string{<-ours, <-theirs}; got != [2]string{"again", "again"} {
		t.Errorf("heard %q", got)
	}
	say(elsewhere, "strange")
	if got := <-strange; got != "strange" || len(ours) > 0 {
		t.Errorf("heard %q, and here %d", got, len(ours))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	go cancel()
	if err := b.Listen(ctx, func(string) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("the end says %v", err)
	}
}

// Past a pooler there is a URL of its own for what is heard.
func TestListen_ElsewhereThanOthers(t *testing.T) {
	given := postgrestest.New(t)
	p := newProxy(t, given)
	d := openWith(t, p.url, postgres.Options{Node: "a/1", Listen: given})
	heard, _ := listen(t, d)
	p.off.Store(true)
	ask(t, given, `SELECT pg_notify('porchlight_' || md5(current_schema()), 'past')`)
	if got := <-heard; got != "past" {
		t.Errorf("heard %q", got)
	}
}
