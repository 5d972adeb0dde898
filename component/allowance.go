package component

import (
	"sync"
	"time"

	"porchlight/bridge"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// allowance limits how many commands an operator may give in a minute. Each command is
// work for the database and an answer over the link that all operators share, so an
// operator who floods the desk would keep the others waiting. It remembers one count an
// operator. Any goroutine may use it.
type allowance struct {
	most int // 0: no limit
	now  func() time.Time

	mu    sync.Mutex
	given map[bridge.OperatorJID]minute
}

// minute counts an operator's commands in one minute.
type minute struct {
	began time.Time
	count int
}

func newAllowance(most int, now func() time.Time) *allowance {
	return &allowance{most: most, now: now, given: make(map[bridge.OperatorJID]minute)}
}

// take counts a command, and reports whether it may be carried out.
func (a *allowance) take(o bridge.OperatorJID) bool {
	if a.most == 0 {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	m := a.given[o]
	if now := a.now(); now.Sub(m.began) >= time.Minute || now.Before(m.began) {
		m = minute{began: now}
	}
	m.count++
	a.given[o] = m
	return m.count <= a.most
}

// asksDesk reports whether a stanza is a command: an ad-hoc command (XEP-0050), a line
// to the desk, or a line to a visitor that begins with "!".
func asksDesk(el *stream.Element, toDesk bool) bool {
	if el.Local == "iq" {
		return el.Child(stanza.NSCommands, "command") != nil
	}
	body := el.ChildText("", "body")
	return el.Local == "message" && el.Get("type") != "error" && body != "" && (toDesk || isCommand(body))
}
