package component

import (
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Strangers get a limited number of answers in a minute: Options.Strangers for a bare JID,
// and domainStrangers times as many for a domain. Stanzas above that get no answer: a
// sender of so many reads none, and could make us flood other servers.
const (
	domainStrangers = 6
	strangersKnown  = 20000 // bare JIDs and domains counted in a minute; further senders are not answered
	strangersMinute = time.Minute
)

// strangers counts the answers to people who are no operators. Its memory is bounded. Any
// goroutine may use it.
type strangers struct {
	limit  int          // answers to one bare JID in a minute
	silent atomic.Int64 // stanzas that were not answered

	mu    sync.Mutex
	seed  maphash.Seed
	began time.Time      // when this minute began
	given map[uint64]int // answers by the hash of a bare JID or a domain
}

func newStrangers(limit int) *strangers {
	return &strangers{limit: limit, seed: maphash.MakeSeed(), given: make(map[uint64]int)}
}

// answer reports whether a stanza of a stranger may be answered, and counts the answer.
// The address may be malformed.
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
