package main

import (
	"bytes"
	"go/ast"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	sqlVerb = regexp.MustCompile("[\"`](SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA) [A-Za-z]")
	wallNow = regexp.MustCompile(`time\.(Now|Since|Until)\(`)
)

func TestLayout_FilesStayInTheirRoom(t *testing.T) {
	sources(t, func(s source) {
		if n := bytes.Count(s.text, []byte("\n")); n > 500 {
			t.Errorf("%s has %d lines; no file has more than 500", s.path, n)
		}
		if s.test() {
			return
		}
		// The fault harness looks into the database from outside, as the tests in e2e do; a benchmark fills it faster than a program could.
		outside := strings.HasPrefix(s.path, "e2e/faults/") || s.path == "e2e/bench/grown.go"
		if !strings.HasPrefix(s.path, "db/") && !outside && sqlVerb.Match(s.text) {
			t.Errorf("%s speaks SQL; only db and its engines do", s.path)
		}
		if strings.HasPrefix(s.path, "bridge/") && s.path != "bridge/clock.go" && wallNow.Match(s.text) {
			t.Errorf("%s asks the machine for the time; the domain has a Clock", s.path)
		}
	})
}

func TestLayout_Declarations(t *testing.T) {
	documented := map[string]bool{}
	sources(t, func(s source) {
		if s.test() {
			return
		}
		dir := filepath.Dir(s.path)
		documented[dir] = documented[dir] || s.file.Doc != nil
		for _, d := range s.file.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", s.at(fn))
			}
			if fn.Name.IsExported() && fn.Doc == nil {
				t.Errorf("%s: %s has no comment", s.at(fn), fn.Name.Name)
			}
			if n := s.height(fn); n > 100 {
				t.Errorf("%s: %s has %d lines", s.at(fn), fn.Name.Name, n)
			}
		}
	})
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment", dir)
		}
	}
}

func TestLayout_NoTypeHasMoreThanAHundredMethods(t *testing.T) {
	methods := map[string]int{}
	sources(t, func(s source) {
		for _, d := range s.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && !s.test() {
				methods[filepath.Dir(s.path)+"."+lastName(fn.Recv.List[0].Type)]++
			}
		}
	})
	for typ, n := range methods {
		if n > 100 {
			t.Errorf("%s has %d methods; no type has more than 100", typ, n)
		}
	}
}

// TestLayout_PanicsSayWhy: a panic has a comment, on its line or the one before, which
// says why it can't happen or who catches it.
func TestLayout_PanicsSayWhy(t *testing.T) {
	sources(t, func(s source) {
		commented := map[int]bool{} // by line
		for _, c := range s.file.Comments {
			commented[s.lines.Position(c.End()).Line] = true
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && s.ships() {
				line := s.lines.Position(call.Pos()).Line
				if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "panic" && !commented[line] && !commented[line-1] {
					t.Errorf("%s: nothing says why it may panic", s.at(call))
				}
			}
			return true
		})
	})
}

// TestLayout_NobodyAsksTheStoreForMore: whoever writes takes a Tx. Nobody asks a Reader, or
// anything else, by its type whether it is some other part of the store too.
func TestLayout_NobodyAsksTheStoreForMore(t *testing.T) {
	parts := map[string]bool{}
	asked := map[string]string{} // where, by the name of the type
	plain := strings.NewReplacer("*", "", "bridge.", "", "db.", "")
	sources(t, func(s source) {
		ask := func(n ast.Node, all ...ast.Expr) {
			for _, typ := range all {
				if typ != nil && !s.test() {
					asked[plain.Replace(types.ExprString(typ))] = s.at(n)
				}
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if s.path == "bridge/store.go" {
					parts[n.Name.Name] = true
				}
			case *ast.TypeAssertExpr:
				ask(n, n.Type)
			case *ast.CaseClause: // of a type switch
				ask(n, n.List...)
			}
			return true
		})
	})
	if !parts["Tx"] {
		t.Fatal("bridge/store.go does not declare the store")
	}
	for part := range parts {
		if at := asked[part]; at != "" {
			t.Errorf("%s: asks whether something is a %s", at, part)
		}
	}
}

// TestLayout_ConditionsAreAboutTheirInit: what an if does before its condition, the
// condition is about. It names something of what was assigned, or, where nothing is
// assigned, something of what was used.
func TestLayout_ConditionsAreAboutTheirInit(t *testing.T) {
	sources(t, func(s source) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if n, ok := n.(*ast.IfStmt); ok && n.Init != nil {
				about := identifiers(n.Cond)
				if !slices.ContainsFunc(concern(n.Init), func(name string) bool { return slices.Contains(about, name) }) {
					t.Errorf("%s: the condition is about something else than the statement before it", s.at(n))
				}
			}
			return true
		})
	})
}

// concern returns the names that an if's condition may be about after a statement.
func concern(init ast.Stmt) (names []string) {
	switch init := init.(type) {
	case *ast.AssignStmt:
		for _, x := range init.Lhs {
			names = append(names, lastName(x))
		}
		return names
	case *ast.IncDecStmt:
		return []string{lastName(init.X)}
	}
	return identifiers(init)
}

// identifiers returns the names that a node has in it.
func identifiers(n ast.Node) (names []string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// lastName returns the name that a variable, a field, an element or a type goes by.
func lastName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.IndexExpr:
		return lastName(x.X)
	case *ast.IndexListExpr:
		return lastName(x.X)
	case *ast.StarExpr:
		return lastName(x.X)
	}
	return ""
}
