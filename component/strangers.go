package component

import (
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Of strangers' stanzas some are answered in a minute: Options.Strangers of one bare
// JID, and domainStrangers times as many of a domain. Above it there is silence, since
// who sends so much reads no answers, and each is traffic between servers that they
// can make us send.
const (
	domainStrangers = 6
	strangersKnown  = 20000 // senders in a minute; further ones are not answered
	strangersMinute = time.Minute
)

// strangers counts what is answered to those who are no operators. Its memory is
// bounded; any goroutine may use it.
type strangers struct {
	limit  int          // answers to one bare JID in a minute
	silent atomic.Int64 // stanzas that were not answered

	mu    sync.Mutex
	seed  maphash.Seed
	began time.Time      // of this minute
	given map[uint64]int // answers by the hash of a bare JID or a domain
}

func newStrangers(limit int) *strangers {
	return &strangers{limit: limit, seed: maphash.MakeSeed(), given: make(map[uint64]int)}
}

// answer reports whether a stanza of a stranger is answered, and counts it. The
// address may be malformed.
func (s *strangers) answer(from string, now time.Time) bool {
	bare, _, _ := strings.Cut(from, "/")
	domain := bare[strings.LastIndexByte(bare, '@')+1:]
	s.mu.Lock()
	defer s.mu.Unlock()
	if age := now.Sub(s.began); age >= strangersMinute || age < 0 {
		s.began = now
		clear(s.given)
	}
	one, all := maphash.String(s.seed, "of "+bare), maphash.String(s.seed, "all "+domain)
	if s.given[one] >= s.limit || s.given[all] >= s.limit*domainStrangers || len(s.given) >= strangersKnown {
		s.silent.Add(1)
		return false
	}
	s.given[one]++
	s.given[all]++
	return true
}
