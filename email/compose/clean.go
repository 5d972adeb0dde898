package compose

import (
	"strings"
	"unicode"
)

// clean takes out of a text what does not belong into a mail: what is no UTF-8, control characters, and characters that
// turn the direction of what follows (UAX #9 §2), by which a text can look like another. Lines end in \n.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, text)
}

// oneLine makes one line of a text, of at most so many characters.
func oneLine(text string, most int) string {
	text = strings.Join(strings.Fields(clean(text)), " ")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most-1]) + "…"
	}
	return text
}

// paragraph cleans a text of several lines, without blank lines around it.
func paragraph(text string) string {
	text = strings.TrimRightFunc(clean(text), unicode.IsSpace)
	for {
		line, rest, more := strings.Cut(text, "\n")
		if !more || strings.TrimSpace(line) != "" {
			return text
		}
		text = rest
	}
}

// fileName makes a name of a file that every system can take: no path, no control characters, no dot at its
// beginning, and short enough to be written on one line of a header.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, oneLine(name, mostFileName))
	name = strings.TrimLeft(name, ". ")
	for len(name) > 2*mostFileName {
		runes := []rune(name)
		cut := len(runes) / 2 // the middle goes, so that the ending stays
		name = string(runes[:cut-1]) + string(runes[cut:])
	}
	if name == "" {
		return "file"
	}
	return name
}
