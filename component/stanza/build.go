package stanza

import (
	"crypto/rand"
	"encoding/hex"
	"time"

	"porchlight/component/stream"
)

// NewID returns a fresh UUIDv4 (RFC 9562 §5.4).
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// Chat makes a message in the form in which operators' clients take content: type
// chat, from a bare JID to a bare JID. A repetition must have the same id.
func Chat(from, to, id, body string, more ...*stream.Element) *stream.Element {
	children := append([]*stream.Element{
		stream.Text("", "body", Harmless(body)),
		stream.New(NSReceipts, "request"),
		stream.New(NSMarkers, "markable"),
		stream.New(NSStates, "active"),
		stream.New(NSSID, "origin-id").With("id", id),
	}, more...)
	return stream.New("", "message", children...).With("type", "chat", "from", from, "to", to, "id", id)
}

// Signal makes a message without a body.
func Signal(from, to string, children ...*stream.Element) *stream.Element {
	return stream.New("", "message", children...).With("type", "chat", "from", from, "to", to, "id", NewID())
}

// Knock makes a message without any content. Clients ignore it and servers don't keep
// it, but it comes back if there is no such account (RFC 6121 §8.5.1).
func Knock(typ, from, to, id string) *stream.Element {
	return stream.New("", "message", stream.New(NSHints, "no-store")).With("type", typ, "from", from, "to", to, "id", id)
}

// Headline makes a PEP event as a server would send it (XEP-0163 §4.3).
func Headline(from, to, node, itemID string, payload *stream.Element) *stream.Element {
	item := stream.New("", "item", payload).With("id", itemID)
	return stream.New("", "message",
		stream.New(NSEvent, "event", stream.New("", "items", item).With("node", node)),
	).With("type", "headline", "from", from, "to", to, "id", NewID())
}

// Presence makes a presence stanza; typ "" is available.
func Presence(from, to, typ string, children ...*stream.Element) *stream.Element {
	p := stream.New("", "presence", children...).With("from", from, "to", to)
	if typ != "" {
		p = p.With("type", typ)
	}
	return p
}

// Delayed says when a message was really written (XEP-0203 §2).
func Delayed(domain string, at time.Time) *stream.Element {
	return stream.New(NSDelay, "delay").With("from", domain, "stamp", at.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// Replaces marks a message as the correction of another (XEP-0308 §3).
func Replaces(id string) *stream.Element { return stream.New(NSReplace, "replace").With("id", id) }

// Retracts marks a message as the retraction of another. The body of the message is
// for clients that don't know retractions (XEP-0424 §3).
func Retracts(id string) []*stream.Element {
	return []*stream.Element{stream.New(NSRetract, "retract").With("id", id),
		stream.New(NSFallback, "fallback", stream.New("", "body")).With("for", NSRetract)}
}

// IQ makes a request: typ is get or set (RFC 6120 §8.2.3).
func IQ(typ, from, to, id string, payload *stream.Element) *stream.Element {
	return stream.New("", "iq", payload).With("type", typ, "from", from, "to", to, "id", id)
}

// Ping makes a request that asks whether somebody is there (XEP-0199).
func Ping(from, to, id string) *stream.Element {
	return IQ("get", from, to, id, stream.New(NSPing, "ping"))
}

// Result answers an IQ (RFC 6120 §8.2.3).
func Result(iq *stream.Element, children ...*stream.Element) *stream.Element {
	return stream.New("", "iq", children...).With("type", "result", "from", iq.Get("to"), "to", iq.Get("from"), "id", iq.Get("id"))
}

// Error makes the error that sends a stanza back, with a type and a condition of RFC
// 6120 §8.3. The text is for people and may be "". The caller must not pass an error,
// since errors are never answered (§8.3.1).
func Error(el *stream.Element, typ, condition, text string) *stream.Element {
	e := stream.New("", "error", stream.New(NSStanzas, condition)).With("type", typ)
	if text != "" {
		e.Children = append(e.Children, stream.Text(NSStanzas, "text", text))
	}
	return stream.New("", el.Local, e).With("type", "error", "from", el.Get("to"), "to", el.Get("from"), "id", el.Get("id"))
}
