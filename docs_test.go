package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/config"
	"porchlight/notify/webhook"
)

var update = flag.Bool("update", false, "write the parts of documents that are rendered from code")

// rendered compares the part of a document between <!-- name --> and
// <!-- /name --> with what it must be, and writes it with -update.
func rendered(t *testing.T, document, name, want string) {
	t.Helper()
	b, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(string(b), begin)
	got, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Errorf("%s has no marks for %s", document, name)
	case got == want:
	case !*update:
		t.Errorf("%s: %s is out of date; run make generate", document, name)
	default:
		if err := os.WriteFile(document, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// What a webhook gets stands in install.md as the code makes it.
func TestWebhook_IsInTheDocs(t *testing.T) {
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	body := webhook.Body(bridge.Notice{Kind: bridge.NoticeRequests, At: at, Title: phrase.Say("%s", "Requests wait: support.example.org"), Link: "xmpp:desk@support.example.org?message;body=7",
		Text:     phrase.Say("%s", "#7 Anna, Sales, waits: 10 s, page: https://www.example.org/prices\nThe number takes it, sent to desk@support.example.org."),
		Requests: []bridge.Asked{{Number: 7, Name: "Anna", Department: "Sales", Page: "https://www.example.org/prices", Since: at.Add(-10 * time.Second)}},
		Operator: bridge.Operator{JID: "olga@example.org"}})
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatal(err)
	}
	rendered(t, "docs/install.md", "webhook", fenced("json", append(pretty.Bytes(), '\n')))
}

func fenced(language string, text []byte) string {
	return "```" + language + "\n" + string(text) + "```\n"
}

func fileText(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The guide shows every sample as the file in deploy is.
func TestSamples_AreInTheDocs(t *testing.T) {
	languages := map[string]string{".cfg": "haproxy", ".conf": "nginx", ".toml": "toml", ".lua": "lua", ".yml": "yaml", ".service": "ini"}
	for pattern, document := range map[string]string{"deploy/*": "docs/install.md", "deploy/cluster/*": "docs/cluster.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal("no samples", err)
		}
		for _, f := range files {
			if path.Ext(f) != "" || path.Base(f) == "Caddyfile" { // no folder
				rendered(t, document, f, fenced(languages[path.Ext(f)], []byte(fileText(t, f))))
			}
		}
	}
}

func TestConfig_IsInTheDocs(t *testing.T) {
	var b bytes.Buffer
	if err := config.Write(&b); err != nil {
		t.Fatal(err)
	}
	rendered(t, "docs/config.md", "config", fenced("toml", b.Bytes()))
}

// The first config in the guide is whole: porchlight loads it.
func TestFirstConfig_IsInTheDocs(t *testing.T) {
	_, rest, _ := strings.Cut(fileText(t, "docs/install.md"), "```toml\n")
	text, _, ok := strings.Cut(rest, "```")
	dir := t.TempDir()
	file, secret := filepath.Join(dir, "porchlight.toml"), filepath.Join(dir, "secret")
	text = strings.Replace(text, "/etc/porchlight/xmpp-secret", secret, 1)
	if err := errors.Join(os.WriteFile(secret, []byte("s3cret\n"), 0o600), os.WriteFile(file, []byte(text), 0o600)); err != nil || !ok {
		t.Fatal("no config in docs/install.md", err)
	}
	if _, err := config.Load(file, nil); err != nil {
		t.Error(err)
	}
}

func TestDeskCommands_AreInTheDocs(t *testing.T) {
	table := "| write | where | what it does |\n|---|---|---|\n"
	for _, c := range desk.New(nil).Commands() {
		usage, where := c.Written(), "desk"
		if c.Visitor {
			where = "conversation"
		}
		table += fmt.Sprintf("| `%s` | %s | %s |\n", strings.ReplaceAll(usage, "|", "\\|"), where, c.Title)
	}
	rendered(t, "docs/install.md", "commands", table)
}

func TestCommands_AreInTheDocs(t *testing.T) {
	var b strings.Builder
	for _, c := range desk.New(nil).Commands() {
		fmt.Fprintf(&b, "## %s\n\n%s. Group: %s.", c.Name, c.Title, c.Group)
		if c.Help != "" {
			b.WriteString(" " + c.Help)
		}
		where := "At the desk"
		if c.Visitor {
			where = "In a conversation"
		}
		fmt.Fprintf(&b, "\n\n%s: `%s`", where, c.Written())
		if c.Both {
			fmt.Fprintf(&b, "; in a conversation: `!%s`", c.Usage())
		}
		b.WriteString("\n\n")
		for _, f := range c.Fields {
			fieldLine(&b, f.Name, f)
		}
		if c.Record != nil {
			for _, k := range c.Record.Keys() {
				if k.Heading != "" {
					fmt.Fprintf(&b, "- %s:\n", k.Heading)
				}
				b.WriteString("  ")
				k.Field.Required = true // a key is never needed, and none of them is said to be
				fieldLine(&b, k.Name+"=", k.Field)
			}
		}
		if len(c.Fields) > 0 || c.Record != nil {
			b.WriteByte('\n')
		}
	}
	rendered(t, "docs/commands.md", "commands", b.String())
}

// fieldLine writes the line of a field or a key.
func fieldLine(b *strings.Builder, name string, f desk.Field) {
	fmt.Fprintf(b, "- `%s`: %s", name, f.Label)
	if len(f.Options) > 0 {
		b.WriteString(": " + strings.Join(f.Options, ", "))
	}
	if !f.Required {
		b.WriteString(" (may be left out)")
	}
	if f.Help != "" {
		b.WriteString(". " + f.Help)
	}
	b.WriteByte('\n')
}

func TestMetrics_AreInTheDocs(t *testing.T) {
	table := "| metric | says |\n|---|---|\n"
	for _, m := range metrics() {
		table += fmt.Sprintf("| `porchlight_%s` | %s |\n", m.name, m.help)
		if m.name == "mailbox_up" { // beside which the one with a label is
			table += fmt.Sprintf("| `porchlight_%s` | %s |\n", mailboxMetric, mailboxHelp)
		}
	}
	rendered(t, "docs/install.md", "metrics", table)
}

func TestArrows_AreInTheDocs(t *testing.T) {
	table := "| room | may import | its tests also |\n|---|---|---|\n| main | everything | |\n"
	list := func(rooms []string) string { return "`" + strings.Join(rooms, "`, `") + "`" }
	for _, from := range slices.Sorted(maps.Keys(arrows)) {
		to, tests := "nothing of ours", ""
		if len(arrows[from]) > 0 {
			to = list(arrows[from])
		}
		if len(testArrows[from]) > 0 {
			tests = list(testArrows[from])
		}
		table += strings.TrimSpace(fmt.Sprintf("| `%s` | %s | %s", from, to, tests)) + " |\n"
	}
	rendered(t, "docs/architecture.md", "arrows", table)
}

// docs/architecture.md gives a reason for every module that is imported.
func TestModules_AreInTheDocs(t *testing.T) {
	doc := fileText(t, "docs/architecture.md")
	modules := regexp.MustCompile(`(?m)^\s*(?:require )?([a-z0-9.-]+\.[a-z]+/\S+) v`).FindAllStringSubmatch(fileText(t, "go.mod"), -1)
	sources(t, func(s source) {
		for _, imp := range s.file.Imports {
			name, _ := strconv.Unquote(imp.Path.Value) // the parser has accepted it
			for _, m := range modules {
				if strings.HasPrefix(name+"/", m[1]+"/") && !strings.Contains(doc, "`"+m[1]+"`") {
					t.Errorf("%s imports %s, for which docs/architecture.md gives no reason", s.path, m[1])
				}
			}
		}
	})
}

// supported is one XEP in docs/doap.xml (XEP-0453 §4.2).
type supported struct {
	XEP struct {
		Resource string `xml:"http://www.w3.org/1999/02/22-rdf-syntax-ns# resource,attr"`
	} `xml:"https://linkmauve.fr/ns/xmpp-doap# xep"`
	Version string `xml:"https://linkmauve.fr/ns/xmpp-doap# version"`
	Status  string `xml:"https://linkmauve.fr/ns/xmpp-doap# status"`
	Since   string `xml:"https://linkmauve.fr/ns/xmpp-doap# since"`
	Note    string `xml:"https://linkmauve.fr/ns/xmpp-doap# note"`
}

// listed returns the XEPs in docs/doap.xml by number.
func listed(t *testing.T) map[string]supported {
	t.Helper()
	var doap struct {
		Supported []supported `xml:"Project>implements>SupportedXep"`
	}
	if err := xml.Unmarshal([]byte(fileText(t, "docs/doap.xml")), &doap); err != nil {
		t.Fatal(err)
	}
	list, link := map[string]supported{}, regexp.MustCompile(`^https://xmpp\.org/extensions/xep-(\d{4})\.html$`)
	for _, s := range doap.Supported {
		m := link.FindStringSubmatch(s.XEP.Resource)
		if m == nil || list[m[1]] != (supported{}) {
			t.Fatalf("docs/doap.xml: %q is no XEP, or listed twice", s.XEP.Resource)
		}
		list[m[1]] = s
	}
	return list
}

// refused are XEPs that the code names only to refuse what they are about.
var refused = []string{"0027", "0353", "0373", "0380", "0384"} // calls, and encryption that a browser can't read

// docs/doap.xml lists every XEP that the component's code cites, and no other.
func TestXEPs_AreInTheDocs(t *testing.T) {
	cited := map[string]bool{}
	sources(t, func(s source) {
		if strings.HasPrefix(s.path, "component/") && !s.test() {
			for _, m := range regexp.MustCompile(`XEP-(\d{4})`).FindAllSubmatch(s.text, -1) {
				cited[string(m[1])] = true
			}
		}
	})
	for _, n := range refused {
		if !cited[n] {
			t.Errorf("XEP-%s is cited nowhere and need not be excepted", n)
		}
		delete(cited, n)
	}
	list := listed(t)
	for n := range cited {
		if _, ok := list[n]; !ok {
			t.Errorf("the code cites XEP-%s, which docs/doap.xml does not list", n)
		}
	}
	for n, s := range list {
		if !cited[n] {
			t.Errorf("docs/doap.xml lists XEP-%s, which no code cites", n)
		}
		if s.Version == "" || s.Since == "" || s.Status != "complete" && (s.Status != "partial" || s.Note == "") {
			t.Errorf("docs/doap.xml: XEP-%s needs version, since and status, and if it is partial a note", n)
		}
	}
}

// registry says which XEP a namespace belongs to
// (https://xmpp.org/registrar/namespaces.html).
var registry = map[string]string{
	"http://jabber.org/protocol/disco#info":  "0030",
	"http://jabber.org/protocol/disco#items": "0030",
	"http://jabber.org/protocol/caps":        "0115",
	"http://jabber.org/protocol/commands":    "0050",
	"http://jabber.org/protocol/chatstates":  "0085",
	"jabber:iq:last":                         "0012",
	"jabber:iq:version":                      "0092",
	"jabber:x:oob":                           "0066",
	"urn:xmpp:avatar:metadata+notify":        "0163",
	"urn:xmpp:chat-markers:0":                "0333",
	"urn:xmpp:message-correct:0":             "0308",
	"urn:xmpp:message-retract:1":             "0424",
	"urn:xmpp:ping":                          "0199",
	"urn:xmpp:reactions:0":                   "0444",
	"urn:xmpp:receipts":                      "0184",
	"urn:xmpp:reply:0":                       "0461",
	"urn:xmpp:sid:0":                         "0359",
	"urn:xmpp:time":                          "0202",
	"vcard-temp":                             "0054",
}

// docs/doap.xml lists the XEP of every namespace that service discovery announces.
func TestAnnouncedNamespaces_AreInTheDocs(t *testing.T) {
	list, spaces := listed(t), announcedBySource(t)
	if len(spaces) == 0 {
		t.Fatal("no announced namespaces found in component")
	}
	for _, ns := range spaces {
		if _, ok := list[registry[ns]]; !ok {
			t.Errorf("%s is announced; its XEP (%q) is not in docs/doap.xml", ns, registry[ns])
		}
	}
}

// announcedBySource reads the values of the fields called announced in package
// component, which are constants of package stanza.
func announcedBySource(t *testing.T) (spaces []string) {
	t.Helper()
	files, err := filepath.Glob("component/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, "component/stanza/names.go")
	values, lists := map[string]string{}, []ast.Expr{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, v := range n.Values {
					if lit, ok := v.(*ast.BasicLit); ok {
						values[n.Names[i].Name], _ = strconv.Unquote(lit.Value) // a number gives ""
					}
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "announced" {
					lists = append(lists, n.Value.(*ast.CompositeLit).Elts...)
				}
			}
			return true
		})
	}
	for _, e := range lists {
		named, ok := e.(*ast.SelectorExpr)
		if !ok || values[named.Sel.Name] == "" {
			t.Fatalf("an announced namespace is no named constant: %v", e)
		}
		spaces = append(spaces, values[named.Sel.Name])
	}
	return spaces
}

func TestVersion_IsInTheDocs(t *testing.T) {
	if !strings.Contains(fileText(t, "CHANGELOG.md"), "\n## "+version+" ") {
		t.Errorf("CHANGELOG.md has no entry for %s", version)
	}
}

// Links in documents lead to files that exist. Pictures are not looked at.
func TestLinks_AreInTheDocs(t *testing.T) {
	docs, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`(?:^|[^!])\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)`)
	for _, doc := range append(docs, "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md") {
		for _, m := range link.FindAllStringSubmatch(fileText(t, doc), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(doc), m[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", doc, m[1])
			}
		}
	}
}

// Every test that docs/security.md names exists.
func TestSecurity_NamesTestsThatExist(t *testing.T) {
	b, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]bool)
	for _, m := range regexp.MustCompile("`(Test[A-Za-z0-9_]+)`").FindAllStringSubmatch(string(b), -1) {
		named[m[1]] = true
	}
	if len(named) < 30 {
		t.Errorf("only %d tests are named", len(named))
	}
	sources(t, func(s source) {
		for _, d := range s.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && s.test() {
				delete(named, fn.Name.Name)
			}
		}
	})
	for name := range named {
		t.Errorf("docs/security.md names %s, which is no test", name)
	}
}

// Each variable that a document names is one that porchlight takes: with any other that begins with PORCHLIGHT_ it does not start.
func TestDocs_VariablesAreTaken(t *testing.T) {
	documents, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, document := range append(documents, "README.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`PORCHLIGHT_[A-Z_]*[A-Z]`).FindAllString(string(text), -1) {
			if strings.HasPrefix(name, "PORCHLIGHT_SECTION_KEY") { // stands for all
				continue
			}
			if _, err := config.Load("", []string{name + "=x"}); err != nil && strings.Contains(err.Error(), "unknown variable") {
				t.Errorf("%s names %s: %v", document, name, err)
			}
		}
	}
}
