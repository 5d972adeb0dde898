package sqlite

import (
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/db"
)

// memoryRoom is how many conversations are remembered.
const memoryRoom = 4096

// memory holds conversations, which of them are a visitor's, their participants, and the
// numbers of the last messages, in the state that the writer's connection sees. Reading a
// conversation takes as long as storing a message, and memory saves that. All changes go
// through a tx, so what it holds is true until something is rolled back; then it forgets
// everything. Only the writer's goroutine uses it.
type memory struct {
	conversations map[int64]bridge.Conversation
	latest        map[bridge.VisitorJID]int64
	all           map[bridge.VisitorJID]several
	participants  map[int64][]bridge.Participant
	said          map[speaker]*recent
	origins       origins
}

// several are a visitor's newest conversations, the newest first.
type several struct {
	numbers []int64
	limit   int // how many were asked for
}

// speaker is one side of a conversation.
type speaker struct {
	conversation int64
	from         bridge.Role
}

// recent holds the seqs of the last messages, the newest first; 0 stands for none.
type recent [8]int64

func newMemory() *memory {
	m := new(memory)
	m.forget()
	return m
}

func (m *memory) forget() {
	m.conversations = make(map[int64]bridge.Conversation)
	m.latest = make(map[bridge.VisitorJID]int64)
	m.all = make(map[bridge.VisitorJID]several)
	m.participants = make(map[int64][]bridge.Participant)
	m.said = make(map[speaker]*recent)
	m.origins = newOrigins()
}

// makeRoom forgets everything if there is no room for more.
func (m *memory) makeRoom() {
	if len(m.conversations) >= memoryRoom || len(m.all) >= memoryRoom || len(m.participants) >= memoryRoom || len(m.said) >= memoryRoom {
		m.forget()
	}
}

// keep remembers c in the form that a read from the database would return: times in UTC,
// cut to milliseconds.
func (m *memory) keep(c bridge.Conversation) {
	m.makeRoom()
	for _, t := range []*time.Time{&c.OpenedAt, &c.ClosedAt, &c.WaitsSince, &c.Unanswered, &c.Due.Waiting, &c.Due.Visitor, &c.Due.Operator, &c.Due.IdleWarn, &c.Due.IdleClose, &c.Due.Receipt, &c.Due.Offer, &c.Due.Later, &c.Due.Overflow, &c.Due.Escalate, &c.Due.Remind, &c.Due.Answer, &c.Due.Solve, &c.Promise.First, &c.Promise.Solve} {
		if !t.IsZero() {
			*t = time.UnixMilli(t.UnixMilli()).UTC()
		}
	}
	m.conversations[c.Number] = c
}

// change updates a participant who is remembered. If the participant is new, it forgets
// the conversation's list, which is then read again.
func (m *memory) change(p bridge.Participant) {
	list := m.participants[p.Conversation]
	for i := range list {
		if list[i].Operator == p.Operator {
			list[i] = p
			return
		}
	}
	delete(m.participants, p.Conversation)
}

// note remembers an event that was appended.
func (m *memory) note(e bridge.Event) {
	m.origins.note(e)
	if !e.Type.Content() && e.Type != bridge.EventCorrection {
		return
	}
	m.makeRoom()
	key := speaker{e.Conversation, e.From}
	r := m.said[key]
	if r == nil {
		r = new(recent)
		m.said[key] = r
	}
	copy(r[1:], r[:])
	r[0] = e.Seq
}

// tx is a write transaction that remembers what it reads and writes in memory, and answers
// from there if it can.
type tx struct {
	db.Tx
	memory *memory
}

var _ bridge.Tx = (*tx)(nil)

// LastMessage implements bridge.Tx.
func (t *tx) LastMessage(number int64, from bridge.Role, upto int64) (int64, error) {
	if r := t.memory.said[speaker{number, from}]; r != nil {
		for _, seq := range r {
			if seq > 0 && seq <= upto {
				return seq, nil
			}
		}
	}
	return t.Tx.LastMessage(number, from, upto)
}

// Participants implements bridge.Tx.
func (t *tx) Participants(number int64) ([]bridge.Participant, error) {
	if list, ok := t.memory.participants[number]; ok {
		return slices.Clone(list), nil
	}
	list, err := t.Tx.Participants(number)
	if err == nil {
		t.memory.makeRoom()
		t.memory.participants[number] = slices.Clone(list)
	}
	return list, err
}

// Conversation implements bridge.Tx.
func (t *tx) Conversation(number int64) (bridge.Conversation, error) {
	if c, ok := t.memory.conversations[number]; ok {
		return c, nil
	}
	c, err := t.Tx.Conversation(number)
	if err == nil {
		t.memory.keep(c)
	}
	return c, err
}

// LatestConversation implements bridge.Tx.
func (t *tx) LatestConversation(v bridge.VisitorJID) (bridge.Conversation, error) {
	if number, ok := t.memory.latest[v]; ok {
		return t.Conversation(number)
	}
	c, err := t.Tx.LatestConversation(v)
	if err == nil {
		t.memory.keep(c)
		t.memory.latest[v] = c.Number
	}
	return c, err
}

// VisitorConversations implements bridge.Tx. Most messages of operators call it, since an
// earlier conversation of the visitor may have the same message.
func (t *tx) VisitorConversations(v bridge.VisitorJID, limit int) ([]bridge.Conversation, error) {
	if known, ok := t.memory.all[v]; ok && known.limit == limit {
		list := make([]bridge.Conversation, 0, len(known.numbers))
		for _, number := range known.numbers {
			c, ok := t.memory.conversations[number]
			if !ok {
				var err error
				if c, err = t.Tx.Conversation(number); err != nil {
					return nil, err
				}
			}
			list = append(list, c)
		}
		return list, nil
	}
	list, err := t.Tx.VisitorConversations(v, limit)
	if err != nil {
		return nil, err
	}
	t.memory.makeRoom()
	known := several{limit: limit}
	for _, c := range list {
		known.numbers = append(known.numbers, c.Number)
	}
	t.memory.all[v] = known
	return list, nil
}

// CreateConversation implements bridge.Tx.
func (t *tx) CreateConversation(c *bridge.Conversation, q bridge.Request, key string, tokenHash []byte) error {
	if err := t.Tx.CreateConversation(c, q, key, tokenHash); err != nil {
		return err
	}
	t.memory.keep(*c)
	t.memory.origins.begin(c.Number)
	t.memory.latest[c.Visitor] = c.Number
	delete(t.memory.all, c.Visitor)
	return nil
}

// SaveConversation implements bridge.Tx. Most changes are a message. Writing all columns
// for a message, with their indexes, would take a quarter more CPU.
func (t *tx) SaveConversation(c bridge.Conversation, was int64) (err error) {
	if stored, ok := t.memory.conversations[c.Number]; ok && db.Settled(stored) == db.Settled(c) {
		err = t.Tx.SaveProgress(c, was, due(stored) == due(c))
	} else {
		err = t.Tx.SaveConversation(c, was)
	}
	if err != nil {
		return err
	}
	t.memory.keep(c)
	return nil
}

// due is when a conversation is due next, in the milliseconds that are stored.
func due(c bridge.Conversation) int64 {
	next, _ := c.Due.Next()
	return next.UnixMilli()
}

// Append implements bridge.Tx.
func (t *tx) Append(events ...bridge.Event) error {
	if err := t.Tx.Append(events...); err != nil {
		return err
	}
	for _, e := range events {
		t.memory.note(e)
	}
	return nil
}

// SaveParticipant implements bridge.Tx.
func (t *tx) SaveParticipant(p bridge.Participant) error {
	if err := t.Tx.SaveParticipant(p); err != nil {
		return err
	}
	t.memory.change(p)
	return nil
}
