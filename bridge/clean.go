package bridge

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"porchlight/bridge/phrase"
)

// CleanText makes a message of foreign text: valid UTF-8 with LF line ends, without control
// characters (XML 1.0 §2.2 forbids nearly all of them), without characters that turn its
// direction, and without blank lines around it. It returns "" if the text shows nothing.
func CleanText(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	s = strings.TrimFunc(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case unicode.IsControl(r), turns(r), r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s), func(r rune) bool { return unicode.IsSpace(r) })
	if Blank(s) {
		return ""
	}
	return s
}

// cleanLine makes a single line of foreign text that can't disturb the text around it: as
// CleanText does, and without line breaks, format characters (Cf: zero width and bidirectional
// controls) and runs of spaces.
func cleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(CleanText(s)), " ")
}

// Cut shortens s to at most n bytes, and never within a character.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// Clip shortens s to at most so many characters, the last of which is … then.
func Clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// tooLong is the CodeTooLarge error for the text of a field, of which limit bytes are allowed. It counts in characters, as who wrote it
// does.
func tooLong(field, text string, limit int) error {
	most := phrase.Say("Only the first %d characters fit.", utf8.RuneCountInString(Cut(text, limit)))
	return &phrase.Error{Code: phrase.CodeTooLarge, Phrase: phrase.Say("The %s is too long. %s", field, most), Fields: map[string]phrase.Phrase{field: most}}
}

// slug makes the first part of a visitor's JID from their name: lower-case ASCII letters,
// digits and dashes, about 20 of them; "visitor" if nothing is left.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(fold(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 20 {
			break
		}
	}
	switch s := strings.Trim(b.String(), "-"); s {
	case "", "xmpp", "jabber", "me", "desk": // clients replace the first three by the domain
		return "visitor"
	default:
		return s
	}
}

// fold replaces Latin letters with marks by the letters that stand for them without marks.
func fold(s string) string { return latin.Replace(s) }

// latin covers the languages that the program speaks and their neighbours.
var latin = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss", "æ", "ae", "Æ", "Ae", "œ", "oe", "Œ", "Oe", "ø", "o", "Ø", "O",
	"á", "a", "à", "a", "â", "a", "ã", "a", "å", "a", "Á", "A", "À", "A", "Â", "A", "Ã", "A", "Å", "A", "ą", "a", "ă", "a",
	"é", "e", "è", "e", "ê", "e", "ë", "e", "É", "E", "È", "E", "Ê", "E", "Ë", "E", "ę", "e", "ě", "e",
	"í", "i", "ì", "i", "î", "i", "ï", "i", "Í", "I", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "Ó", "O", "Ô", "O", "ő", "o",
	"ú", "u", "ù", "u", "û", "u", "Ú", "U", "ű", "u", "ů", "u", "ñ", "n", "Ñ", "N", "ń", "n", "ň", "n", "ç", "c", "Ç", "C", "ć", "c", "č", "c", "Č", "C",
	"š", "s", "Š", "S", "ś", "s", "ş", "s", "ž", "z", "Ž", "Z", "ż", "z", "ź", "z", "ł", "l", "Ł", "L", "ř", "r", "đ", "d", "ğ", "g", "ý", "y", "ţ", "t", "ț", "t", "ș", "s",
)
