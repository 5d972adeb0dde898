package bridge

import (
	"strings"
	"testing"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Anna": "anna", "Jörg Müller": "joerg-mueller", "": "visitor", "李": "visitor", "xmpp": "visitor", "desk": "visitor",
		"a very long name that goes on and on": "a-very-long-name-tha", "--x--": "x", "<b>": "b", "O'Brien": "o-brien",
	} {
		if got := slug(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestCleanLine_LeavesNothingThatDisturbs(t *testing.T) {
	for in, want := range map[string]string{
		"a\u202eb\u200bc": "abc", " a \n b ": "a b", "a\x00\x1b[31mb": "a[31mb", "\xff": "\uFFFD", "x\uFFFEy": "xy",
	} {
		if got := cleanLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCleanText_LineEnds(t *testing.T) {
	for in, want := range map[string]string{
		"one\r\ntwo\rthree": "one\ntwo\nthree", "\v\f\u0085x\v": "x", "one\n\n\ttwo": "one\n\n\ttwo",
	} {
		if got := CleanText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// Whatever is cleaned has no control characters, and a slug only letters, digits and dashes.
func FuzzClean(f *testing.F) {
	f.Add("a\x00b\u202e\xff\ufffe")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range CleanText(s) + cleanLine(s) {
			if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF || r == 0x7f {
				t.Fatalf("%q kept %U", s, r)
			}
		}
		for _, r := range slug(s) {
			if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
				t.Fatalf("slug of %q has %q", s, r)
			}
		}
	})
}

// Who writes too much is told in characters how much fits, since nobody counts bytes.
func TestTooLong_CountsCharacters(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("x", 30):       "The name is too long. Only the first 20 characters fit.",
		strings.Repeat("ä", 30):       "The name is too long. Only the first 10 characters fit.",
		"x" + strings.Repeat("漢", 30): "The name is too long. Only the first 7 characters fit.",
	} {
		if got := tooLong("name", text, 20).Error(); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
