package console

import (
	"crypto/rand"
	"encoding/xml"
	"fmt"
	"time"
)

type empty struct{}

// ref names another message by its id.
type ref struct {
	ID string `xml:"id,attr"`
}

// stanza holds what the console reads of any stanza. Addresses are plain strings, since an
// address that can't be parsed must not end the stream.
type stanza struct {
	XMLName xml.Name
	From    string `xml:"from,attr"`
	ID      string `xml:"id,attr"`
	Type    string `xml:"type,attr"`

	Body      *string `xml:"jabber:client body"`
	Request   *empty  `xml:"urn:xmpp:receipts request"`
	Received  *empty  `xml:"urn:xmpp:receipts received"`
	Markable  *empty  `xml:"urn:xmpp:chat-markers:0 markable"`
	Composing *empty  `xml:"http://jabber.org/protocol/chatstates composing"`
	Replace   *empty  `xml:"urn:xmpp:message-correct:0 replace"`
	Retract   *empty  `xml:"urn:xmpp:message-retract:1 retract"`

	Show   string `xml:"jabber:client show"`
	Status string `xml:"jabber:client status"`

	Ping  *empty      `xml:"urn:xmpp:ping ping"`
	Time  *empty      `xml:"urn:xmpp:time time"`
	Error stanzaError `xml:"jabber:client error"`
}

// stanzaError is the error in a stanza (RFC 6120 §8.3.2).
type stanzaError struct {
	Text string `xml:"urn:ietf:params:xml:ns:xmpp-stanzas text"`
	Any  []struct {
		XMLName xml.Name
	} `xml:",any"`
}

// reason returns the error's text, else the name of its condition.
func (e stanzaError) reason() string {
	switch {
	case e.Text != "":
		return e.Text
	case len(e.Any) > 0:
		return e.Any[0].XMLName.Local
	}
	return "no reason given"
}

// answer returns the answer to a request. It serves only pings (XEP-0199) and questions for
// the time (XEP-0202). now must have the operator's time zone.
func (st stanza) answer(now time.Time) iq {
	switch {
	case st.Type == "get" && st.Ping != nil:
		return iq{To: st.From, ID: st.ID, Type: "result"}
	case st.Type == "get" && st.Time != nil:
		return iq{To: st.From, ID: st.ID, Type: "result", Time: &clock{now.Format("-07:00"), now.UTC().Format(time.RFC3339)}}
	}
	return iq{To: st.From, ID: st.ID, Type: "error", Error: &unavailable{Type: "cancel"}}
}

// message is a message to send.
type message struct {
	XMLName   xml.Name `xml:"message"`
	To        string   `xml:"to,attr"`
	Type      string   `xml:"type,attr"`
	ID        string   `xml:"id,attr"`
	Body      string   `xml:"body,omitempty"`
	Request   *empty   `xml:"urn:xmpp:receipts request"`
	Received  *ref     `xml:"urn:xmpp:receipts received"`
	Displayed *ref     `xml:"urn:xmpp:chat-markers:0 displayed"`
	Active    *empty   `xml:"http://jabber.org/protocol/chatstates active"`
	Store     *empty   `xml:"urn:xmpp:hints store"`
}

// presence is a presence to send.
type presence struct {
	XMLName xml.Name `xml:"presence"`
	To      string   `xml:"to,attr,omitempty"`
	Type    string   `xml:"type,attr,omitempty"`
}

// iq is an IQ to send.
type iq struct {
	XMLName xml.Name     `xml:"iq"`
	To      string       `xml:"to,attr,omitempty"`
	Type    string       `xml:"type,attr"`
	ID      string       `xml:"id,attr"`
	Bind    *bindRequest `xml:"urn:ietf:params:xml:ns:xmpp-bind bind"`
	Time    *clock       `xml:"urn:xmpp:time time"`
	Error   *unavailable `xml:"error"`
}

// clock is the answer of Entity Time (XEP-0202 §2).
type clock struct {
	Offset string `xml:"tzo"`
	UTC    string `xml:"utc"`
}

type bindRequest struct {
	Resource string `xml:"resource"`
}

type unavailable struct {
	Type      string `xml:"type,attr"`
	Condition empty  `xml:"urn:ietf:params:xml:ns:xmpp-stanzas service-unavailable"`
}

// newID returns a random UUID (RFC 9562 §5.4), by which clients recognise duplicates.
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
