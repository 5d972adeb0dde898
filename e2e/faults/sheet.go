package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// sheet keeps, for each direction of each conversation, which messages were acknowledged to the
// sender and which came to the receiver. Senders number their messages. The methods may be called
// by any goroutine.
type sheet struct {
	mu    sync.Mutex
	lanes map[string]*lane
	spool bool // the server may hold a message back; see late

	gaps  []gap           // which the operator who writes was told of
	rings map[int64]*ring // the requests that came beside the conversations, by number
	posts []stored        // how long the visitors' messages took
}

// lane is one direction of one conversation.
type lane struct {
	acked    map[int]bool
	came     []int             // in the order in which they came, repetitions left out
	seen     map[int]bool      // the numbers in came
	again    int               // how many repetitions came
	shuffled int               // how many came after a later one
	wrong    []string          // those, in words
	late     int               // how many came after a later one, but say when they were written; the server may have held them back
	sent     map[int]time.Time // when each was sent, of an operator's
	refused  map[int]bool      // the messages that were answered by an error
	differ   []int             // the messages whose copies got different answers
}

func newSheet() *sheet { return &sheet{lanes: make(map[string]*lane), rings: make(map[int64]*ring)} }

// lane returns the lane of that name. The lock is held.
func (s *sheet) lane(name string) *lane {
	l := s.lanes[name]
	if l == nil {
		l = &lane{acked: make(map[int]bool), seen: make(map[int]bool), sent: make(map[int]time.Time), refused: make(map[int]bool)}
		s.lanes[name] = l
	}
	return l
}

func (s *sheet) ack(name string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lane(name).acked[n] = true
}

// differ says that copies of message n were not answered alike.
func (s *sheet) differ(name string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lane(name)
	l.differ = append(l.differ, n)
}

// come notes that message n came. A message is stamped if it says when it was written. On ejabberd
// a stamped message that comes after a later one counts as late: ejabberd keeps messages that come
// at the very moment of a login in its offline storage until the next login.
func (s *sheet) come(name string, n int, stamped bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lane(name)
	if l.seen[n] {
		l.again++
		return
	}
	if len(l.came) > 0 && n < slices.Max(l.came[max(0, len(l.came)-50):]) {
		if stamped && s.spool {
			l.late++
		} else {
			l.shuffled++
			l.wrong = append(l.wrong, fmt.Sprintf("%s %d after %d at %s", name, n, slices.Max(l.came), time.Now().UTC().Format("15:04:05")))
		}
	}
	l.seen[n] = true
	l.came = append(l.came, n)
}

// missing lists acknowledged messages that did not come.
func (s *sheet) missing() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for name, l := range s.lanes {
		for n := range l.acked {
			if !l.seen[n] {
				list = append(list, fmt.Sprintf("%s %d", name, n))
			}
		}
	}
	slices.Sort(list)
	return list
}

// different lists the messages whose copies were not answered alike.
func (s *sheet) different() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for name, l := range s.lanes {
		for _, n := range l.differ {
			list = append(list, fmt.Sprintf("%s %d", name, n))
		}
	}
	return list
}

// totals adds up the lanes whose names begin with prefix.
func (s *sheet) totals(prefix string) (acked, came, again, shuffled int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, l := range s.lanes {
		if strings.HasPrefix(name, prefix) {
			acked, came, again, shuffled = acked+len(l.acked), came+len(l.came), again+l.again, shuffled+l.shuffled
		}
	}
	return
}

func (s *sheet) summary() string {
	va, vc, vr, vs := s.totals(toOperator)
	oa, oc, or, os := s.totals(toVisitor)
	return fmt.Sprintf("visitor to operator %d acknowledged, %d came, %d repeated with the same id, %d out of order (and %d from the server's offline storage); operator to visitor %d acknowledged, %d came, %d shown twice, %d out of order; %d lost",
		va, vc, vr, vs, s.late(), oa, oc, or, os, len(s.missing()))
}

// late returns how many messages the server held back.
func (s *sheet) late() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.lanes {
		n += l.late
	}
	return n
}

// verdict is an error if the promise was broken.
func (s *sheet) verdict() error {
	_, _, twice, shuffledO := s.totals(toVisitor)
	_, _, _, shuffledV := s.totals(toOperator)
	lost := s.missing()
	if copies := s.different(); len(copies) > 0 {
		return fmt.Errorf("copies of the same message were answered differently: %s", strings.Join(copies, ", "))
	}
	if len(lost) > 0 || twice > 0 || shuffledO > 0 || shuffledV > 0 {
		return fmt.Errorf("the promise is broken: %s\nlost: %s\nout of order: %s", s.summary(), some(lost), some(s.outOfOrder()))
	}
	return nil
}

// outOfOrder says which messages came after a later one.
func (s *sheet) outOfOrder() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.lanes {
		list = append(list, l.wrong...)
	}
	return list
}

// some lists the first of many.
func some(list []string) string { return strings.Join(list[:min(len(list), 20)], ", ") }

// Names of lanes begin with their direction.
const (
	toOperator = "v→o "
	toVisitor  = "o→v "
)
