package trim

import (
	"slices"
	"strings"
)

// fate is what becomes of a line.
type fate byte

const (
	kept    fate = iota
	cut          // it may be the writer's own words
	foreign      // it is plainly somebody else's words, or a signature
)

// cutting is the cutting of one text.
type cutting struct {
	lines []string
	kinds []byte
	fate  []fate
	to    []string // who gets the mail, as Reply has it
}

// quotes cuts quoted lines, and the lines that announce what was answered.
func (c *cutting) quotes() {
	announced := false // by the last line that says something
	for i, k := range c.kinds {
		switch k {
		case marker:
			announced, c.fate[i] = true, foreign
		case quote:
			announced = announced || c.wroteWithin(i)
			c.fate[i] = cut
			if announced {
				c.fate[i] = foreign
			}
		case empty:
		default:
			announced = false
		}
	}
}

// wroteWithin reports whether quoted lines begin with one that says who wrote them, as those of Apple Mail do.
func (c *cutting) wroteWithin(from int) bool {
	var inner []string
	for _, line := range c.lines[from:min(len(c.lines), from+maxWrapped)] {
		line, quoted := strings.CutPrefix(strings.TrimSpace(line), ">")
		if !quoted {
			break
		}
		inner = append(inner, strings.TrimSpace(line))
	}
	return markerLines(inner, "") > 0
}

// answered cuts the mail that was answered where its lines have no ">": all that follows its marker. A
// text that stands below quoted lines stays.
func (c *cutting) answered() {
	for i := 0; i < len(c.kinds); i++ {
		if c.kinds[i] != marker {
			continue
		}
		next := i + 1
		for next < len(c.kinds) && (c.kinds[next] == marker || c.kinds[next] == empty) {
			next++
		}
		if next < len(c.kinds) && c.kinds[next] == quote {
			i = next
			continue
		}
		as := cut
		if c.ours(i, next) {
			as = foreign
		}
		for j := i; j < len(c.fate); j++ {
			c.fate[j] = as
		}
		return
	}
}

// ours reports whether the lines that announce a mail say that it was one of those whom the answer goes to.
func (c *cutting) ours(from, to int) bool {
	if isOriginal(strings.TrimSpace(c.lines[from])) {
		return true
	}
	if headerAt(c.lines[from:], "") {
		to = max(to, from+maxHeader)
	}
	for _, line := range c.lines[from:min(to, len(c.lines))] {
		for word := range strings.FieldsFuncSeq(strings.ToLower(line), func(r rune) bool { return strings.ContainsRune(" <>()[]\"';:,*\t", r) }) {
			if slices.ContainsFunc(c.to, func(to string) bool { return sameBox(word, to) }) {
				return true
			}
		}
	}
	return false
}

// sameBox reports whether an address is another one, which may have more behind its local part: we have
// answers sent to such addresses (RFC 5233).
func sameBox(address, other string) bool {
	local, domain, ok := strings.Cut(address, "@")
	otherLocal, otherDomain, _ := strings.Cut(other, "@")
	return ok && local != "" && domain == otherDomain && strings.HasPrefix(otherLocal, local)
}

// signatures cuts signatures. One ends where a quote begins, or with the text.
func (c *cutting) signatures() {
	for i, k := range c.kinds {
		if k != signature || c.fate[i] != kept {
			continue
		}
		c.fate[i] = foreign
		if c.lines[i] != "--" { // a line that only names a telephone or a program cuts nothing but itself
			continue
		}
		end, n := i+1, 0
		for ; end < len(c.kinds) && c.kinds[end] != quote && c.kinds[end] != marker; end++ {
			if c.kinds[end] != empty && c.fate[end] == kept {
				n++
			}
		}
		as := foreign
		if n > maxSignature {
			as = cut
		}
		for j := i + 1; j < end; j++ {
			if c.fate[j] == kept {
				c.fate[j] = as
			}
		}
	}
}

// delimiters cuts the lines of dashes that have nothing of the text below them, only a quoted mail or nothing
// at all.
func (c *cutting) delimiters() {
	bare := true
	for i, k := range slices.Backward(c.kinds) {
		switch {
		case k == quote || k == marker:
			bare = true
		case c.fate[i] != kept || k == empty:
		case k == delimiter && bare:
			c.fate[i] = foreign
		default:
			bare = false
		}
	}
}

// join joins the lines that are kept, with at most two empty ones in a row, and one where something was cut.
func (c *cutting) join() string {
	var out []string
	gap, most := 0, 2
	for i, line := range c.lines {
		switch {
		case c.fate[i] != kept:
			most = 1
		case line == "":
			gap++
		default:
			for range min(gap, most) {
				if len(out) > 0 {
					out = append(out, "")
				}
			}
			gap, most = 0, 2
			out = append(out, line)
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}
