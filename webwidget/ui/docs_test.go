package ui_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// section returns what stands in docs/widget.md below a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/widget.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(text), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("docs/widget.md has no section %q", heading)
	}
	body, _, _ := strings.Cut(after, "\n## ")
	return body
}

// The documents list what the types declare: each call and each event, in the same order.
func TestDocs_ListCallsAndEvents(t *testing.T) {
	t.Parallel()
	for heading, kind := range map[string]string{"What a page can say to it": "Calls", "What a page hears from it": "Events"} {
		var listed []string
		for _, row := range regexp.MustCompile("(?m)^\\| `([\\w-]+)").FindAllStringSubmatch(section(t, heading), -1) {
			listed = append(listed, row[1])
		}
		if want := declared(t, kind); !slices.Equal(listed, want) || len(want) < 12 {
			t.Errorf("%s: docs %q, types %q", kind, listed, want)
		}
	}
	if !strings.Contains(section(t, "What a page can say to it"), "\n  "+snippet+"\n") {
		t.Error("the docs have another snippet than the tests")
	}
	said := strings.Join(declared(t, "State"), ", ")
	if told := section(t, "What a page can say to it"); !strings.Contains(told, "`{ "+said+": { number, state, operators } }`") {
		t.Errorf("the docs do not say %s of getStatus", said)
	}
}
