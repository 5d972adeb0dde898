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

// Chat makes a message as operators' clients want content: from a bare JID to
// a bare JID, type chat, with an id that stays the same when it is repeated.
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

// Knock makes a message without any content: clients pass over it and servers don't
// keep it, but it comes back from where there is no account (RFC 6121 §8.5.1).
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

// Delayed says when a message was really written (XEP-0203 §3).
func Delayed(domain string, at time.Time) *stream.Element {
	return stream.New(NSDelay, "delay").With("from", domain, "stamp", at.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// Replaces marks a message as the correction of another (XEP-0308 §3).
func Replaces(id string) *stream.Element { return stream.New(NSReplace, "replace").With("id", id) }

// Retracts marks a message as the retraction of another, whose body is for
// clients that don't know retractions (XEP-0424 §5.1).
func Retracts(id string) []*stream.Element {
	return []*stream.Element{stream.New(NSRetract, "retract").With("id", id),
		stream.New(NSFallback, "fallback", stream.New("", "body")).With("for", NSRetract)}
}

// IQ makes an IQ that asks something: typ is get or set (RFC 6120 §8.2.3).
func IQ(typ, from, to, id string, payload *stream.Element) *stream.Element {
	return stream.New("", "iq", payload).With("type", typ, "from", from, "to", to, "id", id)
}

// Ping makes the question whether somebody is there (XEP-0199).
func Ping(from, to, id string) *stream.Element {
	return IQ("get", from, to, id, stream.New(NSPing, "ping"))
}

// Result answers an IQ (RFC 6120 §8.2.3).
func Result(iq *stream.Element, children ...*stream.Element) *stream.Element {
	return stream.New("", "iq", children...).With("type", "result", "from", iq.Get("to"), "to", iq.Get("from"), "id", iq.Get("id"))
}

// Error bounces a stanza with a type and a condition of RFC 6120 §8.3; a text is
// for people and may be "". It must not be used on errors.
func Error(el *stream.Element, typ, condition, text string) *stream.Element {
	e := stream.New("", "error", stream.New(NSStanzas, condition)).With("type", typ)
	if text != "" {
		e.Children = append(e.Children, stream.Text(NSStanzas, "text", text))
	}
	return stream.New("", el.Local, e).With("type", "error", "from", el.Get("to"), "to", el.Get("from"), "id", el.Get("id"))
}
