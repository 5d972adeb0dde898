package e2e_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestAnswers: stored answers leave as a file and come back from it, at the desk and by the program, while porchlight runs
// and while it does not; and an answer does in a conversation what it is to do.
func TestAnswers(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	x.desk("canned-add solved then=note was solved; close solved text=You're welcome, {visitor}!", "Then: note was solved; close solved")
	x.desk("canned-add me/hi.de Hallo {visitor}!", "me/hi.de is stored")

	c := s.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	x.Chat(c.Visitor, rand.Text(), "!solved")
	x.hears(c.Visitor, "Sent: You're welcome, Anna!\nNoted, for operators only.")
	if log, err := c.Poll(within(t), 0, 0); err != nil || !said(log, "You're welcome, Anna!") || log.Events[len(log.Events)-1].State != "closed" {
		t.Errorf("the visitor reads %+v, %v", log, err)
	}
	x.desk("canned", "solved ×1 – You're welcome, {visitor}!")

	file := filepath.Join(s.dir, "answers.toml")
	if r := run(t, s.dir, nil, "answers", "export", "--config", s.config(), file); r.status != 0 || r.stdout != "2 answers are in "+file+".\n" {
		t.Fatalf("export: %d %s%s", r.status, r.stdout, r.stderr)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := "[[answer]]\nname = \"hi\"\nfor = \"xavi@localhost\"\nlanguage = \"de\"\ntext = \"Hallo {visitor}!\"\n\n[[answer]]\nname = \"solved\"\nfor = \"all\"\ntext = \"You're welcome, {visitor}!\"\nthen = [\"note was solved\", \"close solved\"]\n"
	if !strings.HasSuffix(string(content), want) {
		t.Errorf("the file is\n%s", content)
	}
	x.desk("canned-export toml", "2 stored answers: ")

	changed := strings.Replace(string(content), "Hallo {visitor}!", "Servus {visitor}!", 1) + "\n[[answer]]\nname = \"bye\"\ntext = \"\"\"\nBye,\n{operator}\"\"\"\n"
	for _, step := range []struct {
		name, content string
		args          []string
		status        int
		out           string
	}{
		{"wrong.toml", changed + "\n[[answer]]\nname = \"close\"\ntext = \"{name}\"\nlang = \"de\"\n", nil, 1, "wrong.toml:24: lang: There is no such key."},
		{"wrong.toml", changed + "\n[[answer]]\nname = \"close\"\ntext = \"{name}\"\n", nil, 1, "wrong.toml:23: text: {name} is not filled in"},
		{"right.toml", changed, nil, 0, "1 added, 1 changed, 1 unchanged.\n"},
		{"right.toml", changed, nil, 0, "0 added, 0 changed, 3 unchanged.\n"},
		{"some.csv", "name,text\nbye,Bye\n", []string{"--replace"}, 0, "0 added, 1 changed, 0 unchanged, 2 deleted.\n"},
		{"answers", "", nil, 2, "is not known: name a file that ends in .toml or .csv"},
	} {
		path := filepath.Join(s.dir, step.name)
		if err := os.WriteFile(path, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		r := run(t, s.dir, nil, append(append([]string{"answers", "import", "--config", s.config()}, step.args...), path)...)
		if r.status != step.status || !strings.Contains(r.stdout+r.stderr, step.out) {
			t.Errorf("import %s: %d %s%s, want %d %s", step.name, r.status, r.stdout, r.stderr, step.status, step.out)
		}
		if step.name == "wrong.toml" {
			x.desk("canned hi", "me/hi.de:\nHallo {visitor}!")
		}
	}
	x.desk("canned", "  bye – Bye")

	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	if r := run(t, s.dir, nil, "answers", "import", "--config", s.config(), file); r.status != 0 || r.stdout != "2 added, 0 changed, 0 unchanged.\n" {
		t.Errorf("import while it is stopped: %d %s%s", r.status, r.stdout, r.stderr)
	}
	if r := run(t, s.dir, nil, "answers", "export", "--config", s.config(), "--format", "csv", "-"); r.status != 0 || !strings.HasPrefix(r.stdout, "name,for,language,text,then\nbye,all,,Bye,\nhi,xavi@localhost,de,") {
		t.Errorf("export while it is stopped: %d %s%s", r.status, r.stdout, r.stderr)
	}
}
