package letter

import (
	"strings"

	"porchlight/email/plain"
)

// maxAddresses is how many addresses of one field are read.
const maxAddresses = 200

// addresses reads a list of addresses (RFC 5322 §3.4, §4.4). Unlike net/mail it returns all that it can
// find, whatever stands around it: an address without a closing bracket, a name with a comma in it, empty
// groups ("undisclosed-recipients:;") and empty brackets.
func addresses(value string) (list []Address) {
	p := addressParser{s: value}
	for p.pos < len(p.s) && len(list) < maxAddresses {
		if a := p.next(); a.Addr != "" {
			list = append(list, a)
		}
	}
	if list == nil {
		if addr := anyAddress(value); addr != "" {
			list = []Address{{Addr: addr}}
		}
	}
	return list
}

// addressParser reads one address after another.
type addressParser struct {
	s   string
	pos int
}

// next reads up to the end of the list's next entry. The address is empty if the entry has none.
func (p *addressParser) next() Address {
	var name, angle, note strings.Builder
	bracket := false // the entry has an address in brackets
	for p.pos < len(p.s) {
		c := p.s[p.pos]
		p.pos++
		switch {
		case c == '=' && p.word(&name):
		case c == '"':
			p.quoted(&name)
		case c == '(':
			p.comment(&note)
		case c == '<':
			angle.Reset()
			p.angle(&angle)
			bracket = true
		case c == ',' || c == ';':
			return entry(name.String(), angle.String(), note.String(), bracket)
		case c == ':' && !strings.Contains(name.String(), "@"):
			name.Reset() // the name of a group
		default:
			name.WriteByte(c)
		}
	}
	return entry(name.String(), angle.String(), note.String(), bracket)
}

// word reads the rest of an encoded word: what looks like the end of an entry in it is none.
func (p *addressParser) word(to *strings.Builder) bool {
	rest := p.s[p.pos-1:]
	if !strings.HasPrefix(rest, "=?") {
		return false
	}
	_, n := encodedWord(rest)
	if n == 0 {
		return false
	}
	to.WriteString(rest[:n])
	p.pos += n - 1
	return true
}

// quoted reads the rest of a quoted string.
//
// Behind one that is the local part of an address, and whose marks matter there (RFC 5322 §3.4.1), it writes
// what is in no address: such an address is not used here, and without the marks it would be another's.
func (p *addressParser) quoted(to *strings.Builder) {
	from := to.Len()
	defer func() {
		if strings.HasPrefix(p.s[p.pos:], "@") && strings.ContainsFunc(to.String()[from:], badInQuoted) {
			to.WriteByte(0)
		}
	}()
	for p.pos < len(p.s) {
		c := p.s[p.pos]
		p.pos++
		switch {
		case c == '"':
			return
		case c == '\\' && p.pos < len(p.s):
			to.WriteByte(p.s[p.pos])
			p.pos++
		default:
			to.WriteByte(c)
		}
	}
}

// comment reads the rest of a comment, with those in it.
func (p *addressParser) comment(to *strings.Builder) {
	for depth := 1; p.pos < len(p.s); {
		c := p.s[p.pos]
		p.pos++
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
			if depth == 0 {
				return
			}
		case c == '\\' && p.pos < len(p.s):
			c = p.s[p.pos]
			p.pos++
		}
		to.WriteByte(c)
	}
}

// angle reads the rest of what stands in brackets.
func (p *addressParser) angle(to *strings.Builder) {
	for p.pos < len(p.s) {
		c := p.s[p.pos]
		p.pos++
		if c == '>' {
			return
		}
		to.WriteByte(c)
	}
}

// entry makes an address of what one entry of a list holds.
func entry(name, angle, note string, bracket bool) Address {
	if bracket {
		if strings.HasPrefix(angle, "@") { // a route (RFC 5322 §4.4)
			_, angle, _ = strings.Cut(angle, ":")
		}
		if strings.TrimSpace(name) == "" {
			name = note
		}
		angle = strings.Join(strings.Fields(angle), "") // where the line was folded, or around the dots (RFC 5322 §4.4)
		return Address{Name: line(name), Addr: cleanAddress(angle)}
	}
	for _, word := range strings.Fields(name) {
		if addr := cleanAddress(word); addr != "" {
			return Address{Name: line(note), Addr: addr}
		}
	}
	return Address{}
}

// anyAddress returns the last thing in brackets that is an address, else the first word that is one.
func anyAddress(s string) string {
	for rest := s; ; {
		i := strings.LastIndexByte(rest, '<')
		if i < 0 {
			break
		}
		inside, _, _ := strings.Cut(rest[i+1:], ">")
		if addr := cleanAddress(inside); addr != "" {
			return addr
		}
		rest = rest[:i]
	}
	for _, word := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(" \t,;\"()<>", c) }) {
		if addr := cleanAddress(word); addr != "" {
			return addr
		}
	}
	return ""
}

// cleanAddress returns an address in lower case, or "" if it is none that a mail could have been sent from.
func cleanAddress(s string) string {
	if len(s) > 400 {
		return ""
	}
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), "mailto:"), ".")
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > 320 {
		return ""
	}
	if strings.ContainsFunc(s, badInAddress) || strings.ContainsAny(s[at:], `"'/\!=*?&%#$`) {
		return ""
	}
	return strings.ToLower(s)
}

// badInQuoted reports whether a character of a local part makes it another one without its quotation marks.
func badInQuoted(c rune) bool { return c == '@' || badInAddress(c) }

// badInAddress reports whether a character is in no address: those that would end one in a list, and those
// that can't be seen or turn text around.
func badInAddress(c rune) bool {
	return c <= ' ' || strings.ContainsRune("<>(),;", c) || plain.Hidden(c)
}
