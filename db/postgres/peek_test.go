package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/db/postgres"
	"porchlight/db/postgres/postgrestest"
)

// Several porchlights have a database open, and others are told which ones; what must be alone is refused.
func TestPeek_KnowsLivingNodes(t *testing.T) {
	given := postgrestest.New(t)
	if s, err := postgres.Peek(t.Context(), given); err != nil || s.InUse || !s.Exists {
		t.Errorf("before, Peek finds %+v, error %v", s, err)
	}
	a, b := openNode(t, given, "chat-1/a"), openNode(t, given, "chat-2/b")
	beat(t, a, "chat-1/a")
	beat(t, b, "chat-2/b")
	const both = "chat-1, http://chat-1; chat-2, http://chat-2"
	if s, err := postgres.Peek(t.Context(), given); err != nil || !s.InUse || s.Holder != both || !s.Exists {
		t.Errorf("Peek finds %+v, error %v", s, err)
	}
	if _, err := postgres.Open(t.Context(), given, postgres.Options{Alone: true}); !errors.Is(err, postgres.ErrInUse) || !strings.Contains(err.Error(), both) {
		t.Errorf("who wants to be alone is told %v", err)
	}
	if err := openBeside(t, given).View(t.Context(), func(r bridge.Reader) error { _, err := r.Setting("a"); return err }); err != nil {
		t.Errorf("a look beside them says %v", err)
	}
	late(t, given, "chat-1/a")
	if err := b.Bury(t.Context(), "chat-2/b"); err != nil {
		t.Fatal(err)
	}
	if s, err := postgres.Peek(t.Context(), given); err != nil || s.InUse {
		t.Errorf("of a dead one and none, Peek finds %+v, error %v", s, err)
	}
	d, err := postgres.Open(t.Context(), given, postgres.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	_ = d.Close()
}

// What can't be porchlight's database is refused, with what is to be done, and without the password.
func TestOpen_Refuses(t *testing.T) {
	server := postgrestest.Server(t)
	c := connect(t, server)
	for name, sql := range map[string]string{
		"sorted": "CREATE DATABASE sorted TEMPLATE template0 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'", // sorts by bytes, too
		"ascii":  "CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'",
	} {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	at := func(database, more string) string {
		return strings.Replace(server, "/postgres?", "/"+database+"?", 1) + more
	}
	foreign := postgrestest.Empty(t)
	if _, err := connect(t, foreign).Exec(t.Context(), "CREATE TABLE wiki (page TEXT)"); err != nil {
		t.Fatal(err)
	}
	newer := postgrestest.New(t)
	if _, err := connect(t, newer).Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)"); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		at("sorted", ""):                        "",
		at("ascii", ""):                         "CREATE DATABASE porchlight TEMPLATE template0",
		at("none", "&password=hush-hush"):       "does not exist",
		at("sorted", "&synchronous_commit=off"): "synchronous_commit is off",
		foreign:                                 "belongs to another program",
		newer:                                   "use the newer porchlight",
		"postgres://a:hush-hush@127.0.0.1:1/x":  "connection refused",
		"postgres://a:hush-hush@127.0.0.1:no/x": "URL",
	} {
		d, err := postgres.Open(t.Context(), url, postgres.Options{})
		switch {
		case err == nil && want == "":
			_ = d.Close()
		case err == nil || want == "" || !strings.Contains(err.Error(), want):
			t.Errorf("%s says %v, want %q", url, err, want)
		case strings.Contains(err.Error(), "hush-hush"):
			t.Errorf("the password is in %v", err)
		}
	}
}
