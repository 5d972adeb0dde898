package stream

import (
	"strings"
	"unicode/utf8"
)

// isChar reports whether XML 1.0 §2.2 allows the character.
func isChar(r rune) bool {
	return r >= ' ' && r < 0xD800 || r == '\n' || r == '\t' || r == '\r' ||
		r > 0xDFFF && r < 0xFFFE || r > 0xFFFF && r <= utf8.MaxRune
}

// isChars reports whether s is valid UTF-8 made of allowed characters only.
func isChars(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	if !utf8.ValidString(s) {
		return false
	}
	// Only U+FFFE and U+FFFF are left to look for. Both begin with the byte 0xEF, which
	// few strings hold at all.
	return strings.IndexByte(s, 0xEF) < 0 || !strings.Contains(s, "\uFFFE") && !strings.Contains(s, "\uFFFF")
}

// nameByte says where in a name a byte may stand: 0 nowhere, 1 and 2 as below.
var nameByte = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			t[c] = 2 // anywhere
		case c >= '0' && c <= '9', c == '-', c == '.':
			t[c] = 1 // anywhere except first
		}
	}
	return t
}()

// isName reports whether s is a name without colon, in ASCII: no XMPP extension
// uses others, and the editions of XML disagree about them.
func isName(s string) bool {
	if s == "" || nameByte[s[0]] != 2 {
		return false
	}
	for i := 1; i < len(s); i++ {
		if nameByte[s[i]] == 0 {
			return false
		}
	}
	return true
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
