package stream

import (
	"strconv"
	"unicode/utf8"
)

// Append adds the element as XML to b. It is the only encoder. Text and
// attribute values are escaped; invalid UTF-8 and characters that XML 1.0 §2.2
// forbids become U+FFFD, so that nothing anybody typed can end the stream.
//
// Names come from our own code or from Parse, so a bad name is a bug of ours. It
// must not end the stream either: an element with a bad name is written as <_>, an
// attribute with a bad or repeated name is left out.
func (e *Element) Append(b []byte) []byte { return e.append(b, NSAccept) }

// append writes e inside an element whose namespace is enclosing.
func (e *Element) append(b []byte, enclosing string) []byte {
	local := e.Local
	if !isName(local) || local == "xmlns" {
		local = "_"
	}
	b = append(append(b, '<'), local...)
	if changes(e.Space, enclosing) {
		enclosing = e.Space
		b = append(b, ` xmlns="`...)
		if e.Space != NoNamespace {
			b = appendEscaped(b, e.Space, inAttr)
		}
		b = append(b, '"')
	}
	for i := range e.Attr {
		b = e.appendAttr(b, i)
	}
	if e.Text == "" && len(e.Children) == 0 {
		return append(b, "/>"...)
	}
	b = append(b, '>')
	b = appendEscaped(b, e.Text, inText)
	for _, c := range e.Children {
		if c != nil {
			b = c.append(b, enclosing)
		}
	}
	b = append(append(b, "</"...), local...)
	return append(b, '>')
}

// changes reports whether an element of namespace space needs its own xmlns.
// The stanza namespaces count as one: Prosody bounces a stanza from a component
// that spells out jabber:client.
func changes(space, enclosing string) bool {
	switch space {
	case "", enclosing, NSXML, nsXMLNS: // the last two can't be declared as default
		return false
	}
	return !isStanzaSpace(space) || !isStanzaSpace(enclosing)
}

func isStanzaSpace(space string) bool { return space == NSAccept || space == NSClient }

func (e *Element) appendAttr(b []byte, i int) []byte {
	a := &e.Attr[i]
	if !isName(a.Local) || a.Space == "" && a.Local == "xmlns" || a.Space == nsXMLNS || !isChars(a.Space) {
		return b
	}
	for _, earlier := range e.Attr[:i] {
		if earlier.Local == a.Local && earlier.Space == a.Space {
			return b
		}
	}
	b = append(b, ' ')
	switch a.Space {
	case "":
	case NSXML:
		b = append(b, "xml:"...)
	default:
		b = append(strconv.AppendInt(append(b, "xmlns:n"...), int64(i), 10), `="`...)
		b = append(appendEscaped(b, a.Space, inAttr), `" `...)
		b = append(strconv.AppendInt(append(b, 'n'), int64(i), 10), ':')
	}
	b = append(append(b, a.Local...), `="`...)
	return append(appendEscaped(b, a.Value, inAttr), '"')
}

// Where a string is written; the bits say which bytes of the table stop there.
const (
	inText = 1 << iota
	inAttr
)

// special marks the bytes that can't be copied as they are. Line breaks and tabs
// survive attribute normalisation only as references (XML 1.0 §3.3.3); a carriage
// return survives only as a reference in text, too (§2.11).
var special = func() (t [256]uint8) {
	for c := range t {
		if c < ' ' || c >= utf8.RuneSelf {
			t[c] = inText | inAttr
		}
	}
	t['\t'], t['\n'], t['"'], t['\''] = inAttr, inAttr, inAttr, inAttr
	t['<'], t['>'], t['&'] = inText|inAttr, inText|inAttr, inText|inAttr
	return t
}()

func appendEscaped(b []byte, s string, where uint8) []byte {
	done := 0 // s[:done] is written
	for i := 0; i < len(s); {
		c := s[i]
		if special[c]&where == 0 {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			b = append(append(b, s[done:i]...), reference(c)...)
			i++
			done = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || !isChar(r) {
			b = append(append(b, s[done:i]...), "\ufffd"...)
			done = i + n
		}
		i += n
	}
	return append(b, s[done:]...)
}

func reference(c byte) string {
	switch c {
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	case '&':
		return "&amp;"
	case '"':
		return "&quot;"
	case '\'':
		return "&apos;"
	case '\t':
		return "&#9;"
	case '\n':
		return "&#10;"
	case '\r':
		return "&#13;"
	}
	return "\ufffd"
}
