package page

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is a piece of a line's text. With a Link it leads there.
type part struct{ Text, Link string }

// address matches what may be a web address: as GitHub's autolinks (GitHub Flavored Markdown §6.9). What stands between words in
// Chinese and Japanese, which have no spaces, is part of none. It and linked do as webwidget/ui/address.ts does; both are
// tested with the texts of webwidget/ui/unit/address.json.
var address = regexp.MustCompile(`(?i)(?:https?://|www\.)[\p{L}\p{N}][^\s\p{Z}\v\x{feff}<>"“”—…\x{3001}-\x{3004}\x{3008}-\x{3020}\x{3030}\x{ff01}-\x{ff0f}\x{ff1a}-\x{ff20}\x{ff3b}-\x{ff3d}\x{ff5b}-\x{ff65}]*`)

// entity matches what looks like an HTML entity at the end of an address.
var entity = regexp.MustCompile(`(?i)(?:&[a-z\d]+)?;$`)

// linked makes links of the web addresses in a text.
func linked(text string) (parts []part) {
	end := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		if at[0] > 0 && isLetter(text[at[0]-1]) {
			continue // the end of another word
		}
		if at[0] > end {
			parts = append(parts, part{Text: text[end:at[0]]})
		}
		whole := trimmed(text[at[0]:at[1]])
		end = at[0] + len(whole)
		link := whole
		if whole[0] == 'w' || whole[0] == 'W' {
			link = "http://" + whole
		}
		parts = append(parts, part{whole, link})
	}
	if end < len(text) {
		parts = append(parts, part{Text: text[end:]})
	}
	return parts
}

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// trimmed is an address without the punctuation of the sentence around it. A bracket belongs to the address if it was
// opened there.
func trimmed(s string) string {
	round := strings.Count(s, ")") - strings.Count(s, "(")
	square := strings.Count(s, "]") - strings.Count(s, "[")
	for s != "" {
		last, size := utf8.DecodeLastRuneInString(s)
		switch {
		case last == ')' && round > 0:
			round--
		case last == ']' && square > 0:
			square--
		case last == ';':
			const longest = 40 // bytes of an entity
			size = len(entity.FindString(s[max(0, len(s)-longest):]))
		case !strings.ContainsRune("?!.,:*_~'", last) && (last < utf8.RuneSelf || !unicode.IsPunct(last)):
			return s
		}
		s = s[:len(s)-size]
	}
	return s
}
