package voice

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"porchlight/bridge"
)

// theirs is what a visitor wrote, as operators read it in the chat. Words are shown as they
// are, unless a line could be taken for the desk's or a colleague's (see imitates), or a
// client would make something else of it (see triggers). Then they are shown as in
// a transcript: under the visitor's name, with further lines set apart.
func (v Voice) theirs(text, name string) string {
	speakers := sync.OnceValue(v.speakers)
	for line := range strings.SplitSeq(newlines(text), "\n") {
		if triggers(line) || imitates(line, speakers) {
			return v.Visitor(name) + ": " + indent(text)
		}
	}
	return text
}

// triggers reports whether clients make something else of a message that begins with the
// line: an action of its sender (XEP-0245), or a file to decrypt.
func triggers(line string) bool {
	line = strings.TrimLeftFunc(line, bridge.Unseen)
	scheme, _, _ := strings.Cut(line, ":") // in any case (RFC 3986 §3.1)
	return strings.HasPrefix(line, "/me") || strings.EqualFold(scheme, "aesgcm") || strings.HasPrefix(line, "-----BEGIN PGP")
}

// imitates reports whether a line looks like one of the desk's or a colleague's. These begin
// with "[" and a name, or with "_" (see Says and the answers of the desk). What counts is what
// people see, whichever characters it is made of.
func imitates(line string, speakers func() []string) bool {
	seen := head(line)
	if seen == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(seen)
	return marks(first) || namesSpeaker(seen, speakers)
}

// headRunes is how much of a line is looked at: a mark, a long name, and some more.
const headRunes = 120

// head is the beginning of a line as people see it, with compatible forms made alike (NFKC).
// Its first character is one that can be seen.
func head(line string) string {
	line = strings.TrimLeftFunc(line, slight)
	if begin := line[:min(len(line), headRunes)]; plain(begin) { // most lines, and it takes half the time
		return strings.Map(alike, begin)
	}
	return strings.Map(alike, strings.TrimLeftFunc(norm.NFKC.String(visible(line)), slight))
}

// plain reports whether s has only characters of ASCII that can be seen, and spaces.
func plain(s string) bool {
	for _, b := range []byte(s) {
		if b < ' ' || b > '~' {
			return false
		}
	}
	return true
}

// visible is the first headRunes characters of a line that can be seen.
func visible(line string) string {
	b := make([]rune, 0, headRunes)
	for _, r := range line {
		if r == ' ' || !bridge.Unseen(r) {
			b = append(b, r)
		}
		if len(b) == headRunes {
			break
		}
	}
	return string(b)
}

// slight reports whether a line that begins with r seems to begin after r: r can't be seen,
// is an accent on nothing, or a sign of styling (XEP-0393 §5), which clients show faintly or
// not at all.
func slight(r rune) bool {
	return bridge.Unseen(r) || unicode.Is(unicode.M, r) && !marks(r) || strings.ContainsRune("*~`", r)
}

// marks reports whether r can be taken for the "[" or the "_" that a line of ours begins
// with: any opening punctuation except ( and { and quotation marks, any connector, and the
// characters that are drawn like these.
func marks(r rune) bool {
	switch {
	case strings.ContainsRune("({\u201A\u201E\u2E42", r):
		return false
	case unicode.In(r, unicode.Ps, unicode.Pc):
		return true
	}
	return slices.Contains(drawnAlike, r)
}

// namesSpeaker reports whether a line begins with the name of somebody who speaks here, and
// the name is set off from what follows it or has a decoration before it: "Olga> …",
// "│Olga│ …".
func namesSpeaker(seen string, speakers func() []string) bool {
	words := strings.TrimLeftFunc(seen, func(r rune) bool { return !letter(r) })
	decorated := len(words) < len(seen)
	if !decorated && !setOff(strings.TrimLeftFunc(words, func(r rune) bool { return letter(r) || strings.ContainsRune(" .'’-", r) })) {
		return false // no name is set off, whichever it is
	}
	return slices.ContainsFunc(speakers(), func(name string) bool {
		rest, found := cutFold(words, name)
		return found && (decorated || setOff(rest))
	})
}

// setOff reports whether rest, which follows a name, sets it off as a speaker's name and does
// not go on as a sentence would.
func setOff(rest string) bool {
	rest = strings.TrimLeft(rest, " ")
	next, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && !letter(next) && !strings.ContainsRune(",.!?;'’-", next)
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// speakers are the names under which lines of ours are written, each as head returns it.
func (v Voice) speakers() []string {
	list := []string{"desk"}
	for _, o := range v.bridge.Team.Operators() {
		if name := strings.TrimSpace(head(o.Name)); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// cutFold cuts a name off the beginning of a text, in whatever case it is written, unless
// the word goes on after the name.
func cutFold(text, name string) (rest string, found bool) {
	t, n := []rune(text), []rune(name)
	if len(t) < len(n) || !strings.EqualFold(string(t[:len(n)]), name) {
		return "", false
	}
	return string(t[len(n):]), len(t) == len(n) || !letter(t[len(n)])
}

// Visitor is how a visitor is called in contact lists and where operators are called by their
// names. A visitor who is called like an operator, or "Note by Xavi", is marked as a visitor;
// characters at the beginning that are a mark or can't be seen are left out.
func (v Voice) Visitor(name string) string {
	name = strings.TrimLeftFunc(name, func(r rune) bool {
		return bridge.Unseen(r) || marks(r) || slices.ContainsFunc([]rune(norm.NFKC.String(string(r))), marks)
	})
	if name == "" {
		return v.Say("%s (visitor)", "?")
	}
	words := spaced(head(name))
	for _, o := range v.speakers() {
		if own := spaced(o); own != "  " && strings.Contains(words, own) {
			return v.Say("%s (visitor)", name)
		}
	}
	return name
}

// spaced is a text's words in lower case, with a space before and after each.
func spaced(text string) string {
	return " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !letter(r) }), " ") + " "
}

// indent sets the further lines of what somebody wrote apart, so that they can't
// be taken for lines of ours.
func indent(text string) string { return strings.ReplaceAll(newlines(text), "\n", "\n    ") }

// newlines ends each line of a text in the same way: clients may break a line at Unicode's
// separators of lines and paragraphs, too.
func newlines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\u2028", "\n"), "\u2029", "\n")
}
