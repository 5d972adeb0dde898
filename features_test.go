package main

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// features are the rows of docs/features.md, in their order.
func features() (list []string) {
	for i := range 8 {
		list = append(list, fmt.Sprint("T", i+1))
	}
	parts := map[int]string{15: "abc", 17: "ab", 31: "ab"}
	for i := range 40 {
		name := fmt.Sprint("J", i+1)
		if parts[i+1] == "" {
			list = append(list, name)
		}
		for _, part := range parts[i+1] {
			list = append(list, name+string(part))
		}
	}
	return list
}

// Each feature has its row in docs/features.md, which names the tests that prove it. These exist, and one of
// them is an end-to-end test, which runs on both servers.
func TestFeatures_EachIsProved(t *testing.T) {
	tests := make(map[string]bool) // true: of the folder e2e
	sources(t, func(s source) {
		for _, d := range s.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && s.test() && fn.Recv == nil {
				tests[fn.Name.Name] = tests[fn.Name.Name] || path.Dir(s.path) == "e2e"
			}
		}
	})
	var rows []string
	row := regexp.MustCompile(`^\| ([TJ]\d+[abc]?) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$`)
	named := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`")
	for line := range strings.Lines(fileText(t, "docs/features.md")) {
		m := row.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			if strings.HasPrefix(line, "| T") || strings.HasPrefix(line, "| J") {
				t.Errorf("a row is not read: %s", line)
			}
			continue
		}
		rows = append(rows, m[1])
		proofs := named.FindAllStringSubmatch(m[4], -1)
		for _, p := range named.FindAllStringSubmatch(line, -1) {
			if _, exists := tests[p[1]]; !exists {
				t.Errorf("%s names %s, which is no test", m[1], p[1])
			}
		}
		played := slices.ContainsFunc(proofs, func(p []string) bool { return tests[p[1]] })
		if !played {
			t.Errorf("%s names no end-to-end test", m[1])
		}
		if len(proofs) == 0 || strings.Contains(m[4], "comes with") {
			t.Errorf("%s is proved by %q", m[1], m[4])
		}
	}
	if want := features(); !slices.Equal(rows, want) || len(want) != 52 {
		t.Errorf("the rows are %v,\nwant %v", rows, want)
	}
}
