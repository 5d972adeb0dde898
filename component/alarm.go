package component

import (
	"sync"
)

// Alarm tells the super operators something at once, or as soon as there is a
// link (bridge.Console).
func (c *Component) Alarm(text string) {
	for _, o := range c.bridge.SuperOperators() {
		conn := c.conn.Load()
		if conn == nil || !conn.TrySend(c.deskMessage(string(o), newStanzaID(), "⚠ "+text)) {
			c.untold.add(text)
			return
		}
	}
}

// untold are alarms that wait for a link.
type untold struct {
	mu    sync.Mutex
	texts []string
}

// untoldRoom is how many wait; those that came first are the cause of the rest.
const untoldRoom = 8

func (u *untold) add(text string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.texts) < untoldRoom {
		u.texts = append(u.texts, text)
	}
}

func (u *untold) take() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	texts := u.texts
	u.texts = nil
	return texts
}
