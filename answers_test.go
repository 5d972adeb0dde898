package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"porchlight/db/sqlite/sqlitetest"
)

// ran runs a command line, and returns its status and what it prints.
func ran(t *testing.T, args ...string) (status int, said string) {
	t.Helper()
	var out bytes.Buffer
	status = run(t.Context(), args, &env{strings.NewReader(""), &out, &out, os.Environ()})
	return status, out.String()
}

// The help of answers has the options of both ways.
func TestAnswers_Help(t *testing.T) {
	for _, flag := range []string{"-h", "--help"} {
		status, said := ran(t, "answers", flag)
		if status != exitOK || strings.Count(said, "-config") != 2 || strings.Count(said, "-format") != 2 || strings.Count(said, "-replace") != 1 || !strings.Contains(said, "porchlight answers export") || !strings.Contains(said, "porchlight answers import") {
			t.Errorf("answers %s: %d\n%s", flag, status, said)
		}
	}
	if status, said := ran(t, "answers"); status != exitUsage || !strings.Contains(said, "usage: porchlight answers export|import") {
		t.Errorf("answers alone: %d\n%s", status, said)
	}
}

// A file that has nothing in it does not replace all that is stored, and one fault is one.
func TestAnswers_Import(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := write("porchlight.toml", "super_operators = [\"xavi@localhost\"]\n[xmpp]\ndomain = \"support.localhost\"\nsecret = \"hush-hush\"\n[store]\npath = \""+sqlitetest.New(t)+"\"\n")
	for _, step := range []struct {
		file, content string
		replace       bool
		status        int
		said          string
	}{
		{"two.csv", "name,text\nhi,Hello\nbye,Bye\n", false, exitOK, "2 added, 0 changed, 0 unchanged.\n"},
		{"none.csv", "name,text\n", true, exitFailure, "There are no answers in the file, so all 2 that are stored would be deleted.\n"},
		{"none.csv", "name,text\n", false, exitOK, "0 added, 0 changed, 0 unchanged.\n"},
		{"odd.csv", "name,text\nhi,\"Hello\n", false, exitFailure, "odd.csv has 1 fault; nothing was imported\n"},
		{"odder.csv", "name,text\n1,x\n2,y\n", false, exitFailure, "odder.csv has 2 faults; nothing was imported\n"},
		{"one.csv", "name,text\nhi,Hello\n", true, exitOK, "0 added, 0 changed, 1 unchanged, 1 deleted.\n"},
	} {
		args := []string{"answers", "import", "--config", config}
		if step.replace {
			args = append(args, "--replace")
		}
		if status, said := ran(t, append(args, write(step.file, step.content))...); status != step.status || !strings.HasSuffix(said, step.said) && !strings.Contains(said, step.said) || strings.Contains(said, ":0:") {
			t.Errorf("%s: %d\n%s", step.file, status, said)
		}
	}
}
