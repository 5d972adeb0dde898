package component

import (
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
)

// Alarm tells the super operators something at once, or as soon as a link has room for
// it (bridge.Alarmer). It never waits; any goroutine may call it.
func (c *Component) Alarm(text phrase.Phrase) {
	for _, o := range c.bridge.Team.SuperOperators() {
		c.alarm(alarm{o, text})
	}
}

// alarm is a text for one super operator.
type alarm struct {
	operator bridge.OperatorJID
	text     phrase.Phrase
}

func (c *Component) alarm(a alarm) {
	l := c.link.Load()
	if l == nil || !l.line.TrySend(l.desk.message(string(a.operator), stanza.NewID(), "⚠ "+voiceOf(c.bridge, a.operator).Phrase(a.text))) {
		c.untold.add(a)
	}
}

// tellUntold sends the alarms that had to wait.
func (c *Component) tellUntold() {
	for _, a := range c.untold.take() {
		c.alarm(a)
	}
}

// untold are alarms that wait for a link.
type untold struct {
	mu   sync.Mutex
	list []alarm
}

// untoldRoom is how many alarms can wait. Later ones are dropped, since the first ones
// name the cause.
const untoldRoom = 50

func (u *untold) add(a alarm) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.list) < untoldRoom {
		u.list = append(u.list, a)
	}
}

func (u *untold) take() []alarm {
	u.mu.Lock()
	defer u.mu.Unlock()
	list := u.list
	u.list = nil
	return list
}
