package console

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// show writes text after label. It indents the lines after the first, so that no text can
// look like somebody else's.
func (c *console) show(label, text string) {
	indent := "\n" + strings.Repeat(" ", utf8.RuneCountInString(label))
	_, err := io.WriteString(c.out, label+strings.Join(lines(text), indent)+"\n")
	c.broke(err)
}

// notice writes a line from the console itself.
func (c *console) notice(text string) { c.show("-- ", text) }

// lines splits text and cleans each line.
func lines(text string) []string {
	text = strings.NewReplacer("\r\n", "\n", "\u2028", "\n", "\u2029", "\n").Replace(text)
	split := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range split {
		split[i] = clean(l)
	}
	return split
}

// clean replaces whatever could control the terminal or reverse its text: control
// characters, and with them escape sequences; broken UTF-8; and invisible characters such
// as U+202E. It keeps the joiners, which emoji and some scripts need.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == '\u200c' || r == '\u200d':
			return r
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Zl, unicode.Zp):
			return utf8.RuneError
		}
		return r // broken UTF-8 comes as RuneError
	}, s)
}
