package component

import (
	"slices"
	"sync"

	"porchlight/bridge"
)

// track holds how far each operator of a conversation was sent its log, over one link. It
// is a cache: without it the cursors are read from the store. One goroutine at a time feeds
// a conversation. Only that goroutine changes card, readers and reader.sent, so it may read
// these without the lock.
type track struct {
	number int64

	mu      sync.Mutex
	feeding bool
	card    bridge.Card
	readers []*reader
	looked  int64          // number of the last event that was handed to the readers
	recent  []bridge.Event // the events after that one, as far as known without the store
	stale   bool           // the events, or who takes part, must be read from the store
}

// reader is one operator's position. The numbers are those of events.
type reader struct {
	operator bridge.OperatorJID
	watches  bool  // the operator reads along, until the conversation ends
	over     bool  // it has ended, so nothing more is sent
	known    int64 // the last event that the operator had seen before they joined again
	sent     int64 // the last event sent
	proved   int64 // the last event that is proved to have arrived
	marked   int64 // the last message of their own that they know was shown
}

// keepLimit bounds the events kept for one conversation.
const keepLimit = 64

// keep appends events if they follow those known without a gap and change nothing else the
// track holds. Otherwise the next feed reads the store.
func (t *track) keep(events []bridge.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := t.looked + int64(len(t.recent)) + 1
	if t.stale || events[0].Seq != next || len(t.recent)+len(events) > keepLimit || turns(events) {
		t.recent, t.stale = nil, true
		return
	}
	t.recent = append(t.recent, events...)
}

// turns reports whether the events change who takes part, or what the track's
// card says.
func turns(events []bridge.Event) bool {
	for _, e := range events {
		switch e.Type {
		case bridge.EventState, bridge.EventOperator, bridge.EventWatch, bridge.EventEmail, bridge.EventIdentity:
			return true
		case bridge.EventPage:
			if !e.Moves() { // an errand shows a move, not the log: see link.changed
				return true
			}
		}
	}
	return false
}

// told hands out the events that were kept. It returns false if the store has to be read.
func (t *track) told() (events []bridge.Event, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stale {
		return nil, false
	}
	events, t.recent = t.recent, nil
	t.looked += int64(len(events))
	return events, true
}

// spoil says that the store has to be read again.
func (t *track) spoil() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recent, t.stale = nil, true
}

// load takes in what the store has of a conversation, and returns the number of the event
// after which its log has to be read. Readers that are known keep their positions.
func (t *track) load(card bridge.Card, parts []bridge.Participant) (looked int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.readers
	t.card, t.readers, t.looked = card, nil, card.Seq
	t.recent, t.stale = nil, false
	for _, p := range parts {
		r := &reader{operator: p.Operator, watches: p.Watches, known: max(p.Known, 0), sent: p.Confirmed, proved: p.Confirmed}
		for _, k := range known {
			if k.operator == p.Operator && k.sent >= p.Joined {
				r = k
			}
		}
		t.readers = append(t.readers, r)
		t.looked = min(t.looked, r.sent)
	}
	return t.looked
}

// read takes in the events that the store has after looked. It stops before an event that
// changes the card or the readers and is newer than they are. again says that the store has
// to be read once more.
func (t *track) read(events []bridge.Event) (fresh []bridge.Event, again bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, e := range events {
		if e.Seq > t.card.Seq && turns(events[i:]) {
			events = events[:i]
			t.stale = true
			break
		}
	}
	t.looked += int64(len(events))
	if len(events) == feedLimit {
		t.stale = true
	}
	for len(t.recent) > 0 && t.recent[0].Seq <= t.looked {
		t.recent = t.recent[1:]
	}
	if t.stale || len(t.recent) > 0 && t.recent[0].Seq != t.looked+1 {
		t.recent, t.stale = nil, true
	}
	return events, t.stale
}

// sent notes how far a reader was sent the log.
func (t *track) sent(r *reader, seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.sent = seq
}

// rest says that the goroutine that fed the track is done.
func (t *track) rest() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.feeding = false
}

// prove takes in that everything up to seq is proved to have been routed to an operator. It
// reports whether the track can be forgotten: everything is proved, and the conversation is
// closed or there are many tracks.
func (t *track) prove(o bridge.OperatorJID, seq int64, many bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	clean := len(t.recent) == 0 && !t.stale && !t.feeding
	for _, r := range t.readers {
		if r.operator == o {
			r.proved = max(r.proved, seq)
		}
		clean = clean && r.proved >= r.sent
	}
	return clean && (many || t.card.State == bridge.Closed)
}

// operators lists the operators who take part, as far as the track knows them.
func (t *track) operators() (list []bridge.OperatorJID) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range t.readers {
		list = append(list, r.operator)
	}
	return list
}

// mark remembers that an operator is told that their message was shown, and reports
// whether they have to be told. Operators who take no part any more need not be told. A
// track that is not loaded knows nothing and says yes.
func (t *track) mark(e bridge.Event) (news bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.readers == nil {
		return true
	}
	i := slices.IndexFunc(t.readers, func(r *reader) bool { return r.operator == e.Operator })
	if i < 0 {
		return false
	}
	r := t.readers[i]
	news = r.marked < e.Seq
	r.marked = max(r.marked, e.Seq)
	return news
}
