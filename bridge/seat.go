package bridge

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"porchlight/bridge/phrase"
)

// news is one thing that a side is told: that of the fields which is set.
type news struct {
	change *Change // shared by all seats, so nobody changes it
	desk   OperatorJID
	retry  int64
	status bool
	alarm  *phrase.Phrase
	reread bool // see Rereader
}

// seat is a side's place: it holds what the side has not been told yet. A publisher puts the news into
// all seats before any side is told, and then tells each side that nobody else is telling. So only the
// goroutine that tells a slow side waits for it, each side hears all news in the order in which they
// were put, and no goroutine of its own is needed.
type seat struct {
	side     Side
	desk     DeskListener // nil if the side is no such listener; so are the next four
	retrier  Retrier
	status   StatusListener
	alarmer  Alarmer
	rereader Rereader
	log      *slog.Logger
	failed   bool // the side has panicked; belongs to the goroutine that tells it

	mu     sync.Mutex
	busy   bool // somebody is telling the side
	queue  []news
	spare  []news // an empty queue, kept to save allocations
	missed bool   // news were left out, and the side has not been told so yet
	absent bool   // the side has left
}

// seatRoom is how much news may wait for a side: more than a burst of receipts that one ping proves.
// spareRoom is how much room is kept when a burst is over.
const (
	seatRoom  = 1 << 14
	spareRoom = 1 << 10
)

// put adds news to the queue, and reports whether there was room.
func (s *seat) put(n *news) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.absent {
		return true
	}
	if len(s.queue) >= seatRoom {
		s.missed = true
		return false
	}
	s.queue = append(s.queue, *n)
	return true
}

// empty drops the news that wait, and all later news.
func (s *seat) empty() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue, s.missed, s.absent = nil, false, true
}

// drain tells the side the news that wait. If another goroutine is telling the side, that one tells
// these news as well.
func (s *seat) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy {
		return
	}
	s.busy = true
	for len(s.queue) > 0 { // a queue in which there was no room is not empty
		batch, missed := s.queue, s.missed
		s.queue, s.spare, s.missed = s.spare, nil, false
		s.mu.Unlock()
		for i := range batch {
			s.tell(&batch[i])
		}
		if missed {
			s.tell(&news{reread: true})
		}
		clear(batch)
		s.mu.Lock()
		if cap(batch) <= spareRoom {
			s.spare = batch[:0]
		}
	}
	s.busy = false
}

// tell tells the side one thing. A panic of the side ends here, and the first one is logged.
func (s *seat) tell(n *news) {
	defer func() {
		fault := recover()
		if fault == nil || s.failed {
			return
		}
		s.failed = true
		s.log.Error("a side panicked", "side", fmt.Sprintf("%T", s.side), "panic", fault, "stack", string(debug.Stack()))
	}()
	switch {
	case n.desk != "":
		if s.desk != nil {
			s.desk.DeskChanged(n.desk)
		}
	case n.retry != 0:
		if s.retrier != nil {
			s.retrier.Retry(n.retry)
		}
	case n.status:
		if s.status != nil {
			s.status.StatusChanged()
		}
	case n.alarm != nil:
		if s.alarmer != nil {
			s.alarmer.Alarm(*n.alarm)
		}
	case n.reread:
		if s.rereader != nil {
			s.rereader.Reread()
		}
	default:
		s.side.Changed(*n.change)
	}
}
