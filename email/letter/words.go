package letter

import (
	"encoding/base64"
	"strings"

	"porchlight/email/plain"
)

// maxWord is the longest encoded word that is decoded, in bytes. RFC 2047 §2 allows 75; some programs put a
// whole subject into one word.
const maxWord = 4 << 10

// word is an encoded word (RFC 2047 §2), its charset still to be decoded.
type word struct {
	charset string
	bytes   []byte
}

// decodeWords decodes the encoded words of a field, each by itself, so that one of an unknown charset
// spoils no other. Neighbours of the same charset are joined before their bytes become characters, since
// programs cut characters in two.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return s
	}
	var out strings.Builder
	var open word // the word before, of which the next may be the rest
	flush := func() {
		if open.bytes != nil {
			out.WriteString(toUTF8(open.bytes, open.charset))
		}
		open = word{}
	}
	for len(s) > 0 {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, n := encodedWord(s[i:])
		if n == 0 {
			flush()
			out.WriteString(s[:i+2])
			s = s[i+2:]
			continue
		}
		if open.bytes == nil || strings.Trim(s[:i], " \t") != "" {
			flush()
			out.WriteString(s[:i])
		}
		if open.bytes != nil && !strings.EqualFold(open.charset, w.charset) {
			flush()
		}
		open = word{w.charset, append(append([]byte{}, open.bytes...), w.bytes...)}
		s = s[i+n:]
	}
	flush()
	out.WriteString(s)
	return out.String()
}

// encodedWord reads the encoded word that s begins with, and returns its length; 0 if it is none.
func encodedWord(s string) (w word, length int) {
	s = s[:min(len(s), maxWord)]
	name, rest, ok := strings.Cut(s[2:], "?")
	if !ok || len(rest) < 2 || rest[1] != '?' || len(name) > 60 || strings.ContainsAny(name, " \t") {
		return word{}, 0
	}
	text, _, ok := strings.Cut(rest[2:], "?=")
	if !ok {
		return word{}, 0
	}
	w.charset, _, _ = strings.Cut(name, "*") // a language may follow (RFC 2231 §5)
	switch rest[0] {
	case 'b', 'B':
		w.bytes = base64Bytes(text)
	case 'q', 'Q':
		w.bytes = quotedBytes(text)
	default:
		return word{}, 0
	}
	return w, len("=?") + len(name) + len("?q?") + len(text) + len("?=")
}

// base64Bytes decodes as much as it can.
func base64Bytes(text string) []byte {
	text = strings.NewReplacer(" ", "", "\t", "").Replace(strings.TrimRight(text, "= \t"))
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(text)))
	n, _ := base64.RawStdEncoding.Decode(out, []byte(text)) // what was decoded before an error is worth having
	return out[:n]
}

// quotedBytes decodes the Q encoding (RFC 2047 §4.2).
func quotedBytes(text string) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		hi, lo := -1, -1
		if text[i] == '=' && i+2 < len(text) {
			hi, lo = hexValue(text[i+1]), hexValue(text[i+2])
		}
		switch {
		case hi >= 0 && lo >= 0:
			out = append(out, byte(hi<<4|lo))
			i += 2
		case text[i] == '_':
			out = append(out, ' ')
		default:
			out = append(out, text[i])
		}
	}
	return out
}

// hexValue returns what a hexadecimal digit stands for, or -1.
func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// line decodes a field and makes one clean line of it.
func line(s string) string { return plain.Line(decodeWords(s)) }
