package stream

import "bytes"

// What a scanner has found.
type finding int

const (
	inside     finding = iota // the element goes on
	complete                  // the element ends here
	streamEnd                 // an end tag where an element should begin
	restricted                // XML that RFC 6120 §11.1 forbids; its end can't be told
)

// Where a scanner is.
type place uint8

const (
	inContent place = iota
	afterOpen       // behind '<'
	inTag           // of a start or empty element tag
	inQuotes        // of an attribute value
	inEndTag
	afterBang // behind "<!", up to "<!--" or "<![CDATA["
	inSection // a CDATA section, comment or processing instruction
)

// scanner finds the end of one element, given in any number of pieces. It follows
// nesting, quotes, CDATA sections, comments and processing instructions only; the
// parser checks everything else. The zero value expects the element's '<'.
type scanner struct {
	place place
	depth int    // of open elements
	quote byte   // inQuotes: which
	slash bool   // inTag: the last byte was '/'
	bang  []byte // afterBang: what is still to come
	last  byte   // inSection: what stands before the final '>' ...
	want  int    // ... how many times ...
	have  int    // ... and how many have just been seen
}

// scan looks at b, the next bytes, and returns how many of them belong to the
// element.
func (s *scanner) scan(b []byte) (n int, what finding) {
	for n < len(b) {
		switch s.place {
		case inContent:
			if n = after(b, n, '<'); b[n-1] == '<' {
				s.place = afterOpen
			}
		case afterOpen:
			if what = s.open(b[n]); what != inside {
				return n, what
			}
			if s.place != inTag { // else it is a byte of the tag, maybe its last
				n++
			}
		case inTag:
			n = s.tag(b, n)
		case inQuotes:
			if n = after(b, n, s.quote); b[n-1] == s.quote {
				s.place = inTag
			}
		case inEndTag:
			if n = after(b, n, '>'); b[n-1] == '>' {
				s.place = inContent
				s.depth--
			}
		case afterBang:
			if what = s.afterBang(b[n]); what != inside {
				return n, what
			}
			n++
		case inSection:
			n = s.section(b, n)
		}
		switch {
		case s.depth < 0:
			return n, streamEnd
		case s.depth == 0 && s.place == inContent && n > 0 && b[n-1] == '>':
			return n, complete
		}
	}
	return n, inside
}

// after returns the index behind the next c in b[n:], or len(b).
func after(b []byte, n int, c byte) int {
	if i := bytes.IndexByte(b[n:], c); i >= 0 {
		return n + i + 1
	}
	return len(b)
}

// open looks at the byte behind a '<'.
func (s *scanner) open(c byte) finding {
	switch c {
	case '/':
		s.place = inEndTag
	case '!':
		s.place, s.bang = afterBang, nil
	case '?':
		s.place, s.last, s.want, s.have = inSection, '?', 1, 0
	default:
		s.place, s.slash = inTag, false
	}
	if s.depth == 0 && (c == '!' || c == '?') {
		return restricted // between stanzas, so it comes from the server and from no user
	}
	return inside
}

// tag goes on to the end of a start tag, or to a quote in it.
func (s *scanner) tag(b []byte, n int) int {
	for ; n < len(b); n++ {
		switch c := b[n]; c {
		case '>':
			s.place = inContent
			if !s.slash {
				s.depth++
			}
			return n + 1
		case '"', '\'':
			s.place, s.quote = inQuotes, c
			return n + 1
		default:
			s.slash = c == '/'
		}
	}
	return n
}

func (s *scanner) afterBang(c byte) finding {
	if s.bang == nil {
		switch c {
		case '-':
			s.bang, s.last = []byte("-"), '-'
		case '[':
			s.bang, s.last = []byte("CDATA["), ']'
		default:
			return restricted // DOCTYPE and the like
		}
		return inside
	}
	if c != s.bang[0] {
		return restricted
	}
	if s.bang = s.bang[1:]; len(s.bang) == 0 {
		s.place, s.want, s.have = inSection, 2, 0
	}
	return inside
}

func (s *scanner) section(b []byte, n int) int {
	for ; n < len(b); n++ {
		switch c := b[n]; {
		case c == s.last:
			s.have++
		case c == '>' && s.have >= s.want:
			s.place = inContent
			return n + 1
		default:
			s.have = 0
		}
	}
	return n
}
