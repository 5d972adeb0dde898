package main

import (
	"go/ast"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// row is a line of a table in a document: a file, and something about it.
var row = regexp.MustCompile("^\\| `([^`]+)` \\| (\\S.*) \\|$")

// named returns the files in the first column of the table of docs/architecture.md
// that has the given head.
func named(t *testing.T, head string) map[string]bool {
	t.Helper()
	_, rest, ok := strings.Cut(fileText(t, "docs/architecture.md"), "\n"+head+"\n|---|")
	table, _, _ := strings.Cut(rest, "\n\n")
	files := map[string]bool{}
	for _, line := range strings.Split(table, "\n")[1:] {
		m := row.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("docs/architecture.md: %q does not name a file and say something about it", line)
		}
		files[m[1]] = true
	}
	if !ok || len(files) == 0 {
		t.Fatalf("docs/architecture.md has no table %q", head)
	}
	return files
}

// The tables of goroutines, of locks and of what is shared without a lock in
// docs/architecture.md list each file that has one, and no other.
func TestLayout_ArchitectureListsWhatIsShared(t *testing.T) {
	tables := []struct {
		head, what string
		has        func(ast.Node) bool
	}{
		{"| file | goroutine | owner | ends |", "a goroutine", startsGoroutine},
		{"| file | guards |", "a lock", func(n ast.Node) bool { return selects(n, "sync", "Mutex", "RWMutex") }},
		{"| file | holds |", "a sync.Map or an atomic", func(n ast.Node) bool { return selects(n, "sync", "Map") || selects(n, "atomic") }},
	}
	for _, table := range tables {
		gone := named(t, table.head)
		sources(t, func(s source) {
			if !s.ships() {
				return
			}
			found := false
			ast.Inspect(s.file, func(n ast.Node) bool {
				if _, pointer := n.(*ast.StarExpr); pointer {
					return false // the file that holds the value is listed, not the one with a pointer
				}
				found = found || table.has(n)
				return !found
			})
			if found && !gone[s.path] {
				t.Errorf("%s has %s that docs/architecture.md does not name", s.path, table.what)
			}
			if found {
				delete(gone, s.path)
			}
		})
		for file := range gone {
			t.Errorf("docs/architecture.md names %s, which no longer has %s", file, table.what)
		}
	}
}

// What the Makefile tests without the race detector has one goroutine, in its code and in its tests, and nothing that others could share; or
// nothing of it is in the program: its tests are about a browser's pages, or about a program that they start.
func TestLayout_NothingIsSharedWithoutTheRaceDetector(t *testing.T) {
	_, rest, _ := strings.Cut(fileText(t, "Makefile"), "\nALONE = ")
	list, _, _ := strings.Cut(rest, "\n")
	alone := map[string]int{}  // files by package
	ships := map[string]bool{} // packages with code that is in the program
	for _, p := range strings.Fields(list) {
		alone[strings.TrimPrefix(p, "./")] = 0
	}
	sources(t, func(s source) {
		dir := filepath.Dir(s.path)
		ships[dir] = ships[dir] || s.ships() && len(s.file.Decls) > 0
	})
	sources(t, func(s source) {
		dir := filepath.Dir(s.path)
		if _, ok := alone[dir]; !ok {
			return
		}
		alone[dir]++
		if !ships[dir] {
			return
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if startsGoroutine(n) || selects(n, "sync") || selects(n, "atomic") || selects(n, "t", "Parallel") {
				t.Errorf("%s: the Makefile has the package among those that run in one goroutine", s.at(n))
			}
			return true
		})
	})
	for dir, files := range alone {
		if files == 0 {
			t.Errorf("the Makefile has %q, which is no package", dir)
		}
	}
	if len(alone) == 0 {
		t.Error("the Makefile has no list ALONE")
	}
}

// selects reports whether a node is one of the names of a package, or any name of it if none is
// given.
func selects(n ast.Node, pkg string, names ...string) bool {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == pkg && (len(names) == 0 || slices.Contains(names, sel.Sel.Name))
}

// startsGoroutine reports whether a node is a go statement, or a call of a
// function that starts a goroutine: Go of a group, AfterFunc.
func startsGoroutine(n ast.Node) bool {
	if _, ok := n.(*ast.GoStmt); ok {
		return true
	}
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && (sel.Sel.Name == "Go" || sel.Sel.Name == "AfterFunc")
}
