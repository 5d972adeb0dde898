package ui_test

import (
	"os"
	"regexp"
	"testing"
)

// declared lists the names in an interface of what the page can say and hears.
func declared(t *testing.T, kind string) (names []string) {
	t.Helper()
	text, err := os.ReadFile("../npm/index.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	body := regexp.MustCompile(`(?s)interface ` + kind + ` \{\n(.*?)\n\}`).FindSubmatch(text)
	if body == nil {
		t.Fatalf("no interface %s", kind)
	}
	for _, name := range regexp.MustCompile(`(?m)^  "?([\w-]+)"?\??[:(<]`).FindAllSubmatch(body[1], -1) {
		names = append(names, string(name[1]))
	}
	return names
}
