package console

import (
	"cmp"
	"strings"
	"time"
)

// arrived handles a stanza of the stream.
func (c *console) arrived(st stanza) {
	switch st.XMLName.Local {
	case "message":
		c.message(st)
	case "presence":
		c.seen(st)
	case "iq":
		if st.Type == "get" || st.Type == "set" {
			c.send(st.answer(time.Now()))
		}
	}
}

// message shows a message and confirms it.
func (c *console) message(st stanza) {
	from := bare(st.From)
	switch {
	case from == "" || st.Type == "groupchat" || st.Type == "headline":
		return
	case st.Type == "error":
		// An error is never answered (RFC 6120 §8.3.1).
		c.show("not delivered: "+c.name(from)+": ", st.Error.reason())
		return
	}
	c.typist(from, st.Composing != nil)
	if st.Body == nil {
		return
	}
	c.meet(from)
	if c.took && from != c.desk && domainOf(from) == domainOf(c.desk) {
		c.took = false
		c.turn(from)
	}
	label := c.name(from) + ": "
	switch {
	case st.Replace != nil: // XEP-0308 §3
		c.show(label, "(corrected) "+*st.Body)
	case st.Retract != nil: // XEP-0424 §3
		c.show(label, "(retracted) "+*st.Body)
	default:
		c.show(label, *st.Body)
	}
	c.confirm(st)
}

// confirm tells the sender, if they asked, that the message arrived (XEP-0184 §7) and was
// displayed (XEP-0333 §4.2). A receipt is never acknowledged (XEP-0184 §5.4).
func (c *console) confirm(st stanza) {
	if st.ID == "" || st.Received != nil {
		return
	}
	if st.Request != nil {
		c.send(message{To: st.From, Type: "chat", ID: newID(), Received: &ref{st.ID}, Store: &empty{}})
	}
	if st.Markable != nil {
		c.send(message{To: st.From, Type: "chat", ID: newID(), Displayed: &ref{st.ID}, Store: &empty{}})
	}
}

// typist shows that somebody has begun to type (XEP-0085).
func (c *console) typist(from string, typing bool) {
	if typing && !c.typing[from] {
		c.show(c.name(from), " is typing…")
	}
	if typing {
		c.typing[from] = true
	} else {
		delete(c.typing, from)
	}
}

// seen shows the presence of the desk and of visitors when it changes, and accepts the
// desk's request to see ours.
func (c *console) seen(st stanza) {
	from := bare(st.From)
	if st.Type == "subscribe" && from == c.desk {
		c.send(presence{To: from, Type: "subscribed"}) // RFC 6121 §3.1.5
	}
	if domainOf(from) != domainOf(c.desk) || from == c.own || !strings.Contains(from, "@") || st.Type != "" && st.Type != "unavailable" {
		return
	}
	state := cmp.Or(st.Type, st.Show, "available")
	text := strings.TrimSpace("(" + state + ") " + st.Status)
	last, known := c.presence[from]
	if text == last || !known && state == "unavailable" { // somebody who was never there is no news
		return
	}
	c.presence[from] = text
	c.show(c.name(from)+": ", text)
}
