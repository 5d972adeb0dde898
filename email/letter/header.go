package letter

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Limits of a header.
const (
	maxHeader = 256 << 10 // bytes of all fields that are kept
	maxField  = 16 << 10  // bytes of one field
	maxSame   = 64        // fields of one name
)

// useful are the fields that a letter is made of, in lower case: those of a mail, of a part, and of what a
// bounce says about a recipient (RFC 3464). All others are skipped, so that twenty thousand fields of other
// names cost nothing but the way through them.
var useful = map[string]bool{
	"accept-language": true, "authentication-results": true, "auto-submitted": true, "cc": true,
	"content-disposition": true, "content-id": true, "content-language": true, "content-transfer-encoding": true,
	"content-type": true, "date": true, "delivered-to": true, "envelope-to": true, "from": true,
	"in-reply-to": true, "list-id": true, "message-id": true, "precedence": true, "references": true,
	"reply-to": true, "return-path": true, "sender": true, "subject": true, "to": true,
	"x-auto-response-suppress": true, "x-autorespond": true, "x-autoreply": true, "x-envelope-to": true,
	"x-failed-recipients": true, "x-mail-autoreply": true, "x-original-to": true,
	strings.ToLower(LoopField): true,
	"action":                   true, "diagnostic-code": true, "final-recipient": true, "original-recipient": true, "status": true,
}

// field is one field of a header: its name in lower case, and its value, unfolded and valid UTF-8.
type field struct{ name, value string }

// header is what is kept of a mail's or a part's header, in the order of the mail.
type header []field

// get returns the first field's value, or "".
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// has reports whether there is such a field, even an empty one.
func (h header) has(name string) bool {
	for _, f := range h {
		if f.name == name {
			return true
		}
	}
	return false
}

// all returns the values of the fields of a name.
func (h header) all(name string) (values []string) {
	for _, f := range h {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

// headerReader takes a header apart line by line. go-message's own reader gives nothing at all back for a
// header with a line that is no field, with a blank in front, or longer than 1 MB.
type headerReader struct {
	h      header
	size   int
	same   map[string]int // fields by name
	value  []byte         // of the field that is being read
	name   string         // of that field; "" if it is skipped
	any    bool           // a field has begun
	mended bool
	cut    bool
}

// readHeader splits what a mail or a part begins with into its header and its body. The first lines of a
// mail, unlike those of a part, may be empty, or be what a mailbox file wrote between mails.
func readHeader(raw []byte, part bool) (h header, body []byte, flaws []Flaw) {
	r := &headerReader{same: map[string]int{}}
	start := 0
	if !part {
		start = r.skipStart(raw)
	}
	junk := -1 // where the lines begin that are no fields and have no field after them
	pos := start
	for pos < len(raw) {
		line, next := cutLine(raw, pos)
		if len(line) == 0 {
			pos = next
			break
		}
		switch kind := r.line(line, !part && pos == start); {
		case kind == fieldLine:
			junk = -1
		case kind == junkLine && junk < 0:
			junk = pos
		}
		pos = next
	}
	r.end()
	if junk >= 0 {
		pos = junk // the body begins without an empty line before it
	}
	if r.mended || junk >= 0 {
		flaws = append(flaws, HeaderMended)
	}
	if r.cut {
		flaws = append(flaws, HeaderCut)
	}
	return r.h, raw[pos:], flaws
}

// cutLine returns the line that begins at pos, without its end, and where the next one begins.
func cutLine(raw []byte, pos int) (line []byte, next int) {
	next = len(raw)
	if i := bytes.IndexByte(raw[pos:], '\n'); i >= 0 {
		next = pos + i + 1
	}
	return bytes.TrimRight(raw[pos:next], "\r\n"), next
}

// skipStart returns where the header of a mail begins: after empty lines, and after the line that a
// mailbox file has before each mail ("From ann Sat Jan  3 …").
func (r *headerReader) skipStart(raw []byte) int {
	pos := 0
	for pos < len(raw) {
		line, next := cutLine(raw, pos)
		switch {
		case len(line) == 0:
			after, _ := cutLine(raw, next)
			if len(after) > 0 && fieldName(bytes.TrimLeft(after, " \t")) == "" && !isMailbox(after) {
				return pos // a body without a header
			}
		case isMailbox(line):
		default:
			return pos
		}
		r.mended = true
		pos = next
	}
	return 0
}

// isMailbox reports whether a line is what a mailbox file has between mails.
func isMailbox(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}

// What a line of a header can be.
const (
	fieldLine = iota // begins a field
	moreLine         // goes on with what was before
	junkLine         // neither
)

// line takes one line that is not empty.
func (r *headerReader) line(line []byte, first bool) int {
	if line[0] == ' ' || line[0] == '\t' {
		if !first || fieldName(bytes.TrimLeft(line, " \t")) == "" {
			r.add(bytes.TrimLeft(line, " \t"))
			return moreLine
		}
		r.mended = true
		line = bytes.TrimLeft(line, " \t")
	}
	name := fieldName(line)
	if name == "" {
		r.end()
		r.mended = r.mended || r.any
		return junkLine
	}
	r.end()
	r.any = true
	if useful[name] {
		r.name = name
		r.add(bytes.TrimLeft(line[bytes.IndexByte(line, ':')+1:], " \t"))
	}
	return fieldLine
}

// fieldName returns the name of the field that a line begins, in lower case, or "" if it begins none.
func fieldName(line []byte) string {
	i := bytes.IndexByte(line[:min(len(line), 100)], ':')
	if i <= 0 {
		return ""
	}
	name := bytes.TrimRight(line[:i], " \t")
	for _, c := range name {
		if c <= ' ' || c > '~' {
			return ""
		}
	}
	return strings.ToLower(string(name))
}

// add adds to the value of the field that is being read.
func (r *headerReader) add(text []byte) {
	if r.name == "" {
		return
	}
	if len(r.value) > 0 {
		r.value = append(r.value, ' ')
	}
	room := maxField - len(r.value)
	if len(text) > room {
		r.cut = true
		for room = max(room, 0); room > 0 && !utf8.RuneStart(text[room]); {
			room--
		}
		text = text[:room]
	}
	r.value = append(r.value, text...)
}

// end keeps the field that was read.
func (r *headerReader) end() {
	if r.name == "" {
		return
	}
	name, value := r.name, r.value
	r.name, r.value = "", nil
	r.same[name]++
	if r.size += len(value); r.size > maxHeader || r.same[name] > maxSame {
		r.cut = true
		return
	}
	text, mended := fieldText(value)
	r.mended = r.mended || mended
	r.h = append(r.h, field{name, strings.Trim(text, " \t")})
}

// fieldText makes text of a field's bytes: valid UTF-8 as it is, all else read as windows-1252, and no
// control characters.
func fieldText(value []byte) (text string, mended bool) {
	if utf8.Valid(value) {
		text = string(value)
	} else {
		decoded, _ := charmap.Windows1252.NewDecoder().Bytes(value) // any byte is a character
		text, mended = string(decoded), true
	}
	clean := strings.Map(func(c rune) rune {
		switch {
		case c == 0:
			return -1
		case c < ' ' || c == 0x7F:
			return ' '
		}
		return c
	}, text)
	return clean, mended || len(clean) != len(text)
}
