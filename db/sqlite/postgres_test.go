package sqlite

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"porchlight/db/postgres/postgrestest"
)

// PostgreSQL takes every statement of package db.
func TestStatements_PostgreSQLTakesThem(t *testing.T) {
	c, err := pgx.Connect(t.Context(), postgrestest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	for i, query := range slices.Sorted(maps.Keys(plans(t))) {
		if _, err := c.Prepare(t.Context(), fmt.Sprint("s", i), rebind(query)); err != nil {
			t.Errorf("PostgreSQL refuses a statement: %v\n\t%s", err, query)
		}
	}
	if _, err := c.Prepare(t.Context(), "bad", "SELECT ifnull(name, '') FROM answers"); err == nil {
		t.Error("a wrong statement is not refused")
	}
}

// No statement means another thing in PostgreSQL though it is taken there: a ? within quotes would become $1, and a sum of BIGINT
// is NUMERIC, no integer, unless it is cast or only sorted by.
func TestStatements_MeanTheSame(t *testing.T) {
	for query := range plans(t) {
		if quotedMark.MatchString(query) {
			t.Errorf("a ? stands within quotes: %s", query)
		}
		if sums := sortedSum.ReplaceAllString(castSum.ReplaceAllString(query, ""), ""); strings.Contains(strings.ToUpper(sums), "SUM(") {
			t.Errorf("a sum is not cast: %s", query)
		}
	}
}

var (
	quotedMark = regexp.MustCompile(`^[^']*('[^']*'[^']*)*'[^'?]*\?`)
	castSum    = regexp.MustCompile(`CAST\((coalesce\()?SUM\(`)
	sortedSum  = regexp.MustCompile(`ORDER BY SUM\(`)
)

// Every text in package db that a statement is made of is in a statement that the tests above and
// those in plan_test.go look at.
func TestStatements_AreAllLookedAt(t *testing.T) {
	all := strings.Join(slices.Collect(maps.Keys(plans(t))), "\n")
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements found: %v", err)
	}
	n := 0
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(node ast.Node) bool {
			lit, ok := node.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || strings.HasSuffix(path, "_test.go") {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err == nil && partOfSQL.MatchString(text) {
				n++
				if !strings.Contains(all, strings.TrimSpace(text)) {
					t.Errorf("%s: useEverything and useReports run nothing with %s", path, text)
				}
			}
			return true
		})
	}
	if n < 100 {
		t.Errorf("only %d parts of statements were found", n)
	}
}

// partOfSQL matches a statement or a part of one.
var partOfSQL = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WHERE|AND|FROM|VALUES|ORDER BY|GROUP BY) `)

// rebind writes the arguments of a statement as PostgreSQL does: $1, $2 …
func rebind(query string) string {
	n := 0
	return regexp.MustCompile(`\?`).ReplaceAllStringFunc(query, func(string) string {
		n++
		return fmt.Sprint("$", n)
	})
}
