package webwidget

import (
	"bytes"
	"crypto/rand"
	"slices"
	"strings"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
)

// board holds the status of all departments as topics. Any goroutine may call its methods.
type board struct {
	bridge *bridge.Bridge
	news   chan struct{} // has room for one; a value in it means that the status may have changed

	onsite *onsite.Site // nil: nobody is invited; set before anything is followed

	mu     sync.Mutex
	topics map[string]*topic      // by department; "" stands for all departments together
	named  map[string]*subscriber // the streams by which visitors can be invited, by name
}

func newBoard(b *bridge.Bridge) *board {
	return &board{bridge: b, news: make(chan struct{}, 1), topics: make(map[string]*topic), named: make(map[string]*subscriber)}
}

// run keeps the board up to date until done is closed. One goroutine calls it.
func (b *board) run(done <-chan struct{}) {
	for {
		b.refresh()
		select {
		case <-b.news:
		case <-done:
			return
		}
	}
}

// look makes run look at the status. It never waits.
func (b *board) look() { nudge(b.news) }

// nudge puts a value into a channel that has room for one, if there is none in it.
func nudge(news chan<- struct{}) {
	select {
	case news <- struct{}{}:
	default:
	}
}

// refresh encodes the status anew, and publishes what has changed.
func (b *board) refresh() {
	all, err := b.bridge.Team.Status("")
	if err != nil {
		return
	}
	b.publish("", all)
	for _, d := range all.Departments {
		if st, err := b.bridge.Team.Status(d.Name); err == nil { // otherwise the department has just been deleted
			b.publish(d.Name, st)
		}
	}
}

func (b *board) publish(department string, st bridge.Status) {
	b.topic(department).publish(appendFrame(nil, 0, "status", encodeStatus(st, siteOf(b.bridge, department))))
}

// topic is the status of a department that exists or existed.
func (b *board) topic(department string) *topic {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.topics[department]
	if t == nil {
		t = newTopic()
		b.topics[department] = t
	}
	return t
}

// name gives a stream a name by which its page can be invited, if that may happen.
func (b *board) name(s *subscriber) {
	if b.onsite == nil || !b.onsite.On() {
		return
	}
	s.name = strings.ToLower(rand.Text())
	b.mu.Lock()
	defer b.mu.Unlock()
	b.named[s.name] = s
}

// forget takes the name of a stream that has ended.
func (b *board) forget(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.named, name)
}

// invited tells a page by its stream that its visitor is invited: it asks then for what is said.
func (b *board) invited(stream string) {
	b.mu.Lock()
	s := b.named[stream]
	b.mu.Unlock()
	if s == nil {
		return
	}
	s.topic.mu.Lock()
	defer s.topic.mu.Unlock()
	s.invite()
}

// also adds a member to the JSON object of a frame. A frame that is nil stays so.
func also(frame []byte, member string) []byte {
	rest, ok := bytes.CutSuffix(frame, []byte("}\n\n"))
	if !ok {
		return frame
	}
	return slices.Concat(rest, []byte(","+member+"}\n\n"))
}
