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
	"testing"
)

// arrows are the imports that the house allows between its rooms (see
// docs/architecture.md); main may import everything. A room's subfolders count
// as the room, except where they are named.
var arrows = map[string][]string{
	"bridge":                      {"bridge/phrase"},
	"bridge/desk":                 {"bridge", "bridge/phrase", "bridge/voice"},
	"bridge/phrase":               {},
	"bridge/storetest":            {"bridge", "bridge/phrase"},
	"bridge/voice":                {"bridge", "bridge/phrase"},
	"component":                   {"bridge", "bridge/phrase", "bridge/voice", "bridge/desk", "component/room", "component/roster", "component/safe", "component/stanza", "component/stream"},
	"component/room":              {"bridge", "bridge/phrase", "bridge/voice", "component/safe", "component/stanza", "component/stream"},
	"component/roster":            {"bridge", "bridge/phrase", "bridge/voice", "component/safe", "component/stanza", "component/stream"},
	"component/safe":              {},
	"component/stanza":            {"component/stream"},
	"component/stream":            {},
	"component/stream/streamtest": {"component/stream"},
	"config":                      {},
	"db":                          {"bridge", "bridge/phrase"},
	"db/sqlite":                   {"bridge", "db"},
	"demo":                        {},
	"e2e":                         {"component/stream", "demo", "e2e/operator"},
	"e2e/bench":                   {"bridge", "component/stream", "db/sqlite", "demo", "e2e", "e2e/operator"}, // measures the store alone
	"e2e/operator":                {"component/stream"},
	"webwidget":                   {"bridge", "bridge/phrase", "webwidget/gate", "webwidget/page", "webwidget/park", "webwidget/peer", "webwidget/proof", "webwidget/share"},
	"webwidget/gate":              {"webwidget/peer"},
	"webwidget/page":              {"bridge", "bridge/phrase"},
	"webwidget/park":              {},
	"webwidget/peer":              {},
	"webwidget/proof":             {"webwidget/peer"},
	"webwidget/share":             {"webwidget/peer"},
	"webwidget/ui":                {"bridge/phrase"}, // the widget's bundle has the catalogues
}

// testArrows are the further imports that the house allows to the tests of a room.
var testArrows = map[string][]string{
	"bridge":           {"db/sqlite"},
	"bridge/desk":      {"db/sqlite"},
	"bridge/voice":     {"db/sqlite"},
	"component":        {"component/stream/streamtest", "db/sqlite", "demo", "e2e/operator"},
	"component/stream": {"component/stream/streamtest"},
	"db/sqlite":        {"bridge/phrase", "bridge/storetest"},
	"e2e":              {"bridge", "bridge/desk"},
	"webwidget":        {"db/sqlite"},
}

// room finds the room to which a package belongs; "" if there is none.
func room(path string) string {
	for p := path; p != "."; p = filepath.Dir(p) {
		if _, ok := arrows[p]; ok {
			return p
		}
	}
	return ""
}

func TestLayout_OnlyAllowedArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	empty := maps.Clone(arrows)
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
		r := room(from)
		if r == "" {
			t.Errorf("%s is no room of the house", from)
			continue
		}
		delete(empty, r)
		checkImports(t, from, p.Imports, arrows[r])
		checkImports(t, from, slices.Concat(p.TestImports, p.XTestImports), slices.Concat(arrows[r], testArrows[r]))
	}
	for r := range empty {
		t.Errorf("%s is a room without a package", r)
	}
}

// checkImports fails for each import that is not allowed. The domain may import the standard
// library and the Unicode tables of the Go project.
func checkImports(t *testing.T, from string, imports, allowed []string) {
	t.Helper()
	for _, imp := range imports {
		to, ours := strings.CutPrefix(imp, "porchlight/")
		domain, _, _ := strings.Cut(imp, "/")
		foreign := !ours && strings.Contains(domain, ".") && imp != "golang.org/x/text/unicode/norm"
		switch {
		case foreign && strings.HasPrefix(from, "bridge"):
			t.Errorf("%s imports %s; the domain has the standard library only", from, imp)
		case ours && room(to) != room(from) && !slices.Contains(allowed, room(to)):
			t.Errorf("%s must not import %s", from, to)
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

// at says where a node begins.
func (s source) at(n ast.Node) string { return s.lines.Position(n.Pos()).String() }

// height returns how many lines a node has.
func (s source) height(n ast.Node) int {
	return s.lines.Position(n.End()).Line - s.lines.Position(n.Pos()).Line + 1
}

// sources calls f with every Go file of the repository.
func sources(t *testing.T, f func(source)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
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
		if s.file, err = parser.ParseFile(s.lines, path, s.text, parser.ParseComments|parser.SkipObjectResolution); err != nil {
			return err
		}
		f(s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
