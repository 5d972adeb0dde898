package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestKeys_NoneIsNamedWhereTheBuildDoesNotLook: the build finds keys in calls of say, in tables of them, and as names of fields. A
// source that uses the type of keys in another way may name one that then has no text.
func TestKeys_NoneIsNamedWhereTheBuildDoesNotLook(t *testing.T) {
	sources, err := filepath.Glob("../*.ts")
	if err != nil || len(sources) < 10 {
		t.Fatalf("found %d sources (%v)", len(sources), err)
	}
	typed := regexp.MustCompile(`\bKey\b`)
	for _, name := range sources {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rest := tabled.ReplaceAllString(string(text), "")
		for _, line := range strings.Split(rest, "\n") {
			if typed.MatchString(line) && !strings.HasPrefix(line, "import ") && !strings.Contains(line, "say(id as Key)") && filepath.Base(name) != "say.ts" && filepath.Base(name) != "strings.ts" {
				t.Errorf("%s: %s", filepath.Base(name), line)
			}
		}
	}
}

// TestKeys_AreShortInScriptsAsInWords builds a source that says words in every way.
func TestKeys_AreShortInScriptsAsInWords(t *testing.T) {
	b := newBuilder(t.TempDir())
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(b.src, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("words.json", `{"form": {"hello": "Name", "away": "Email", "name": "Phone"}, "talk": {"best": "You", "again": "Send"}}`)
	write("loader.ts", `const scores: Key[] = ["best"]; h("input", { name: "name" });`)
	files := b.texts()
	if b.err != nil {
		t.Fatal(b.err)
	}
	if got := string(files["form-en-"+version+".json"]); got != `{"a":"Email","b":"Name","name":"Phone"}` {
		t.Errorf("form: %s", got)
	}
	if got := string(files["talk-en-"+version+".json"]); got != `{"best":"You","c":"Send"}` {
		t.Errorf("talk: %s", got)
	}
	for source, want := range map[string]string{
		`say("hello")`: `say("b")`,
		`p.say(m.state === "x" ? "hello" : "away", "again")`: `p.say(m.state === "x" ? "b" : "a", "again")`,
		`say(is(m) ? "again" : "best")`:                      `say(is(m) ? "c" : "best")`,
		`essay("hello"), h("hello")`:                         `essay("hello"), h("hello")`,
	} {
		if got := b.rekeyed(source); got != want {
			t.Errorf("%s becomes %s, want %s", source, got, want)
		}
	}
}

// TestKeys_PropertiesOfStylesAreShort: those of a site keep their names, and so do those that a script sets.
func TestKeys_PropertiesOfStylesAreShort(t *testing.T) {
	b := newBuilder(t.TempDir())
	if err := os.WriteFile(filepath.Join(b.src, "a.css"), []byte(`a{--back:var(--porchlight-back);color:var(--back);width:var(--seen)}b{color:var(--porchlight-back)}`), 0o644); err != nil {
		t.Fatal(err)
	}
	b.dye()
	if got := b.dyed(`var(--back) var(--porchlight-back) var(--seen) x--`); b.err != nil || got != `var(--pl-a) var(--porchlight-back) var(--seen) x--` {
		t.Errorf("%s (%v)", got, b.err)
	}
}

// TestKeys_LettersAreUnique: there are more keys than letters.
func TestKeys_LettersAreUnique(t *testing.T) {
	seen := make(map[string]bool)
	for i := range 500 {
		if seen[letters(i)] {
			t.Fatalf("%d is %s again", i, letters(i))
		}
		seen[letters(i)] = true
	}
}
