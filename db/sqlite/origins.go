package sqlite

import (
	"hash/maphash"

	"porchlight/bridge"
	"porchlight/db"
)

// originsRoom is how many origins are remembered, 16 bytes each.
const originsRoom = 1 << 16

// origins holds hashes of all origins in the conversations that were created while it was there.
// Each message is looked for before it is stored, and most are new; here the search for those ends
// without the database. Only the writer's goroutine uses it.
type origins struct {
	seed  maphash.Seed
	of    map[int64]map[uint64]struct{} // by conversation
	count int
}

func newOrigins() origins {
	return origins{seed: maphash.MakeSeed(), of: make(map[int64]map[uint64]struct{})}
}

// begin is told of a conversation that was created just now.
func (o *origins) begin(number int64) {
	if len(o.of) >= memoryRoom || o.count >= originsRoom {
		*o = newOrigins()
	}
	o.of[number] = make(map[uint64]struct{})
}

// note is told of an event that was appended.
func (o *origins) note(e bridge.Event) {
	if known, ok := o.of[e.Conversation]; ok && e.Origin != "" {
		known[maphash.String(o.seed, e.Origin)] = struct{}{}
		o.count++
	}
	if o.count > originsRoom {
		*o = newOrigins()
	}
}

// lacks reports whether a conversation surely has no event of this origin.
func (o *origins) lacks(number int64, origin string) bool {
	known, ok := o.of[number]
	if !ok {
		return false
	}
	_, may := known[maphash.String(o.seed, origin)]
	return !may
}

// EventByOrigin implements bridge.Tx.
func (t *tx) EventByOrigin(number int64, origin string) (bridge.Event, error) {
	if t.memory.origins.lacks(number, origin) {
		return bridge.Event{}, db.NoEvent()
	}
	return t.Tx.EventByOrigin(number, origin)
}
