package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// arrows are the packages of ours that each room of the house imports (see
// docs/architecture.md); main may import everything.
var arrows = map[string][]string{
	"answerfile":                  {"bridge", "bridge/phrase"},
	"bridge":                      {"bridge/hours", "bridge/phrase", "bridge/route", "bridge/schedule", "bridge/setting", "bridge/sitelink"},
	"bridge/route":                {},
	"bridge/access":               {"bridge", "bridge/phrase"},
	"bridge/archive":              {"bridge", "bridge/phrase", "bridge/setting"},
	"bridge/clocktest":            {},
	"bridge/crew":                 {"bridge"},
	"bridge/desk":                 {"bridge", "bridge/access", "bridge/archive", "bridge/hook", "bridge/hours", "bridge/links", "bridge/onsite", "bridge/phrase", "bridge/report", "bridge/setting", "bridge/sitelink", "bridge/staff", "bridge/voice"},
	"bridge/hook":                 {"bridge", "bridge/phrase"},
	"bridge/hours":                {"bridge/phrase"},
	"bridge/links":                {"bridge", "bridge/phrase", "bridge/setting", "bridge/sitelink"},
	"bridge/onsite":               {"bridge", "bridge/hours", "bridge/phrase", "bridge/setting"},
	"bridge/phrase":               {},
	"bridge/portraits":            {"bridge", "bridge/phrase", "bridge/setting"},
	"bridge/report":               {"bridge", "bridge/hours", "bridge/phrase"},
	"bridge/schedule":             {"bridge/phrase"},
	"bridge/setting":              {"bridge/phrase", "bridge/schedule"},
	"bridge/sitelink":             {"bridge/phrase"},
	"bridge/staff":                {"bridge", "bridge/hours", "bridge/phrase", "bridge/voice"},
	"bridge/storetest":            {"bridge", "bridge/hook", "bridge/phrase"},
	"bridge/voice":                {"bridge", "bridge/hours", "bridge/phrase"},
	"chart":                       {},
	"component":                   {"bridge", "bridge/phrase", "bridge/voice", "bridge/desk", "bridge/portraits", "component/picture", "component/room", "component/roster", "component/safe", "component/stanza", "component/stream"},
	"component/picture":           {"bridge", "bridge/portraits", "component/safe", "component/stanza", "component/stream"},
	"component/room":              {"bridge", "bridge/phrase", "bridge/setting", "bridge/voice", "component/safe", "component/stanza", "component/stream"},
	"component/roster":            {"bridge", "bridge/phrase", "bridge/voice", "component/safe", "component/stanza", "component/stream"},
	"component/safe":              {},
	"component/stanza":            {"component/stream"},
	"component/stream":            {},
	"component/stream/streamtest": {"component/stream"},
	"config":                      {},
	"db":                          {"bridge", "bridge/access", "bridge/hook", "bridge/links", "bridge/onsite", "bridge/phrase", "bridge/portraits", "bridge/report"},
	"db/postgres":                 {"bridge", "bridge/archive", "bridge/crew", "bridge/phrase", "db"},
	"db/postgres/postgrestest":    {"db/postgres", "demo/pgd"},
	"db/sqlite":                   {"bridge", "bridge/archive", "bridge/phrase", "db", "db/sqlite/fts5"},
	"db/sqlite/fts5":              {},
	"db/sqlite/sqlitetest":        {"db/sqlite"},
	"demo":                        {"demo/xmppd"},
	"demo/console":                {},
	"demo/mailbox":                {"email/letter"},
	"demo/pgd":                    {"demo/xmppd"},
	"demo/sample":                 {"bridge", "bridge/hours", "bridge/phrase"},
	"demo/shop":                   {},
	"demo/xmppd":                  {},
	"e2e":                         {},
	"e2e/balance":                 {},
	"e2e/bench":                   {"bridge", "bridge/archive", "bridge/crew", "bridge/desk", "bridge/phrase", "bridge/report", "component/stream", "db/postgres", "db/sqlite", "demo", "demo/pgd", "demo/xmppd", "e2e/network", "e2e/operator", "e2e/rig"}, // measures the stores alone
	"e2e/clients":                 {"bridge/desk", "component/stream", "demo", "demo/xmppd", "e2e/operator", "e2e/rig", "e2e/visitor"},
	"e2e/chromium":                {},
	"e2e/driver":                  {},
	"e2e/faults":                  {"component/stream", "demo", "demo/pgd", "demo/xmppd", "e2e/balance", "e2e/operator", "e2e/rig", "e2e/visitor", "email/imap/imaptest", "email/smtp/smtptest"},
	"e2e/hosts":                   {},
	"e2e/network":                 {},
	"e2e/operator":                {"component/stream"},
	"e2e/rig":                     {"demo/xmppd"},
	"e2e/visitor":                 {},
	"email":                       {"bridge", "bridge/phrase", "email/compose", "email/dkim", "email/imap", "email/letter", "email/smtp", "internet"},
	"email/imap":                  {"email/login"},
	"email/imap/imaptest":         {},
	"email/compose":               {"bridge/phrase"},
	"email/dkim":                  {},
	"email/login":                 {},
	"email/smtp":                  {"email/login"},
	"email/smtp/smtptest":         {},
	"email/letter":                {"email/plain", "email/trim"},
	"email/plain":                 {},
	"email/trim":                  {},
	"notify/ntfy":                 {"bridge", "bridge/phrase", "notify/post"},
	"internet":                    {},
	"notify/post":                 {"bridge/phrase", "internet"},
	"notify/post/posttest":        {},
	"notify/pushover":             {"bridge", "bridge/phrase", "notify/post"},
	"notify/webhook":              {"bridge", "bridge/hook", "bridge/phrase", "notify/post"},
	"webwidget":                   {"bridge", "bridge/access", "bridge/archive", "bridge/onsite", "bridge/phrase", "bridge/portraits", "bridge/report", "bridge/setting", "webwidget/gate", "webwidget/page", "webwidget/park", "webwidget/peer", "webwidget/proof", "webwidget/share", "webwidget/team", "webwidget/unsubscribe"},
	"webwidget/document":          {"bridge/phrase"},
	"webwidget/gate":              {"webwidget/peer"},
	"webwidget/page":              {"bridge", "bridge/phrase", "bridge/setting", "webwidget/document"},
	"webwidget/park":              {},
	"webwidget/peer":              {},
	"webwidget/proof":             {"webwidget/peer"},
	"webwidget/hostiletest":       {},
	"webwidget/share":             {"webwidget/peer"},
	"webwidget/team":              {"bridge", "bridge/archive", "bridge/hours", "bridge/onsite", "bridge/phrase", "bridge/report", "bridge/voice", "chart", "webwidget/document"},
	"webwidget/ui":                {},
	"webwidget/unsubscribe":       {"bridge", "bridge/phrase", "bridge/report", "webwidget/document"},
	"webwidget/ui/build":          {"bridge/phrase"}, // the widget's bundle has the catalogues
}

// testArrows are the packages that only the tests of a room import.
var testArrows = map[string][]string{
	"bridge":           {"bridge/clocktest", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/access":    {"bridge/clocktest", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/archive":   {"bridge/clocktest", "db/postgres", "db/postgres/postgrestest", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/crew":      {"bridge/phrase", "db/postgres", "db/postgres/postgrestest"},
	"bridge/desk":      {"db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/hook":      {"bridge/clocktest", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/links":     {"bridge/clocktest", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/onsite":    {"bridge/clocktest", "db/sqlite"},
	"bridge/portraits": {"bridge/clocktest", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/report":    {"bridge/clocktest", "chart", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/staff":     {"bridge/clocktest", "db/sqlite", "db/sqlite/sqlitetest"},
	"bridge/voice":     {"bridge/setting", "db/sqlite", "db/sqlite/sqlitetest"},
	"component":        {"bridge/setting", "component/stream/streamtest", "db/sqlite", "db/sqlite/sqlitetest", "demo/xmppd", "e2e/operator"},
	"component/stream": {"component/stream/streamtest"},
	"db/postgres":      {"bridge/storetest", "db/postgres/postgrestest", "demo/pgd"},
	"db/sqlite":        {"bridge/access", "bridge/hook", "bridge/links", "bridge/onsite", "bridge/portraits", "bridge/report", "bridge/storetest", "db/postgres/postgrestest", "db/sqlite/sqlitetest"},
	"demo/console":     {"demo/xmppd"},
	"demo/sample":      {"bridge/report", "db/sqlite", "db/sqlite/sqlitetest"},
	"e2e":              {"bridge", "bridge/desk", "component/stream", "db/sqlite/sqlitetest", "demo", "demo/pgd", "demo/xmppd", "e2e/balance", "e2e/chromium", "e2e/driver", "e2e/network", "e2e/operator", "e2e/visitor", "email/imap/imaptest", "email/smtp/smtptest", "notify/post/posttest"},
	"e2e/hosts":        {"component/stream", "demo/pgd", "demo/xmppd", "e2e/balance", "e2e/operator", "e2e/rig", "e2e/visitor"},
	"email/login":      {"email/smtp/smtptest"},
	"email":            {"bridge/clocktest", "bridge/voice", "db/sqlite", "db/sqlite/sqlitetest", "email/imap/imaptest", "email/login", "email/smtp/smtptest"},
	"email/smtp":       {"email/smtp/smtptest"},
	"email/compose":    {"e2e/chromium", "email/letter"},
	"email/imap":       {"email/imap/imaptest"},
	"notify/ntfy":      {"notify/post/posttest"},
	"notify/post":      {"notify/post/posttest"},
	"notify/pushover":  {"notify/post/posttest"},
	"notify/webhook":   {"notify/post/posttest"},
	"webwidget":        {"bridge/clocktest", "db/sqlite", "db/sqlite/sqlitetest", "e2e/chromium", "webwidget/hostiletest"},
	"webwidget/ui":     {"bridge/phrase", "e2e/chromium", "webwidget/hostiletest"},
}

func TestLayout_OnlyAllowedArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	gone := maps.Clone(arrows)
	maps.Copy(gone, testArrows)
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		from, ours := strings.CutPrefix(p.ImportPath, "porchlight/")
		if !ours {
			continue // main
		}
		if _, known := arrows[from]; !known {
			t.Errorf("%s is no room of the house", from)
			continue
		}
		delete(gone, from)
		checkImports(t, from, p.Imports, arrows[from], nil)
		checkImports(t, from, slices.Concat(p.TestImports, p.XTestImports), testArrows[from], append(arrows[from], from))
	}
	for r := range gone {
		t.Errorf("%s is a room without a package", r)
	}
}

// checkImports compares what a package or its tests import with what they need; further says
// what they may import besides. The domain may import the standard library and the Unicode
// tables of the Go project.
func checkImports(t *testing.T, from string, imports, needed, further []string) {
	t.Helper()
	for _, imp := range imports {
		to, ours := strings.CutPrefix(imp, "porchlight/")
		domain, _, _ := strings.Cut(imp, "/")
		foreign := !ours && strings.Contains(domain, ".") && imp != "golang.org/x/text/unicode/norm"
		switch {
		case foreign && strings.HasPrefix(from, "bridge"):
			t.Errorf("%s imports %s; the domain has the standard library only", from, imp)
		case ours && !slices.Contains(needed, to) && !slices.Contains(further, to):
			t.Errorf("%s must not import %s", from, to)
		}
	}
	for _, to := range needed {
		if !slices.Contains(imports, "porchlight/"+to) {
			t.Errorf("%s does not import %s any more; take the arrow away", from, to)
		}
	}
}

// source is a Go file of the repository.
type source struct {
	path  string // from the top of the repository, with slashes
	text  []byte
	file  *ast.File
	lines *token.FileSet
}

// test reports whether the file is built for tests alone.
func (s source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// ships reports whether the file is part of the program, not only of its tests.
func (s source) ships() bool {
	return !s.test() && !strings.HasPrefix(s.path, "e2e/") && !strings.HasSuffix(filepath.Dir(s.path), "test")
}

// at says where a node begins.
func (s source) at(n ast.Node) string { return s.lines.Position(n.Pos()).String() }

// height returns how many lines a node has.
func (s source) height(n ast.Node) int {
	return s.lines.Position(n.End()).Line - s.lines.Position(n.Pos()).Line + 1
}

// sources calls f with every Go file of the repository.
func sources(t *testing.T, f func(source)) {
	t.Helper()
	list, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		f(s)
	}
}

// parsed has every Go file of the repository. Many tests read them, so they are parsed once.
var parsed = sync.OnceValues(func() (list []source, err error) {
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".":
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go"):
			return nil
		}
		s := source{path: path, lines: token.NewFileSet()}
		if s.text, err = os.ReadFile(path); err != nil {
			return err
		}
		s.file, err = parser.ParseFile(s.lines, path, s.text, parser.ParseComments|parser.SkipObjectResolution)
		list = append(list, s)
		return err
	})
	return list, err
})
