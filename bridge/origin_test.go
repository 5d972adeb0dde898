package bridge

import (
	"strings"
	"testing"
)

// The hash of what an operator says never changes, since a stanza that came just before an
// upgrade may come again after it.
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
