// Package plain makes plain text of what came from outside: of HTML, and of text with characters in it
// that no stream of XML may carry or that show something else than what they are.
//
// Its functions are pure, do work in proportion to the length of what they are given, and may be called
// by any goroutine.
package plain

import (
	"strings"
	"unicode/utf8"
)

// Clean returns text that may be shown and may stand in a stream of XMPP: valid UTF-8, only characters that
// XML 1.0 §2.2 allows, nothing that turns text around (U+202A–U+202E, U+2066–U+2069), no commands for
// terminals, lines that end with \n, no blanks at their ends, and at most two empty lines in a row.
func Clean(s string) string {
	s = strings.ToValidUTF8(withoutEscapes(s), "\uFFFD")
	var out strings.Builder
	out.Grow(len(s))
	newlines, blanks := 2, 0 // at the start no empty line is kept
	started := false
	for i, c := range s {
		switch {
		case c == '\n' || c == '\u2028' || c == '\u2029' || c == '\r' && !strings.HasPrefix(s[i+1:], "\n"):
			newlines++
			blanks = 0
			continue
		case c == '\r' || c != '\t' && Hidden(c):
			continue
		case c == ' ':
			blanks++
			continue
		case c == '\t' || c == '\u00A0' || c == '\v' || c == '\f':
			blanks++
			if c == '\t' {
				blanks += 3
			}
			continue
		}
		if started {
			for range min(newlines, 3) {
				out.WriteByte('\n')
			}
		}
		for range min(blanks, 80) {
			out.WriteByte(' ')
		}
		started, newlines, blanks = true, 0, 0
		out.WriteRune(c)
	}
	return out.String()
}

// Line returns clean text of one line, with single blanks between its words.
func Line(s string) string {
	s = strings.ToValidUTF8(withoutEscapes(s), "\uFFFD")
	s = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\r' || c == '\t' || c == '\u2028' || c == '\u2029' || c == '\u0085':
			return ' '
		case Hidden(c):
			return -1
		}
		return c
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Hidden reports whether a character is kept out of all that is shown: what XML 1.0 forbids, other control
// characters, those that turn text around, and marks that are seen nowhere. Joiners stay, since Persian
// and emoji need them, and so do the two marks of direction that only concern their neighbours.
func Hidden(c rune) bool {
	switch {
	case c < ' ' && c != '\n' && c != '\r' && c != '\t', c >= 0x7F && c < 0xA0:
		return true
	case c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x206F, c >= 0xFFF9 && c <= 0xFFFB:
		return true
	case c == 0xAD, c == 0x34F, c == 0x180E, c == 0x200B, c == 0x2060, c == 0xFEFF:
		return true
	case c >= 0xD800 && c <= 0xDFFF, c&0xFFFE == 0xFFFE, c >= 0xFDD0 && c <= 0xFDEF:
		return true
	case c >= 0xE0000 && c <= 0xE0FFF: // tags and other characters without a shape; U+E0100… only choose one of a letter's shapes
		return true
	}
	return c > utf8.MaxRune
}

// withoutEscapes cuts commands for terminals out (ECMA-48: ESC [ … letter, and ESC with one character).
func withoutEscapes(s string) string {
	if !strings.Contains(s, "\x1b") {
		return s
	}
	var out strings.Builder
	for {
		i := strings.IndexByte(s, 0x1b)
		if i < 0 {
			break
		}
		out.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, "[") {
			continue // the character after a lone escape may be what somebody wrote
		}
		end := 1
		for end < len(s) && end < 40 && s[end] >= 0x20 && s[end] < 0x40 {
			end++
		}
		if end < len(s) && s[end] >= 0x40 && s[end] < 0x7F {
			end++
		}
		s = s[end:]
	}
	out.WriteString(s)
	return out.String()
}
