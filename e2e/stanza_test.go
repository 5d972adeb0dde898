package e2e_test

import (
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// is fails unless el is the wanted stanza: the name, every attribute and all content, in any
// order, and nothing else. In want "…" stands for any text, and UUID for a random UUID (RFC 9562
// §5.4). What servers add to everybody's stanzas is ignored.
func (p *person) is(el *stream.Element, want string) {
	p.t.Helper()
	wanted, err := stream.Parse([]byte(want))
	if err != nil {
		p.t.Fatalf("%v in %s", err, want)
	}
	if el.Local == "presence" && el.Get("to") == p.JID { // ejabberd addresses a copy to each client
		copied := *el
		copied.Attr = slices.Clone(el.Attr)
		el = copied.With("to", p.Bare)
	}
	if got, want := canonical(el), canonical(wanted); !pattern(want, "[^<>']+").MatchString(got) {
		p.t.Errorf("got  %s\nwant %s", got, want)
	}
	if origin := el.Child(nsSID, "origin-id"); origin != nil && origin.Get("id") != el.Get("id") {
		p.t.Errorf("the origin-id is another: %s", el.Append(nil))
	}
}

// part returns the element that a stanza must contain.
func (p *person) part(el *stream.Element, space, local string) *stream.Element {
	p.t.Helper()
	child := el.Child(space, local)
	if child == nil {
		p.t.Fatalf("there is no %s in %s", local, el.Append(nil))
	}
	return child
}

// gets waits for a stanza that matches, which must be exactly the wanted one.
func (p *person) gets(what string, m operator.Match, want string) *stream.Element {
	p.t.Helper()
	el := p.expect(what, m)
	p.is(el, want)
	return el
}

// reads waits for a message whose body has the pattern, and which must be as content makes it.
func (p *person) reads(from, body string, more ...string) *stream.Element {
	p.t.Helper()
	says := pattern(body, "(?s:.+)")
	return p.gets(fmt.Sprintf("%q from %s", body, from), func(el *stream.Element) bool {
		return operator.Body(from, "")(el) && says.MatchString(el.ChildText("", "body"))
	}, content(from, p.Bare, body, more...))
}

// content is a message by the rules 1 and 20: of type chat, from a bare address to a bare one,
// with a request for a receipt and a marker.
func content(from, to, body string, more ...string) string {
	return chatOf(from, to, "<body>"+html.EscapeString(body)+"</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"+
		"<active xmlns='http://jabber.org/protocol/chatstates'/><origin-id xmlns='urn:xmpp:sid:0' id='UUID'/>"+strings.Join(more, ""))
}

// chatOf is a message that has only the given XML inside.
func chatOf(from, to, inside string) string {
	return "<message type='chat' id='UUID' from='" + from + "' to='" + to + "'>" + inside + "</message>"
}

// errorTo is the error that answers a stanza.
func errorTo(name, from, to, id, kind, condition, text string) string {
	if text != "" {
		text = "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>" + text + "</text>"
	}
	return "<" + name + " type='error' id='" + id + "' from='" + from + "' to='" + to + "'><error type='" + kind + "'><" + condition +
		" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" + text + "</error></" + name + ">"
}

// added reports whether servers put an element into everybody's stanzas: XEP-0359 §3.1, XEP-0421,
// XEP-0203.
func added(el *stream.Element) bool {
	return el.Space == nsSID && el.Local == "stanza-id" || el.Space == "urn:xmpp:occupant-id:0" || el.Space == nsDelay && el.Get("from") == demo.Host
}

// canonical writes an element so that elements with the same meaning give the same text.
func canonical(el *stream.Element) string {
	var attrs, inside []string
	for _, a := range el.Attr {
		if a.Local != "lang" {
			attrs = append(attrs, " "+a.Local+"='"+html.EscapeString(a.Value)+"'")
		}
	}
	slices.Sort(attrs)
	children := slices.DeleteFunc(slices.Clone(el.Children), added)
	slices.SortStableFunc(children, func(a, b *stream.Element) int { return strings.Compare(a.Space+a.Local, b.Space+b.Local) })
	for _, c := range children {
		inside = append(inside, canonical(c))
	}
	return "<" + el.Local + " {" + el.Space + "}" + strings.Join(attrs, "") + ">" + html.EscapeString(el.Text) + strings.Join(inside, "") + "</>"
}

const uuid4 = `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`

// pattern matches a text in which "…" stands for the regular expression anything, and UUID for a
// UUID.
func pattern(text, anything string) *regexp.Regexp {
	text = strings.NewReplacer("…", anything, "UUID", uuid4).Replace(regexp.QuoteMeta(text))
	return regexp.MustCompile("^" + text + "$")
}
