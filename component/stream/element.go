package stream

import "iter"

// Namespaces the stream itself is made of.
const (
	NSAccept  = "jabber:component:accept"              // XEP-0114 §3
	NSClient  = "jabber:client"                        // RFC 6120 §4.8.2
	NSStreams = "http://etherx.jabber.org/streams"     // RFC 6120 §4.8.1
	NSError   = "urn:ietf:params:xml:ns:xmpp-streams"  // RFC 6120 §4.9.2
	NSXML     = "http://www.w3.org/XML/1998/namespace" // of xml:lang

	nsXMLNS = "http://www.w3.org/2000/xmlns/"
)

// NoNamespace is the Space of an element in no namespace at all (xmlns=""),
// which is not the same as inheriting one. No text received can contain it.
const NoNamespace = "\x00"

// Element is one XML element, read or to be written.
//
// Space is the namespace URI; "" stands for the enclosing one, which for a
// stanza is that of the stream. In what Parse returns, "" is exactly a stanza
// and those of its descendants that are in the stanza namespace
// (jabber:component:accept or jabber:client) without a foreign element in
// between; every other element has its URI spelled out.
//
// Text joins all character data directly inside the element and is written
// before the children. The strings of a parsed element share the memory of the
// whole stanza: clone what is kept for long.
//
// An Element may be read by any number of goroutines while none changes it.
type Element struct {
	Space, Local string
	Attr         []Attr
	Text         string
	Children     []*Element
}

// Attr is one attribute. Space is "" except for xml:lang (NSXML) and for the
// foreign attributes that others send. Namespace declarations are no attributes.
type Attr struct{ Space, Local, Value string }

// New makes an element. Nil children are left out when it is written.
func New(space, local string, children ...*Element) *Element {
	return &Element{Space: space, Local: local, Children: children}
}

// Text makes an element that contains only text.
func Text(space, local, text string) *Element {
	return &Element{Space: space, Local: local, Text: text}
}

// With sets attributes, given as name, value, name, value ..., and returns e.
// An empty value removes the attribute, so that optional ones need no
// condition (an attribute that must be empty is put into Attr by hand). The one
// prefixed name it knows is xml:lang. A last name without value is ignored.
func (e *Element) With(attrs ...string) *Element {
	for ; len(attrs) >= 2; attrs = attrs[2:] {
		if attrs[0] == "xml:lang" {
			e.set(NSXML, "lang", attrs[1])
		} else {
			e.set("", attrs[0], attrs[1])
		}
	}
	return e
}

func (e *Element) set(space, local, value string) {
	for i, a := range e.Attr {
		if a.Local == local && a.Space == space {
			if value == "" {
				e.Attr = append(e.Attr[:i:i], e.Attr[i+1:]...)
			} else {
				e.Attr[i].Value = value
			}
			return
		}
	}
	if value != "" {
		e.Attr = append(e.Attr, Attr{space, local, value})
	}
}

// Get returns the value of an attribute without namespace, "" if there is none.
func (e *Element) Get(local string) string {
	if e == nil {
		return ""
	}
	for i := range e.Attr {
		if a := &e.Attr[i]; a.Local == local && a.Space == "" {
			return a.Value
		}
	}
	return ""
}

// Child returns the first child of this name, or nil. A space of "" means the
// namespace of e itself, as in an element that is to be written, so one call
// finds the child in a parsed element and in one we built. The receiver may be nil.
func (e *Element) Child(space, local string) *Element {
	for c := range e.All(space, local) {
		return c
	}
	return nil
}

// All goes through the children of this name; space means what it means for
// Child. The receiver may be nil.
func (e *Element) All(space, local string) iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		if e == nil {
			return
		}
		if space == "" {
			space = e.Space
		}
		for _, c := range e.Children {
			if c != nil && c.Local == local && (c.Space == space || c.Space == "" && e.Space == space) && !yield(c) {
				return
			}
		}
	}
}

// Lang returns xml:lang, "" if there is none (RFC 6120 §8.1.5).
func (e *Element) Lang() string {
	for _, a := range e.Attr {
		if a.Space == NSXML && a.Local == "lang" {
			return a.Value
		}
	}
	return ""
}

// ChildText returns the text of the first child of this name, "" if there is
// none. The receiver may be nil.
func (e *Element) ChildText(space, local string) string {
	if c := e.Child(space, local); c != nil {
		return c.Text
	}
	return ""
}
