package hosts_test

import (
	"testing"
	"time"

	"porchlight/e2e/visitor"
)

// litFor is for how long ONLINE may be shown when nobody can be reached.
const litFor = 3 * time.Minute

// again is how long it may take until an operator who is back is asked. ejabberd refuses her server
// for some seconds more, and porchlight tries once a minute.
const again = 90 * time.Second

// TestKilled: the operator's server dies. It tells nobody, and refuses every new connection.
func TestKilled(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"prosody", "ejabberd"} {
		for _, when := range []struct {
			name string
			run  func(*testing.T, *world)
		}{{"idle", killedIdle}, {"offer", killedOffer}, {"active", killedActive}, {"notice", killedNotice}} {
			if kind == "ejabberd" && when.name == "idle" && !*long {
				continue // porchlight finds the dead server by its own pings, whichever server A has
			}
			t.Run(kind+"/"+when.name, func(t *testing.T) {
				t.Parallel()
				when.run(t, newWorld(t, settings{kind: kind}))
			})
		}
	}
}

// killedIdle: nothing is under way. The site shows OFFLINE in time, tells a visitor that nobody is
// there, and is ONLINE again when the operator is back.
func killedIdle(t *testing.T, w *world) {
	w.olgaComes("gajim").settles()
	w.turns(true, patience)
	w.b.Kill()
	took(t, "OFFLINE after the server died", w.turns(false, life(litFor)))
	_, err := w.site.Ask(within(t), visitor.Inquiry{ClientID: "hosts-nobody-0123456789", Name: "Ben", Reason: "Anybody?"})
	refused(t, err, "email")
	w.restart()
	w.stays(false, life(90*time.Second)) // the server is back without the operator
	w.olgaComes("gajim")
	took(t, "ONLINE after her login", w.turns(true, again))
	w.rings("Anna", "Anybody?")
}

// refused fails unless err says that the field is wrong.
func refused(t *testing.T, err error, field string) {
	t.Helper()
	p, ok := err.(*visitor.Problem)
	if !ok || p.HTTPStatus != 422 || p.Errors[field] == "" {
		t.Fatalf("%v: not refused for its %s", err, field)
	}
}

// killedOffer: the offer comes back and counts as not made. The site shows OFFLINE at once, and the
// operator is asked when she is there again.
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

// killedActive: the visitor's message comes back. The page does not show it as passed on, the
// visitor is told, and the operator who takes the conversation again reads the message.
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

// killedNotice: a notice of the desk is lost with the operator's server, without an error. The desk
// sends it again when she is back, and her colleague knows that she was not there.
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

// settles waits until everything that follows from her login has come. A dead server would refuse
// whatever is still to come, and so tell too early that it is dead.
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

// talks begins a conversation of Olga with Anna, in which both have written.
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
