package component

import (
	"sync"

	"porchlight/bridge"
)

// tracks holds the tracks of conversations, by number. Any goroutine may use it. Its lock
// is taken before that of a track.
type tracks struct {
	mu sync.Mutex
	of map[int64]*track
}

func newTracks() *tracks { return &tracks{of: make(map[int64]*track)} }

// maxTracks is how many tracks are kept in which everything is proved.
const maxTracks = 2000

// feed returns a conversation's track to the goroutine that feeds it, and makes the track
// if there is none. The goroutine must call rest afterwards.
func (ts *tracks) feed(number int64) *track {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t := ts.of[number]
	if t == nil {
		t = &track{number: number, stale: true}
		ts.of[number] = t
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.feeding = true
	return t
}

// get returns a conversation's track, nil if there is none.
func (ts *tracks) get(number int64) *track {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return ts.of[number]
}

// forget drops a conversation's track, so that the next feed reads the store.
func (ts *tracks) forget(number int64) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	delete(ts.of, number)
}

// spoil has every track read the store again, and returns their conversations.
func (ts *tracks) spoil() (numbers []int64) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for number, t := range ts.of {
		t.spoil()
		numbers = append(numbers, number)
	}
	return numbers
}

// prove takes in a proved cursor, and forgets the track if it is no longer needed.
func (ts *tracks) prove(number int64, o bridge.OperatorJID, seq int64) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t := ts.of[number]; t != nil && t.prove(o, seq, len(ts.of) > maxTracks) {
		delete(ts.of, number)
	}
}

func (ts *tracks) len() int {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	return len(ts.of)
}
