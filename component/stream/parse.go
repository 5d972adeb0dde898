package stream

import (
	"fmt"
	"strings"
)

// maxAttrs bounds the attributes (declarations included) of one element, and
// with them the cost of comparing each with the others.
const maxAttrs = 64

// SyntaxError says why and where Parse refused an element. Its text never
// quotes what was refused.
type SyntaxError struct {
	Offset int // bytes from the start of the element
	Reason string
}

// Error says what is wrong and at which byte.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("malformed element at byte %d: %s", e.Offset, e.Reason)
}

// Parse reads exactly one element, as it stands in a component stream: without
// a declaration of its own it is in jabber:component:accept, and the prefix
// stream is bound. See Element for what becomes of namespaces; names are ASCII.
//
// It refuses, with a *SyntaxError, what is not well-formed and what RFC 6120
// §11.1 forbids: comments, processing instructions, DOCTYPE, and all entities
// except the five of XML. It also refuses duplicate attributes, unbound and
// reserved prefixes, and more than 64 attributes on one element. An element beyond
// the default limits for depth and count is ErrTooDeep or ErrTooMany.
func Parse(b []byte) (*Element, error) {
	p := parser{lim: Limits{}.orDefault()}
	return p.parse(b)
}

// parse reads one element; the parser can then be used for another.
func (p *parser) parse(b []byte) (*Element, error) {
	p.s, p.i, p.count = string(b), 0, 0
	if !isChars(p.s) {
		return nil, p.bad("illegal character or UTF-8")
	}
	if p.peek() != '<' {
		return nil, p.bad("no element")
	}
	p.elems, p.attrs = make([]Element, 0, min(p.lim.Elements, strings.Count(p.s, "<")-strings.Count(p.s, "</"))), nil
	p.kids = p.kidsBuf[:0]
	p.bound = append(p.scope[:0], binding{"", NSAccept}, binding{"xml", NSXML}, binding{"stream", NSStreams})
	e, err := p.element("", 1)
	if err != nil {
		return nil, err
	}
	if p.i != len(p.s) {
		return nil, p.bad("more than one element")
	}
	return e, nil
}

// head reads as much of the first start tag of b as is there and sound: the
// local name and the attributes without prefix.
func head(b []byte) *Element {
	p := parser{s: string(b)}
	e := &Element{}
	name, _, _ := p.open()
	_, e.Local, _ = splitName(name)
	for _, a := range p.raw {
		if a.Space == "" {
			e.Attr = append(e.Attr, a)
		}
	}
	return e
}

// binding is a namespace declaration in scope; prefix "" is the default one.
type binding struct{ prefix, uri string }

// parser works on one string, and the strings it returns are parts of that one. All
// elements and attributes of a stanza come from two arenas, so that a chat message
// takes four allocations.
type parser struct {
	lim   Limits
	s     string
	i     int        // the next byte
	count int        // elements so far
	elems []Element  // arena
	attrs []Attr     // arena
	raw   []Attr     // attributes of the tag being read, prefix in Space
	kids  []*Element // finished children of the elements that are open
	bound []binding  // namespaces in scope, innermost last

	rawBuf  [16]Attr
	kidsBuf [16]*Element
	scope   [12]binding
}

func (p *parser) bad(reason string) error { return &SyntaxError{p.i, reason} }

// element reads one element from its '<'. parent is the parent's namespace in the
// form of Element.Space.
func (p *parser) element(parent string, depth int) (*Element, error) {
	if depth > p.lim.Depth {
		return nil, ErrTooDeep
	}
	if p.count++; p.count > p.lim.Elements {
		return nil, ErrTooMany
	}
	e := p.newElement()
	scope, kids := len(p.bound), len(p.kids)
	name, empty, err := p.open()
	if err != nil {
		return nil, err
	}
	if err := p.resolve(e, name, parent); err != nil {
		return nil, err
	}
	e.Attr = p.keep(p.raw)
	if !empty {
		if err := p.content(e, depth); err != nil {
			return nil, err
		}
		if err := p.close(name); err != nil {
			return nil, err
		}
	}
	if n := len(p.kids) - kids; n > 0 {
		e.Children = append(make([]*Element, 0, n), p.kids[kids:]...)
	}
	p.bound, p.kids = p.bound[:scope], p.kids[:kids]
	return e, nil
}

func (p *parser) newElement() *Element {
	if len(p.elems) == cap(p.elems) {
		p.elems = make([]Element, 0, 8)
	}
	p.elems = p.elems[:len(p.elems)+1]
	return &p.elems[len(p.elems)-1]
}

// open reads a start tag from its '<'. The attributes are left in p.raw with
// the prefix in place of the namespace; declarations are among them.
func (p *parser) open() (name string, empty bool, err error) {
	p.raw = p.rawBuf[:0]
	p.i++ // the splitter and content have seen the '<'
	if name = p.name(); name == "" {
		return "", false, p.bad("bad element name")
	}
	for {
		spaced := p.space()
		switch p.peek() {
		case '>':
			p.i++
			return name, false, nil
		case '/':
			p.i++
			if p.peek() != '>' {
				return name, false, p.bad("bad end of tag")
			}
			p.i++
			return name, true, nil
		}
		if !spaced {
			return name, false, p.bad("no space before attribute")
		}
		if len(p.raw) == maxAttrs {
			return name, false, p.bad("too many attributes")
		}
		a, err := p.attr()
		if err != nil {
			return name, false, err
		}
		p.raw = append(p.raw, a)
	}
}

func (p *parser) attr() (a Attr, err error) {
	name := p.name()
	a.Space, a.Local, err = splitName(name)
	if name == "" || err != nil {
		return a, p.bad("bad attribute name")
	}
	p.space()
	if p.peek() != '=' {
		return a, p.bad("attribute without value")
	}
	p.i++
	p.space()
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		return a, p.bad("attribute value without quotes")
	}
	p.i++
	n := strings.IndexByte(p.s[p.i:], quote)
	if n < 0 {
		return a, p.bad("attribute value without end")
	}
	raw := p.s[p.i : p.i+n]
	if strings.IndexByte(raw, '<') >= 0 {
		return a, p.bad("'<' in attribute value")
	}
	if a.Value, err = p.unescape(raw); err != nil {
		return a, err
	}
	p.i += n + 1
	return a, nil
}

// content reads what is between the tags of e, up to the '<' of its end tag.
func (p *parser) content(e *Element, depth int) error {
	var more []byte // text so far, once it is in more than one piece
	for {
		text, err := p.text()
		if err != nil {
			return err
		}
		switch {
		case text == "":
		case more != nil:
			more = append(more, text...)
		case e.Text != "":
			more = append(append(more, e.Text...), text...)
		default:
			e.Text = text
		}
		switch rest := p.s[p.i:]; {
		case rest == "":
			return p.bad("element without end")
		case rest[0] != '<', strings.HasPrefix(rest, cdataOpen): // more text
		case strings.HasPrefix(rest, "</"):
			if more != nil {
				e.Text = string(more)
			}
			return nil
		case strings.HasPrefix(rest, "<!"):
			return p.bad("comment or declaration")
		case strings.HasPrefix(rest, "<?"):
			return p.bad("processing instruction")
		default:
			child, err := p.element(e.Space, depth+1)
			if err != nil {
				return err
			}
			p.kids = append(p.kids, child)
		}
	}
}

// close reads the end tag of the element of this name.
func (p *parser) close(name string) error {
	p.i += len("</")
	if p.name() != name {
		return p.bad("mismatched end tag")
	}
	p.space()
	if p.peek() != '>' {
		return p.bad("bad end of tag")
	}
	p.i++
	return nil
}
