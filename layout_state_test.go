package main

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestLayout_PackageVariablesNeverChange: what a package holds is made once, with its
// declaration. What changes belongs to a value that somebody owns.
func TestLayout_PackageVariablesNeverChange(t *testing.T) {
	variables := map[string]bool{} // by folder and name
	sources(t, func(s source) {
		for _, d := range s.file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR || s.test() {
				continue
			}
			for _, spec := range decl.Specs {
				v := spec.(*ast.ValueSpec)
				for _, name := range v.Names {
					variables[filepath.Join(filepath.Dir(s.path), name.Name)] = name.Name != "_"
				}
				embedded := strings.Contains(comment(decl.Doc)+comment(v.Doc), "//go:embed ")
				unset := v.Values == nil && v.Names[0].Name != "_" && !embedded
				if unset || holdsState(v) {
					t.Errorf("%s: %s is a package's variable that is made to change", s.at(v), v.Names[0].Name)
				}
			}
		}
	})
	sources(t, func(s source) {
		for _, d := range s.file.Decls {
			local := declared(d)
			ast.Inspect(d, func(n ast.Node) bool {
				for _, x := range written(n) {
					if name := rootName(x); !local[name] && variables[filepath.Join(filepath.Dir(s.path), name)] {
						t.Errorf("%s: %s is a package's variable; it must not change", s.at(n), name)
					}
				}
				return true
			})
		}
	})
}

// comment returns a comment with its marks, or nothing.
func comment(g *ast.CommentGroup) (text string) {
	if g != nil {
		for _, c := range g.List {
			text += c.Text + "\n"
		}
	}
	return text
}

// holdsState reports whether a variable is a lock, an atomic, a channel or an empty map.
func holdsState(v *ast.ValueSpec) (found bool) {
	ast.Inspect(v, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit:
			return false // it runs when it is called
		case *ast.Ident:
			found = found || x.Name == "make"
		}
		found = found || selects(n, "sync", "Cond", "Map", "Mutex", "Once", "Pool", "RWMutex", "WaitGroup") || selects(n, "atomic")
		return !found
	})
	return found
}

// declared returns the names that a function declares.
func declared(d ast.Decl) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, x := range n.Lhs {
					names[rootName(x)] = true
				}
			}
		case *ast.RangeStmt:
			names[rootName(n.Key)], names[rootName(n.Value)] = true, true
		case *ast.Field:
			for _, name := range n.Names {
				names[name.Name] = true
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				names[name.Name] = true
			}
		}
		return true
	})
	return names
}

// written returns what is given another value other than by a declaration, or whose
// address somebody gets who may do so.
func written(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (f.Name == "delete" || f.Name == "clear" || f.Name == "copy") {
			return n.Args[:1]
		}
	}
	return nil
}

// rootName returns the name of the variable in which a field or an element lies.
func rootName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return rootName(x.X)
	case *ast.IndexExpr:
		return rootName(x.X)
	case *ast.StarExpr:
		return rootName(x.X)
	}
	return ""
}
