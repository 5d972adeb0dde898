package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"porchlight/bridge/crew"
	"porchlight/config"
	"porchlight/db/postgres/postgrestest"
)

// configIn writes a config, and returns its path.
func configIn(t *testing.T, store string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "porchlight.toml")
	text := "super_operators = [\"xavi@localhost\"]\n[xmpp]\ndomain = \"support.localhost\"\nsecret = \"hush-hush\"\nserver = \"127.0.0.1:1\"\n[web]\nlisten = \"127.0.0.1:0\"\n[store]\n" + store
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Every command knows a database in PostgreSQL.
func TestCommands_OnPostgreSQL(t *testing.T) {
	given := postgrestest.Empty(t)
	secret := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(secret, []byte(given+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := configIn(t, fmt.Sprintf("url_file = %q\n", secret))
	expect := func(status int, says string, args ...string) {
		t.Helper()
		if got, said := ran(t, args...); got != status || !strings.Contains(said, says) {
			t.Errorf("%q ends with %d, want %d and %q:\n%s", args, got, status, says, said)
		}
	}
	answers := filepath.Join(t.TempDir(), "answers.csv")
	if err := os.WriteFile(answers, []byte("name,text\nhi,Hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(exitFailure, "start it once", "answers", "import", "--config", path, answers)
	expect(exitFailure, "find database: PostgreSQL at /", "stats-rebuild", "--config", path)
	expect(exitFailure, "does not exist yet; serve makes it", "check", "--config", path) // there is no XMPP server, so the check fails
	cfg, err := config.Load(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := build(t.Context(), cfg, &env{}, parts{log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	node := p.store.(crew.Store)
	if err := node.Beat(t.Context(), crew.Node{ID: "chat-1/a", Name: "chat-1", URL: "http://127.0.0.1:1"}); err != nil {
		t.Error(err)
	}
	expect(exitOK, "1 added", "answers", "import", "--config", path, answers)
	expect(exitOK, "Hello", "answers", "export", "--format", "csv", "--config", path, "-")
	expect(exitFailure, "is in use by a porchlight (chat-1, http://127.0.0.1:1)", "check", "--config", path)
	expect(exitFailure, "send stats-rebuild to the desk", "stats-rebuild", "--config", path)
	expect(exitUsage, "pg_dump", "backup", "--config", path, filepath.Join(t.TempDir(), "copy"))
	if err := p.alive(); err != nil {
		t.Error(err)
	}
	if err := node.Bury(t.Context(), "chat-1/a"); err != nil {
		t.Error(err)
	}
	p.close()
	expect(exitOK, "counted anew", "stats-rebuild", "--config", path)
	expect(exitFailure, "database   ok    PostgreSQL at /", "check", "--config", path)
}
