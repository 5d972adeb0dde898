package bridge

import (
	"strings"
	"testing"
)

// A stanza that came just before an upgrade may come again after it, so the hash of what
// it says stays as it was at first.
func TestSayingOrigin_IsOfTheContentAsEver(t *testing.T) {
	file := File{URL: "https://f.example.org/a.pdf", Name: "terms.pdf", Type: "application/pdf", Size: 5}
	for want, got := range map[string]string{
		"869fd353c53af06200709abb": sayingOrigin("xavi@example.org", "s1", "", EventType(""), "Hello", File{}, ""),
		"9165878445db58064ac44fbb": sayingOrigin("xavi@example.org", "s1", "", EventType(""), "", file, ""),
	} {
		if got != strings.Join([]string{"o:xavi@example.org s1", want, ""}, "\n") {
			t.Errorf("got %q, want %s", got, want)
		}
	}
}
