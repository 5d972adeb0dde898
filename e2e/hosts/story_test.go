package hosts_test

import (
	"testing"

	"porchlight/component/stream"
	"porchlight/e2e/visitor"
)

// TestStory: an operator on another server can do alone whatever an operator on our server does.
func TestStory(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"prosody", "ejabberd"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			story(t, newWorld(t, settings{kind: kind}))
		})
	}
}

func story(t *testing.T, w *world) {
	olga := w.olgaComes("gajim")
	w.turns(true, patience)
	c := w.rings("Anna", "How can I edit my students' information?")
	offer := olga.hears(w.desk, "#1 Anna")
	olga.confirms(offer)
	olga.says(w.desk, "take 1")
	olga.hears(c.Visitor, "How can I edit my students' information?")
	c.shows("operator", "joined", "Olga")
	// Messages and receipts go both ways.
	olga.says(c.Visitor, "Open the class first.")
	c.hears("Open the class first.")
	sent := c.writes("Found it.")
	got := olga.hears(c.Visitor, "Found it.")
	olga.confirms(got)
	c.until("it is delivered", func(s visitor.Snapshot) bool { return s.Receipts.Delivered >= sent })
	olga.Send(stream.New("", "message", stream.New("urn:xmpp:chat-markers:0", "displayed").With("id", got.Get("id"))).With("type", "chat", "to", c.Visitor))
	c.until("it is seen", func(s visitor.Snapshot) bool { return s.Receipts.Seen >= sent })
	// She corrects herself (XEP-0308), and sends a file as a link (XEP-0066).
	olga.Send(stream.New("", "message", stream.Text("", "body", "Then the student's naem."), stream.New("urn:xmpp:receipts", "request")).
		With("type", "chat", "to", c.Visitor, "id", "typo"))
	c.hears("Then the student's naem.")
	olga.Send(stream.New("", "message", stream.Text("", "body", "Then the student's name."), stream.New("urn:xmpp:message-correct:0", "replace").With("id", "typo")).
		With("type", "chat", "to", c.Visitor, "id", "right"))
	c.shows("correction", "", "Then the student's name.")
	const link = "https://files.example.org/class.png"
	olga.Send(stream.New("", "message", stream.Text("", "body", link), stream.New("jabber:x:oob", "x", stream.Text("jabber:x:oob", "url", link))).
		With("type", "chat", "to", c.Visitor, "id", "file"))
	c.sees("the link", func(e visitor.Event) bool { return e.File != nil && e.File.URL == link })
	olga.says(c.Visitor, "!close")
	c.until("it is closed", func(s visitor.Snapshot) bool { return s.State == "closed" })
	olga.asks("who", "Olga")
}
