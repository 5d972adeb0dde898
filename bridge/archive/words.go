package archive

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// unit is the least that can be looked for: a word, or one character of a script without spaces.
type unit struct {
	text       string // folded
	from, upto int    // the bytes of it in the text
	alone      bool   // a character of a script without spaces
	joined     bool   // it is one, and follows another one directly
}

// unitsOf cuts a text into units. A word is letters, digits and what stands on them.
func unitsOf(text string) (list []unit) {
	from := -1 // where the present word begins
	add := func(upto int, alone bool) {
		if word := fold(text[from:upto]); word != "" {
			last := len(list) - 1
			joined := alone && last >= 0 && list[last].alone && list[last].upto == from
			list = append(list, unit{word, from, upto, alone, joined})
		}
		from = -1
	}
	alone := false // the present word is one character and its marks
	for i, r := range text {
		switch {
		case marks(r) && from >= 0: // stands on what is before it
		case spaceless(r):
			if from >= 0 {
				add(i, alone)
			}
			from, alone = i, true
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if from >= 0 && alone {
				add(i, true)
			}
			if from < 0 {
				from, alone = i, false
			}
		case from >= 0:
			add(i, alone)
		}
	}
	if from >= 0 {
		add(len(text), alone)
	}
	return list
}

// marks reports whether a character stands on the one before it. The narrow voice marks of Japanese do, too.
func marks(r rune) bool { return unicode.IsMark(r) || r == 'ﾞ' || r == 'ﾟ' }

// spaceless reports whether a character is of a script in which no spaces stand between words.
func spaceless(r rune) bool {
	return r >= 0x0e00 && (r == 'ー' || r == 'ｰ' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar))
}

// alike are letters that people write in different ways though they are not composed of a letter and a mark.
var alike = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ı", "i", "ς", "σ", "ё", "е")

// fold makes one word of all the ways in which people write it: in small letters, Latin and Greek ones
// without accents, Arabic and Hebrew ones without vowel points, without the forms that Unicode has for
// compatibility only.
func fold(word string) string {
	if ascii(word) {
		return strings.ToLower(word)
	}
	word = strings.ToLower(norm.NFKC.String(word))
	var b strings.Builder
	strips := false // marks on the present letter don't count
	for _, r := range norm.NFKD.String(word) {
		switch {
		case r == 'ـ' || unicode.IsMark(r) && (strips && r < 0x370 || pointed(r)):
		case unicode.IsMark(r):
			b.WriteRune(r)
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			strips = unicode.In(r, unicode.Latin, unicode.Greek)
			b.WriteRune(r)
		}
	}
	return alike.Replace(norm.NFC.String(b.String()))
}

// pointed reports whether a mark is one that Arabic and Hebrew are written with or without.
func pointed(r rune) bool {
	return r >= 0x0591 && r <= 0x05c7 || r >= 0x064b && r <= 0x065f || r == 0x0670
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// longestWord is how many bytes of a word the index keeps.
const longestWord = 60

// wordsOf are the words by which the index knows some units that follow each other. Characters of scripts
// without spaces are known by overlapping pairs, and the last of them by itself, too; so each one is the
// beginning of a word.
func wordsOf(units []unit) (words []string) {
	for i, u := range units {
		switch {
		case !u.alone:
			words = append(words, cut(u.text))
		case i+1 < len(units) && units[i+1].joined:
			words = append(words, u.text+units[i+1].text)
		default:
			words = append(words, u.text)
		}
	}
	return words
}

// cut is what the index keeps of a word.
func cut(word string) string {
	if len(word) <= longestWord {
		return word
	}
	return strings.ToValidUTF8(word[:longestWord], "")
}
