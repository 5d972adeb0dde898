package main

import (
	"bufio"
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
	"regexp"
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
	"webwidget/ui":                {"bridge/phrase"}, // its bundle has the catalogues
}

// testArrows are what the tests of a room may import besides.
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

// room finds the room of a package.
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

// checkImports looks at what a package or its tests import. The domain has the
// standard library only, and the Unicode tables of the Go project.
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

// goFiles calls f with every Go file of ours.
func goFiles(t *testing.T, f func(path string, src []byte)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != "." {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			f(path, src)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	sqlVerb = regexp.MustCompile("[\"`](SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA) [A-Za-z]")
	wallNow = regexp.MustCompile(`time\.(Now|Since|Until)\(`)
)

func TestLayout_FilesStayInTheirRoom(t *testing.T) {
	goFiles(t, func(path string, src []byte) {
		test := strings.HasSuffix(path, "_test.go")
		if n := bytes.Count(src, []byte("\n")); n > 500 {
			t.Errorf("%s has %d lines; no file has more than 500", path, n)
		}
		if test {
			return
		}
		if r := room(filepath.Dir(path)); r != "db" && r != "db/sqlite" && sqlVerb.Match(src) {
			t.Errorf("%s speaks SQL; only db and its engines do", path)
		}
		if strings.HasPrefix(path, "bridge/") && path != "bridge/clock.go" && wallNow.Match(src) {
			t.Errorf("%s asks the machine for the time; the domain has a Clock", path)
		}
	})
}

func TestLayout_Declarations(t *testing.T) {
	documented := map[string]bool{}
	goFiles(t, func(path string, src []byte) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, src, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(path)
		documented[dir] = documented[dir] || f.Doc != nil
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", path)
			}
			if fn.Name.IsExported() && fn.Doc == nil {
				t.Errorf("%s: %s has no comment", path, fn.Name.Name)
			}
			if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > 100 {
				t.Errorf("%s: %s has %d lines", path, fn.Name.Name, n)
			}
		}
	})
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment", dir)
		}
	}
}

// TestLayout_ArchitectureListsGoroutines keeps the list of goroutines and locks
// in docs/architecture.md complete: every file that starts one is named there.
func TestLayout_ArchitectureListsGoroutines(t *testing.T) {
	doc, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	starts := regexp.MustCompile(`(?m)^\s*go (func|[a-z])|\.Go\(|time\.AfterFunc\(|context\.AfterFunc\(`)
	goFiles(t, func(path string, src []byte) {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "e2e/") || strings.HasSuffix(filepath.Dir(path), "test") {
			return
		}
		for s := bufio.NewScanner(bytes.NewReader(src)); s.Scan(); {
			if line := s.Text(); starts.MatchString(line) && !strings.HasPrefix(strings.TrimSpace(line), "//") {
				if !bytes.Contains(doc, []byte("`"+path+"`")) {
					t.Errorf("%s starts a goroutine that docs/architecture.md does not name: %s", path, strings.TrimSpace(line))
				}
				return
			}
		}
	})
}
