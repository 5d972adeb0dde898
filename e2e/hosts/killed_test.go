package hosts_test

import (
	"testing"
	"time"

	"porchlight/e2e/visitor"
)

// litFor is for how long ONLINE may be shown when nobody can be reached.
const litFor = 3 * time.Minute

// again is how long it may take until an operator who is back is asked: ejabberd
// refuses her server for some seconds more, and we try once a minute.
const again = 90 * time.Second

// TestKilled: the operator's server dies. Nobody is told by it; whoever calls it
// is refused.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"prosody", "ejabberd"} {
		for _, when := range []struct {
			name string
			run  func(*testing.T, *world)
		}{{"idle", killedIdle}, {"offer", killedOffer}, {"active", killedActive}, {"notice", killedNotice}} {
			if kind == "ejabberd" && when.name == "idle" && !*long {
				continue // it is ours that asks, whatever the server
			}
			t.Run(kind+"/"+when.name, func(t *testing.T) {
				t.Parallel()
				when.run(t, newWorld(t, settings{kind: kind}))
			})
		}
	}
}

// killedIdle: nothing is under way. The site shows OFFLINE in time, tells a
// visitor the truth, and is ONLINE again when there is somebody again.
func killedIdle(t *testing.T, w *world) {
	w.olgaComes("gajim").settles()
	w.turns(true, patience)
	w.b.Kill()
	took(t, "OFFLINE after the server died", w.turns(false, life(litFor)))
	_, err := w.site.Ask(within(t), visitor.Inquiry{ClientID: "hosts-nobody-0123456789", Name: "Ben", Reason: "Anybody?"})
	refused(t, err, "email")
	w.restart()
	w.stays(false, life(90*time.Second)) // the server is back, and nobody is there
	w.olgaComes("gajim")
	took(t, "ONLINE after her login", w.turns(true, again))
	w.rings("Anna", "Anybody?")
}

// refused looks whether a field was found wanting.
func refused(t *testing.T, err error, field string) {
	t.Helper()
	p, ok := err.(*visitor.Problem)
	if !ok || p.HTTPStatus != 422 || p.Errors[field] == "" {
		t.Fatalf("%v: not refused for its %s", err, field)
	}
}

// killedOffer: the offer comes back. It counts as not made: the site shows
// OFFLINE at once, and when she is there again she is asked.
func killedOffer(t *testing.T, w *world) {
	w.olgaComes("gajim").settles()
	w.turns(true, patience)
	w.b.Kill()
	c := w.rings("Anna", "Anybody?")
	took(t, "OFFLINE after the offer", w.turns(false, life(litFor)))
	c.until("it still waits", func(s visitor.Snapshot) bool { return s.State == "waiting" })
	w.restart()
	w.stays(false, life(time.Minute))
	olga := w.olgaComes("gajim")
	olga.hearsWithin(again, w.desk, "#1 Anna")
	w.turns(true, patience)
	olga.says(w.desk, "1")
	olga.hears(c.Visitor, "Anybody?")
	c.shows("operator", "joined", "Olga")
}

// killedActive: what the visitor writes comes back. It is not shown as passed on,
// the visitor is told, and who takes the conversation again reads it.
func killedActive(t *testing.T, w *world) {
	olga, c := w.talks()
	before := c.writes("before")
	olga.confirms(olga.hears(c.Visitor, "before"))
	c.until("it is delivered", func(s visitor.Snapshot) bool { return s.Receipts.Delivered >= before })
	w.b.Kill()
	lost := c.writes("into the void")
	took(t, "OFFLINE after a message", w.turns(false, life(litFor)))
	c.sees("that she is lost", func(e visitor.Event) bool {
		return e.Type == "operator" && e.Action == "left" || e.Type == "state" && e.State == "waiting"
	})
	c.until("it is not shown as passed on", func(s visitor.Snapshot) bool { return s.Receipts.Confirmed < lost && s.State == "waiting" })
	w.restart()
	olga = w.olgaComes("gajim")
	olga.hearsWithin(again, w.desk, "#1 Anna")
	olga.says(w.desk, "1")
	olga.hears(c.Visitor, "into the void")
	c.shows("operator", "joined", "Olga")
	olga.says(c.Visitor, "Here I am again.")
	c.hears("Here I am again.")
}

// killedNotice: what the desk told her is lost with her server, without an error. It is
// told again when she is there again, and the colleague knows that she was not.
func killedNotice(t *testing.T, w *world) {
	w.olgaComes("gajim")
	xavi := w.xaviComes()
	eventually(t, "both are there", patience, func() bool {
		s, err := w.site.Status(within(t))
		return err == nil && s.Operators == 2
	})
	c := w.rings("Anna", "Question")
	xavi.hears(w.desk, "#1 Anna")
	xavi.says(w.desk, "1")
	xavi.hears(c.Visitor, "Question")
	w.hostB.unplug(t)
	xavi.says(c.Visitor, "!invite olga")
	w.b.Kill()
	w.hostB.replug(t)
	xavi.hearsWithin(life(litFor), w.desk, "Olga (olga@"+w.remote+") can't be reached: ")
	xavi.asks("who", "can't be reached: ")
	w.restart()
	olga := w.olgaComes("gajim")
	olga.hearsWithin(again, w.desk, "Xavi invited you to #1")
	xavi.hears(w.desk, "Olga can be reached again.")
}

// settles waits until nothing more comes that follows from her login. Whatever was
// still to come would be refused by a dead server, and tell before it is time.
func (p *person) settles() {
	p.w.t.Helper()
	came, since := 0, time.Now()
	eventually(p.w.t, "all has come", 2*patience, func() bool {
		if n := len(p.All()); n != came {
			came, since = n, time.Now()
		}
		return time.Since(since) > 6*time.Second
	})
}

// restart starts the operator's server again.
func (w *world) restart() {
	w.t.Helper()
	if err := w.b.Restart(within(w.t)); err != nil {
		w.t.Fatal(err)
	}
}

// talks has Olga in a conversation with Anna, in which both have written.
func (w *world) talks() (*person, *visit) {
	w.t.Helper()
	olga := w.olgaComes("gajim")
	w.turns(true, patience)
	c := w.rings("Anna", "Question")
	olga.hears(w.desk, "#1 Anna")
	olga.says(w.desk, "1")
	olga.hears(c.Visitor, "Question")
	olga.says(c.Visitor, "Answer")
	c.hears("Answer")
	return olga, c
}
