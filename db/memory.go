package db

import (
	"time"

	"porchlight/bridge"
)

// memoryRoom is how many conversations are remembered.
const memoryRoom = 4096

// memory holds conversations as the writer's connection has them, because
// reading one takes as long as storing a message. All changes go through the
// writer, so what it holds is true until something is rolled back; then all of it
// is forgotten. Only the writer's goroutine uses it.
type memory struct {
	conversations map[int64]bridge.Conversation
	latest        map[bridge.VisitorJID]int64
}

func newMemory() *memory {
	m := new(memory)
	m.forget()
	return m
}

func (m *memory) forget() {
	m.conversations = make(map[int64]bridge.Conversation)
	m.latest = make(map[bridge.VisitorJID]int64)
}

// keep remembers c as the database would give it back.
func (m *memory) keep(c bridge.Conversation) {
	if len(m.conversations) >= memoryRoom {
		m.forget()
	}
	for _, t := range []*time.Time{&c.OpenedAt, &c.ClosedAt, &c.WaitsSince, &c.Due.Waiting, &c.Due.Visitor, &c.Due.Operator, &c.Due.IdleWarn, &c.Due.IdleClose, &c.Due.Receipt, &c.Due.Offer} {
		if !t.IsZero() {
			*t = time.UnixMilli(t.UnixMilli()).UTC()
		}
	}
	m.conversations[c.Number] = c
}

// Conversation is as bridge.Store has it.
func (t *tx) Conversation(number int64) (bridge.Conversation, error) {
	if c, ok := t.memory.conversations[number]; ok {
		t.seen = c
		return c, nil
	}
	c, err := t.reader.Conversation(number)
	if err == nil {
		t.memory.keep(c)
	}
	return c, err
}

// LatestConversation is as bridge.Store has it.
func (t *tx) LatestConversation(v bridge.VisitorJID) (bridge.Conversation, error) {
	if number, ok := t.memory.latest[v]; ok {
		return t.Conversation(number)
	}
	c, err := t.reader.LatestConversation(v)
	if err == nil {
		t.memory.keep(c)
		t.memory.latest[v] = c.Number
	}
	return c, err
}
