package plain

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

// Clean text may stand in a stream of XMPP, in UTF-8, and shows what it is.
func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"lines of any system", "a\r\nb\rc\nd\u2028e\u2029f", "a\nb\nc\nd\ne\nf"},
		{"blanks at the ends of lines", "a  \nb\t\n", "a\nb"},
		{"blanks at the front of lines stay", "a\n  b\n\tc", "a\n  b\n    c"},
		{"empty lines", "\n\n a\n\n\n\n\nb\n\n", " a\n\n\nb"},
		{"NUL and other controls", "a\x00b\x07c\x7fd\u0085e", "abcde"},
		{"what XML forbids", "a\uFFFEb\uFFFFc\U0001FFFEd\uFDD0e", "abcde"},
		{"invalid UTF-8", "a\xff\xfeb\xed\xa0\x80c", "a\uFFFDb\uFFFDc"},
		{"marks of direction", "a\u202Eb\u2066c\u2069d", "abcd"},
		{"commands for terminals", "a\x1b[31;1mred\x1b[0m\x1bMb\x1b[", "aredMb"},
		{"what nobody sees", "a\u200Bb\uFEFFc\u00ADd", "abcd"},
		{"joiners stay", "\U0001F469\u200D\U0001F4BB \u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\U0001F469\u200D\U0001F4BB \u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"},
		{"a blank that does not break", "a\u00A0b\u00A0", "a b"},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("%s: %q, should be %q", c.name, got, c.want)
		}
		checkClean(t, Clean(c.in))
	}
}

func TestLine(t *testing.T) {
	if got := Line(" a\r\nBcc: b\t\x00c\u202E \u2028 d\x1b[1m "); got != "a Bcc: b c d" {
		t.Errorf("%q", got)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\r\n\x1b[31m\u202E\x00\xff \n\n\n\n b")
	f.Add("\t\u00A0\u2028\r\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		clean := Clean(s)
		checkClean(t, clean)
		if again := Clean(clean); again != clean {
			t.Errorf("%q becomes %q", clean, again)
		}
		if line := Line(s); strings.ContainsAny(line, "\n\r\t") || line != strings.TrimSpace(line) {
			t.Errorf("a line is %q", line)
		}
		var b strings.Builder
		b.WriteString("<b>")
		if err := xml.EscapeText(&b, []byte(clean)); err != nil {
			t.Fatal(err)
		}
		b.WriteString("</b>")
		for d := xml.NewDecoder(strings.NewReader(b.String())); ; {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if text, ok := tok.(xml.CharData); ok && string(text) != clean {
				t.Errorf("%q went as %q", clean, text)
			}
		}
	})
}
