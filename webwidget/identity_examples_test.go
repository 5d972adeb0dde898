package webwidget_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// languages are those in which docs/widget.md signs an identity: what runs the example, and how the test calls it.
var languages = map[string]struct {
	heading     string
	run         []string // the file is added
	file        string
	before, use string // NAME is a text of the language, quoted as JSON
	needed      bool   // CI has it
}{
	"php":    {heading: "PHP", run: []string{"php"}, file: "i.php", before: "<?php\n", use: `echo identity("42", NAME, "anna@example.org");`},
	"js":     {heading: "Node", run: []string{"node"}, file: "i.mjs", use: `process.stdout.write(identity(42, NAME, "anna@example.org"));`, needed: true},
	"go":     {heading: "Go", run: []string{"go", "run"}, file: "i.go", before: "package main\n", use: `func main() { token, err := identity("42", NAME, "anna@example.org"); if err != nil { panic(err) }; os.Stdout.WriteString(token) }`, needed: true},
	"python": {heading: "Python", run: []string{"python3"}, file: "i.py", use: `print(identity(42, NAME, "anna@example.org"), end="")`},
	"ruby":   {heading: "Ruby", run: []string{"ruby"}, file: "i.rb", use: `print identity(42, NAME, "anna@example.org")`},
}

// example returns the code below a heading of docs/widget.md.
func example(t *testing.T, heading, language string) string {
	t.Helper()
	text, err := os.ReadFile("../docs/widget.md")
	if err != nil {
		t.Fatal(err)
	}
	_, below, ok := strings.Cut(string(text), "\n### "+heading+"\n")
	_, code, ok2 := strings.Cut(below, "\n```"+language+"\n")
	code, _, ok3 := strings.Cut(code, "```\n")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("docs/widget.md has no code in %s below %s", language, heading)
	}
	return code
}

// output runs code in a language, and returns what it prints.
func output(t *testing.T, language, code, secret string) string {
	t.Helper()
	l := languages[language]
	if _, err := exec.LookPath(l.run[0]); err != nil {
		if l.needed && os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED, NOTHING TESTED: no %s: %v", l.run[0], err)
	}
	file := filepath.Join(t.TempDir(), l.file)
	if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	program := exec.Command(l.run[0], append(l.run[1:len(l.run):len(l.run)], file)...)
	program.Env = append(os.Environ(), "PORCHLIGHT_IDENTITY_SECRET="+secret, "LC_ALL=C.UTF-8")
	var wrong strings.Builder
	program.Stderr = &wrong
	out, err := program.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, wrong.String())
	}
	return string(out)
}

// What the documents' examples sign is taken, whatever the visitor's name is; signed with another secret it is not.
func TestIdentity_TheExamplesOfTheDocuments(t *testing.T) {
	t.Parallel()
	for language, l := range languages {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			const name = `Añna "O'Neil" </script> \ 灯 😀`
			quoted, err := json.Marshal(name)
			if err != nil {
				t.Fatal(err)
			}
			plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(quoted))
			code := l.before + example(t, l.heading, language) + "\n" + strings.ReplaceAll(l.use, "NAME", plain)
			s := start(t).online()
			card, err := s.bridge.Card(t.Context(), s.ask(toJSON(map[string]string{"reason": "x", "identity": output(t, language, code, identityKey)})).Number)
			if err != nil {
				t.Fatal(err)
			}
			if q := card.Request; q.Name != name || q.Email != "anna@example.org" || q.Verified != "42" {
				t.Errorf("request %+v", q)
			}
			forged := s.do("POST", "/v1/conversations", toJSON(map[string]string{"reason": "x", "identity": output(t, language, code, "another secret")}))
			if p := forged.refused(t, http.StatusUnprocessableEntity, "invalid"); p.Errors["identity"] == "" {
				t.Errorf("errors %v, want one for identity", p.Errors)
			}
		})
	}
}

// wordPress stands for what the example calls of WordPress, and prints the script that it adds.
const wordPress = `
function add_action($when, $do) { $do(); }
function wp_get_current_user() { return (object) ['ID' => 42, 'display_name' => 'Anna </script>', 'user_email' => 'anna@example.org']; }
function wp_json_encode($data) { return json_encode($data); }
function wp_enqueue_script($handle, $src, $deps, $version, $how) { if ($handle !== 'porchlight' || $how !== ['strategy' => 'async'] || $version !== null) exit(1); }
function wp_add_inline_script($handle, $script, $where) { if ($where === 'before') echo $script; }
`

// The example for WordPress adds a script that says a good identity.
func TestIdentity_TheExampleForWordPress(t *testing.T) {
	t.Parallel()
	script := output(t, "php", "<?php\n"+wordPress+example(t, "PHP", "php")+example(t, "WordPress", "php"), identityKey)
	_, said, ok := strings.Cut(script, `porchlight("setUser", {"identity":"`)
	token, _, ok2 := strings.Cut(said, `"});`)
	if !ok || !ok2 || strings.Contains(script, "<") {
		t.Fatalf("script %s", script)
	}
	s := start(t).online()
	card, err := s.bridge.Card(t.Context(), s.ask(toJSON(map[string]string{"reason": "x", "identity": token})).Number)
	if err != nil || card.Request.Verified != "42" || card.Request.Name != "Anna </script>" {
		t.Errorf("request %+v (%v)", card.Request, err)
	}
}
