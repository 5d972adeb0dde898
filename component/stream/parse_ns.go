package stream

import (
	"errors"
	"strings"
)

var errName = errors.New("bad name")

// splitName splits a qualified name into prefix and local name.
func splitName(name string) (prefix, local string, err error) {
	prefix, local, ok := strings.Cut(name, ":")
	if !ok {
		return "", name, nil
	}
	if !isName(prefix) || !isName(local) {
		return "", "", errName
	}
	return prefix, local, nil
}

// resolve sets the name and namespace of e, turns the prefixes in p.raw into
// namespaces, and takes the declarations out of p.raw (Namespaces in XML 1.0 §3 and
// §5).
func (p *parser) resolve(e *Element, name, parent string) error {
	prefix, local, err := splitName(name)
	if err != nil || local == "xmlns" {
		return p.bad("bad element name")
	}
	if err := p.declare(); err != nil {
		return err
	}
	uri, ok := p.lookup(prefix)
	if !ok || prefix == "xml" {
		return p.bad("unbound or reserved prefix")
	}
	e.Local, e.Space = local, uri
	switch {
	case uri == "":
		e.Space = NoNamespace
	case parent == "" && isStanzaSpace(uri):
		e.Space = ""
	}
	for i := range p.raw {
		a := &p.raw[i]
		if a.Space != "" {
			if a.Space, ok = p.lookup(a.Space); !ok {
				return p.bad("unbound prefix")
			}
		}
		for _, earlier := range p.raw[:i] {
			if earlier.Local == a.Local && earlier.Space == a.Space {
				return p.bad("duplicate attribute")
			}
		}
	}
	return nil
}

// declare moves the namespace declarations from p.raw into scope.
func (p *parser) declare() error {
	outer, attrs := len(p.bound), p.raw[:0]
	for _, a := range p.raw {
		var prefix string
		switch {
		case a.Space == "xmlns":
			prefix = a.Local
		case a.Space != "" || a.Local != "xmlns":
			attrs = append(attrs, a)
			continue
		}
		if !declarable(prefix, a.Value) {
			return p.bad("reserved or empty namespace")
		}
		for _, b := range p.bound[outer:] {
			if b.prefix == prefix {
				return p.bad("duplicate namespace declaration")
			}
		}
		p.bound = append(p.bound, binding{prefix, a.Value})
	}
	p.raw = attrs
	return nil
}

// declarable reports whether a prefix ("" for the default) may be bound to uri.
// Only the default may be bound to "", which undoes it.
func declarable(prefix, uri string) bool {
	switch {
	case prefix == "xml":
		return uri == NSXML
	case prefix == "xmlns", uri == NSXML, uri == nsXMLNS:
		return false
	}
	return uri != "" || prefix == ""
}

func (p *parser) lookup(prefix string) (uri string, ok bool) {
	for i := len(p.bound) - 1; i >= 0; i-- {
		if p.bound[i].prefix == prefix {
			return p.bound[i].uri, true
		}
	}
	return "", false
}
