package stream

import (
	"strings"
	"unicode/utf8"
)

const (
	cdataOpen  = "<![CDATA["
	cdataClose = "]]>"
)

func (p *parser) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0 // no byte of the string is 0: isChars has refused it
}

// space skips white space and reports whether there was any.
func (p *parser) space() bool {
	from := p.i
	for p.i < len(p.s) && isSpace(p.s[p.i]) {
		p.i++
	}
	return p.i > from
}

// name reads the characters of a qualified name, "" if there are none; splitName
// checks where the colon stands.
func (p *parser) name() string {
	from := p.i
	if nameByte[p.peek()] != 2 {
		return ""
	}
	for p.i < len(p.s) && (nameByte[p.s[p.i]] != 0 || p.s[p.i] == ':') {
		p.i++
	}
	return p.s[from:p.i]
}

// keep copies attributes into the arena.
func (p *parser) keep(attrs []Attr) []Attr {
	n := len(attrs)
	if n == 0 {
		return nil
	}
	if cap(p.attrs)-len(p.attrs) < n {
		p.attrs = make([]Attr, 0, max(8, n))
	}
	from := len(p.attrs)
	p.attrs = append(p.attrs, attrs...)
	return p.attrs[from : from+n : from+n]
}

// text reads character data up to the next '<', or one CDATA section.
func (p *parser) text() (string, error) {
	rest := p.s[p.i:]
	if strings.HasPrefix(rest, cdataOpen) {
		rest = rest[len(cdataOpen):]
		n := strings.Index(rest, cdataClose)
		if n < 0 {
			return "", p.bad("CDATA section without end")
		}
		p.i += len(cdataOpen) + n + len(cdataClose)
		return lineEnds(rest[:n]), nil
	}
	n := strings.IndexByte(rest, '<')
	if n < 0 {
		return "", p.bad("element without end")
	}
	raw := rest[:n]
	if strings.IndexByte(raw, ']') >= 0 && strings.Contains(raw, cdataClose) {
		return "", p.bad("']]>' in text")
	}
	text, err := p.unescape(raw)
	p.i += n
	return text, err
}

// lineEnds reads CR and CR LF as LF (XML 1.0 §2.11).
func lineEnds(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

// unescape resolves references. It leaves line breaks and tabs in attribute values
// as they are, though XML 1.0 §3.3.3 reads them as spaces: Prosody writes out a
// plain line break where its user sent a reference to one.
func (p *parser) unescape(raw string) (string, error) {
	amp := strings.IndexByte(raw, '&')
	if amp < 0 {
		return lineEnds(raw), nil
	}
	b := make([]byte, 0, len(raw))
	for amp >= 0 {
		b = append(b, lineEnds(raw[:amp])...)
		raw = raw[amp+1:]
		end := strings.IndexByte(raw, ';')
		if end < 0 {
			return "", p.bad("'&' without reference")
		}
		r, ok := character(raw[:end])
		if !ok {
			return "", p.bad("unknown entity or illegal character reference")
		}
		b = utf8.AppendRune(b, r)
		raw = raw[end+1:]
		amp = strings.IndexByte(raw, '&')
	}
	return string(append(b, lineEnds(raw)...)), nil
}

// character returns what &ref; stands for (XML 1.0 §4.1 and §4.6).
func character(ref string) (rune, bool) {
	switch ref {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, base := strings.TrimPrefix(ref, "#"), rune(10)
	if hex := strings.TrimPrefix(digits, "x"); hex != digits {
		digits, base = hex, 16
	}
	if digits == "" || ref[0] != '#' {
		return 0, false
	}
	var r rune
	for i := 0; i < len(digits); i++ {
		d := digit(digits[i])
		if d >= base {
			return 0, false
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, false
		}
	}
	return r, isChar(r)
}

func digit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return 99
}
