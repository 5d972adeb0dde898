package hosts_test

import (
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// TestCable_Minute: the cable of the operator's server is cut for a minute in the middle of a
// conversation. Each message of both sides comes once, and nobody has to do anything.
func TestCable_Minute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	olga, c := w.talks()
	w.hostB.unplug(t)
	during := c.writes("during")
	time.Sleep(life(time.Minute))
	w.hostB.replug(t)
	began := time.Now()
	olga.hearsWithin(2*time.Minute, c.Visitor, "during")
	took(t, "the visitor's words after the cut", time.Since(began))
	c.until("it was passed on", func(s visitor.Snapshot) bool { return s.Receipts.Confirmed >= during && s.State == "active" })
	after := c.writes("after")
	olga.confirms(olga.hears(c.Visitor, "after"))
	c.until("the next is delivered", func(s visitor.Snapshot) bool { return s.Receipts.Delivered >= after })
	olga.says(c.Visitor, "Still here.")
	c.hears("Still here.")
	w.turns(true, patience)
	once(t, olga, c, "during", "after")
}

// TestCable_Long: the cable is cut for ten minutes, and no packet tells anybody. The site shows
// OFFLINE in time, the conversation is on offer again, and another waits. Afterwards the operator
// gets all of it without a new login.
func TestCable_Long(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	olga, c := w.talks()
	w.hostB.unplug(t)
	cut := time.Now()
	c.writes("during")
	took(t, "OFFLINE after the cut", w.turns(false, life(litFor)))
	c.until("it waits", func(s visitor.Snapshot) bool { return s.State == "waiting" })
	_, err := w.site.Ask(within(t), visitor.Inquiry{ClientID: "hosts-nobody-0123456789", Name: "Ben", Reason: "Anybody?"})
	refused(t, err, "email")
	if *long {
		time.Sleep(time.Until(cut.Add(10 * time.Minute)))
	}
	w.hostB.replug(t)
	took(t, "ONLINE after the cable was mended", w.turns(true, 3*time.Minute))
	began := time.Now()
	olga.hearsWithin(time.Minute, w.desk, "#1 Anna")
	took(t, "the offer after that", time.Since(began))
	olga.says(w.desk, "1")
	olga.hearsWithin(time.Minute, c.Visitor, "during")
	c.shows("operator", "joined", "Olga")
	olga.says(c.Visitor, "Here I am again.")
	c.hears("Here I am again.")
}

// once fails if the operator's client shows a text of the visitor more than once. Clients know a
// repetition by its id.
func once(t *testing.T, p *person, c *visit, texts ...string) {
	t.Helper()
	ids := map[string]map[string]bool{}
	for _, el := range p.All() {
		for _, text := range texts {
			if operator.Body(c.Visitor, text)(el) {
				if ids[text] == nil {
					ids[text] = map[string]bool{}
				}
				ids[text][el.Get("id")] = true
			}
		}
	}
	for _, text := range texts {
		if len(ids[text]) != 1 {
			t.Errorf("%q came under %d ids", text, len(ids[text]))
		}
	}
}

// TestClientKilled: the network of the operator's client is gone, and nobody tells her server.
// With stream management (XEP-0198) the server goes on saying that she is there, for Prosody's ten
// minutes. Either way the site shows OFFLINE in time, and messages to her come when she is back.
func TestClientKilled(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain", "smacks"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, settings{})
			olga, c := w.talks()
			if name == "smacks" {
				olga.Send(stream.New("urn:xmpp:sm:3", "enable").With("resume", "true"))
				if _, err := olga.Expect("stream management", func(el *stream.Element) bool { return el.Local == "enabled" }, patience); err != nil {
					t.Fatal(err)
				}
			}
			olga.vanish(w.laptop)
			c.writes("during")
			took(t, "OFFLINE after she vanished", w.turns(false, life(litFor)))
			c.untilWithin(life(2*time.Minute), "it waits", func(s visitor.Snapshot) bool { return s.State == "waiting" })
			w.laptop.replug(t)
			olga = w.olgaComes("dino")
			took(t, "ONLINE after her login", w.turns(true, patience))
			olga.hears(w.desk, "#1 Anna")
			olga.says(w.desk, "1")
			olga.hears(c.Visitor, "during")
			c.shows("operator", "joined", "Olga")
		})
	}
}
