package e2e_test

import (
	"crypto/rand"
	"fmt"
	"strings"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// Namespaces of the stanzas that operators' clients send and get.
const (
	nsReplace  = "urn:xmpp:message-correct:0"
	nsRetract  = "urn:xmpp:message-retract:1"
	nsReceipts = "urn:xmpp:receipts"
	nsMarkers  = "urn:xmpp:chat-markers:0"
	nsStates   = "http://jabber.org/protocol/chatstates"
	nsStanzas  = "urn:ietf:params:xml:ns:xmpp-stanzas"
)

// expect waits for a stanza.
func (p *person) expect(what string, m operator.Match) *stream.Element {
	p.t.Helper()
	el, err := p.Expect(what, m, patience)
	if err != nil {
		p.t.Fatal(err)
	}
	return el
}

// hears waits for a message whose body contains the text, and returns the body.
func (p *person) hears(from, text string) string {
	p.t.Helper()
	return p.expect(fmt.Sprintf("%q from %s", text, from), operator.Body(from, text)).ChildText("", "body")
}

// desk sends a line to the desk and returns the answer, which must contain the text.
func (p *person) desk(line, answer string) string {
	p.t.Helper()
	p.Chat(demo.Desk, rand.Text(), line)
	return p.hears(demo.Desk, answer)
}

// take takes a request by its number and returns the transcript.
func (p *person) take(number int64, visitor string) string {
	p.t.Helper()
	p.desk(fmt.Sprint(number), fmt.Sprintf("#%d is yours", number))
	return p.hears(visitor, fmt.Sprintf("#%d ", number))
}

// says sends a message to a visitor and waits for the receipt, which means that it is stored.
func (p *person) says(visitor, text string) string {
	p.t.Helper()
	id := rand.Text()
	p.Chat(visitor, id, text)
	p.expect("the receipt for "+text, func(el *stream.Element) bool {
		return el.Child(nsReceipts, "received").Get("id") == id
	})
	return id
}

// bounced matches the error that answers the stanza with the id.
func bounced(id, condition string) operator.Match {
	return func(el *stream.Element) bool {
		return el.Get("id") == id && el.Get("type") == "error" && el.Child("", "error").Child(nsStanzas, condition) != nil
	}
}

// presenceOf matches presence of a bare JID: type "unavailable", or "" for available.
func presenceOf(bare, kind string) operator.Match {
	return func(el *stream.Element) bool {
		from, _, _ := strings.Cut(el.Get("from"), "/")
		return el.Local == "presence" && from == bare && el.Get("type") == kind
	}
}

// outcome matches an offer's end: a correction of it, or its retraction.
func outcome(text string) operator.Match {
	return func(el *stream.Element) bool {
		return operator.Body(demo.Desk, text)(el) && (el.Child(nsReplace, "replace") != nil || el.Child(nsRetract, "retract") != nil)
	}
}

// heard lists the bodies of the messages from a visitor's address, each stanza id once, in the
// order in which the ids came first. It lists only bodies that keep accepts.
func (p *person) heard(visitor string, keep func(string) bool) []string {
	var list []string
	known := map[string]bool{}
	for _, el := range p.All() {
		if !operator.Body(visitor, "")(el) || known[el.Get("id")] {
			continue
		}
		known[el.Get("id")] = true
		if body := el.ChildText("", "body"); keep(body) {
			list = append(list, body)
		}
	}
	return list
}

// startsWith makes a filter for heard, which accepts bodies with the prefix.
func startsWith(prefix string) func(string) bool {
	return func(s string) bool { return strings.HasPrefix(s, prefix) }
}

// numbered returns prefix1 … prefixN.
func numbered(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s%d", prefix, i+1)
	}
	return list
}
