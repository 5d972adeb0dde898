package voice

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// The beginning of a line of plain letters is found on a shorter way, and is the same.
func TestHead_OfPlainLines(t *testing.T) {
	long := strings.Repeat("[Xavi] |1l O0 ", 12)
	for _, line := range []string{"", " ", "Hello", "  *~`[Xavi] hello", "\t_hello_", "a\tb", "a\u00A0b", "~", "hel\u00ADlo",
		long, long[:headRunes-1], long[:headRunes], long[:headRunes] + "\u0301", long[:headRunes-1] + "e\u0301", long[:headRunes-1] + "\u0301", "*" + long[:headRunes] + "\u0301"} {
		if got, want := head(line), strings.Map(alike, strings.TrimLeftFunc(norm.NFKC.String(visible(strings.TrimLeftFunc(line, slight))), slight)); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func BenchmarkHead(b *testing.B) {
	line := "Hello there, how can I help? Hello there, how can I help? Hello there, how can I help?"
	for b.Loop() {
		head(line)
	}
}
