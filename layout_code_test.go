package main

import (
	"bytes"
	"go/ast"
	"path/filepath"
	"regexp"
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
		if r := room(filepath.Dir(s.path)); r != "db" && r != "db/sqlite" && sqlVerb.Match(s.text) {
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
