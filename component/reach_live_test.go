package component_test

import (
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/e2e/operator"
)

// An operator who has sent presence to the desk alone can go without any server telling us.
// The site is offline once they were asked in vain.
func TestLive_AGhostIsFoundOut(t *testing.T) {
	w := newWorld(t)
	defer w.stop()
	x := w.login("xavi", "none")
	rings := make(bell, 1)
	leave := w.bridge.Join(rings)
	for end := time.Now().Add(patience); time.Now().Before(end); { // what comes in the moment in which the link comes up may be lost
		x.SendXML("<presence to='" + deskJID + "'/>")
		select {
		case <-rings:
		case <-time.After(3 * time.Second):
		}
		if s, err := w.bridge.Team.Status(""); err == nil && s.Operators == 1 {
			break
		}
	}
	leave()
	w.online(1)
	x.Close(false)
	w.clock.move(3 * time.Minute)
	w.online(0) // the server says that there is no such client; its silence would do as well
}

// A client that is online for its server but does not answer us is offline for us. It is
// back with its first stanza.
func TestLive_ADeafClient(t *testing.T) {
	w := newWorld(t)
	defer w.stop()
	x := w.login("xavi", "")
	w.online(1)
	x.Deaf()
	ping := func(e *stream.Element) bool { return e.Child("urn:xmpp:ping", "ping") != nil }
	for end := time.Now().Add(patience); ; { // their presence may come once more after a move, and counts as a sign of life
		w.clock.move(3 * time.Minute)
		if _, err := x.Expect("a ping", ping, 3*time.Second); err == nil {
			break
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
	w.clock.move(time.Minute)
	w.online(0)
	x.Chat(deskJID, "q", "queue")
	w.online(1)
}

// If an operator's server can't be found, the super operators are told, with the name of the
// server that says so.
func TestLive_NoSuchServer(t *testing.T) {
	w := newWorld(t, "nora@nowhere.invalid")
	defer w.stop()
	x := w.login("xavi", "")
	w.expect(x, "the alarm", operator.Body(deskJID, "Nora (nora@nowhere.invalid) can't be reached: not-allowed (Communication with remote domains"))
	x.Chat(deskJID, "w", "who")
	w.expect(x, "who", operator.Body(deskJID, "Nora (nora@nowhere.invalid): can't be reached: not-allowed (Communication with remote domains"))

}
