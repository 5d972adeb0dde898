package component

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/component/stream"
)

// Namespaces that more than one file needs; the others stand with their XEP.
const (
	nsStanzas  = "urn:ietf:params:xml:ns:xmpp-stanzas" // RFC 6120 §8.3
	nsReceipts = "urn:xmpp:receipts"                   // XEP-0184
	nsMarkers  = "urn:xmpp:chat-markers:0"             // XEP-0333
	nsStates   = "http://jabber.org/protocol/chatstates"
	nsHints    = "urn:xmpp:hints"                  // XEP-0334
	nsSID      = "urn:xmpp:sid:0"                  // XEP-0359
	nsDelay    = "urn:xmpp:delay"                  // XEP-0203
	nsReplace  = "urn:xmpp:message-correct:0"      // XEP-0308
	nsRetract  = "urn:xmpp:message-retract:1"      // XEP-0424
	nsFallback = "urn:xmpp:fallback:0"             // XEP-0428
	nsReaction = "urn:xmpp:reactions:0"            // XEP-0444
	nsReply    = "urn:xmpp:reply:0"                // XEP-0461
	nsNick     = "http://jabber.org/protocol/nick" // XEP-0172
)

// newStanzaID returns a fresh UUIDv4 (RFC 9562 §5.4).
func newStanzaID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// chat makes a message as operators' clients want content: from a bare JID to
// a bare JID, type chat, with an id that stays the same when it is repeated.
func chat(from, to, id, body string, more ...*stream.Element) *stream.Element {
	children := append([]*stream.Element{
		stream.Text("", "body", harmless(body)),
		stream.New(nsReceipts, "request"),
		stream.New(nsMarkers, "markable"),
		stream.New(nsStates, "active"),
		stream.New(nsSID, "origin-id").With("id", id),
	}, more...)
	return stream.New("", "message", children...).With("type", "chat", "from", from, "to", to, "id", id)
}

// signal makes a message without a body.
func signal(from, to string, children ...*stream.Element) *stream.Element {
	return stream.New("", "message", children...).With("type", "chat", "from", from, "to", to, "id", newStanzaID())
}

// headline makes a PEP event as a server would send it (XEP-0163 §4.3).
func headline(from, to, node, itemID string, payload *stream.Element) *stream.Element {
	item := stream.New("", "item", payload).With("id", itemID)
	return stream.New("", "message",
		stream.New(nsPubsub+"#event", "event", stream.New("", "items", item).With("node", node)),
	).With("type", "headline", "from", from, "to", to, "id", newStanzaID())
}

// presence makes a presence stanza; kind "" is available.
func presence(from, to, kind string, children ...*stream.Element) *stream.Element {
	p := stream.New("", "presence", children...).With("from", from, "to", to)
	if kind != "" {
		p = p.With("type", kind)
	}
	return p
}

// delayed says when a message was really written (XEP-0203 §3).
func delayed(domain string, at time.Time) *stream.Element {
	return stream.New(nsDelay, "delay").With("from", domain, "stamp", at.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// resultReply answers an IQ (RFC 6120 §8.2.3).
func resultReply(iq *stream.Element, children ...*stream.Element) *stream.Element {
	return stream.New("", "iq", children...).With("type", "result", "from", iq.Get("to"), "to", iq.Get("from"), "id", iq.Get("id"))
}

// errorReply bounces a stanza (RFC 6120 §8.3). It must not be used on errors.
func errorReply(el *stream.Element, kind, condition, text string) *stream.Element {
	e := stream.New("", "error", stream.New(nsStanzas, condition)).With("type", kind)
	if text != "" {
		e.Children = append(e.Children, stream.Text(nsStanzas, "text", text))
	}
	return stream.New("", el.Local, e).With("type", "error", "from", el.Get("to"), "to", el.Get("from"), "id", el.Get("id"))
}

// condition maps an error's code to a stanza error: type and condition.
func condition(err error) (kind, name string) {
	switch phrase.CodeOf(err) {
	case phrase.CodeInvalid, phrase.CodeEmailRequired, phrase.CodeUnsupported:
		return "modify", "bad-request"
	case phrase.CodeTooLarge:
		return "modify", "policy-violation"
	case phrase.CodeForbidden:
		return "auth", "forbidden"
	case phrase.CodeNotFound:
		return "cancel", "item-not-found"
	case phrase.CodeConflict:
		return "cancel", "conflict"
	case phrase.CodeBusy:
		return "wait", "resource-constraint"
	}
	return "wait", "internal-server-error" // also CodeUnavailable: it may pass
}
