package desk

import (
	"strings"
	"unicode"
)

// theirs is what a visitor wrote, as operators read it in the chat: as it is,
// unless a line of it could be taken for the desk's or a colleague's. Those begin
// with [ or _ (see Says, and what the desk answers), so it is written as in a
// transcript then: under the visitor's name, with further lines set apart.
func (v Voice) theirs(text, name string) string {
	for line := range strings.SplitSeq(newlines(text), "\n") {
		if line = Visible(line); strings.HasPrefix(line, "[") || strings.HasPrefix(line, "_") {
			return v.visitor(name) + ": " + indent(text)
		}
	}
	return text
}

// visitor is how a visitor is called where operators are called by their names:
// who is called as one of them, or "Note by Xavi", is said to be a visitor.
func (v Voice) visitor(name string) string {
	words := spaced(name)
	for _, o := range v.bridge.Operators() {
		if own := spaced(o.Name); own != "  " && strings.Contains(words, own) {
			return v.Say("%s (visitor)", name)
		}
	}
	return name
}

// spaced is a text's words in small letters with a space on both sides of each.
func spaced(text string) string {
	return " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ") + " "
}

// indent sets the further lines of what somebody wrote apart, so that they can't
// be taken for lines of ours.
func indent(text string) string { return strings.ReplaceAll(newlines(text), "\n", "\n    ") }

// newlines ends each line of a text in the same way: clients may break it at the
// separators of lines and of paragraphs, too.
func newlines(text string) string {
	return strings.NewReplacer("\u2028", "\n", "\u2029", "\n").Replace(text)
}
