package bridge

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
)

// ear is a side that keeps the seqs that it hears, by conversation.
type ear struct {
	mu    sync.Mutex
	heard map[int64][]int64
	each  func() // called for each change; it may panic or wait
	again []int  // how many changes it had heard when it was asked to read anew
}

func (e *ear) Reread() {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, list := range e.heard {
		n += len(list)
	}
	e.again = append(e.again, n)
}

func (e *ear) Changed(c Change) {
	e.mu.Lock()
	if e.heard == nil {
		e.heard = make(map[int64][]int64)
	}
	e.heard[c.Conversation.Number] = append(e.heard[c.Conversation.Number], c.Events[0].Seq)
	e.mu.Unlock()
	if e.each != nil {
		e.each()
	}
}

// has fails unless the side has heard 1 … n, in order, of each of the conversations 1 … publishers.
func (e *ear) has(t *testing.T, what string, publishers, n int64) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	for p := int64(1); p <= publishers; p++ {
		list := e.heard[p]
		for i, seq := range list {
			if seq != int64(i+1) {
				t.Fatalf("%s: conversation %d: %d was heard at place %d", what, p, seq, i+1)
			}
		}
		if int64(len(list)) != n {
			t.Errorf("%s: conversation %d: heard %d of %d", what, p, len(list), n)
		}
	}
}

// mouth is a Bridge that can only publish.
func mouth(log *bytes.Buffer) *Bridge {
	return &Bridge{hub: newHub(), log: slog.New(slog.NewTextHandler(log, nil))}
}

func (b *Bridge) say(number, seq int64) {
	b.hub.publish(&Change{Conversation: Conversation{Number: number}, Events: []Event{{Seq: seq}}})
}

// All sides hear everything once and in order, from several publishers, while one side panics and one
// is stuck, which holds up only the goroutine that tells it.
func TestSides_HearAllWhateverOneDoes(t *testing.T) {
	const publishers, each = 4, 500
	var log bytes.Buffer
	b := mouth(&log)
	stuck, release := make(chan bool), make(chan bool)
	slow := &ear{each: sync.OnceFunc(func() { stuck <- true; <-release })}
	panics, well := &ear{each: func() { panic("out of order") }}, &ear{}
	b.Join(slow)
	b.Join(panics)
	b.Join(well)

	var held, others sync.WaitGroup
	held.Go(func() { b.say(1, 1) })
	<-stuck
	for p := int64(2); p <= publishers; p++ {
		others.Go(func() {
			for i := int64(1); i <= each; i++ {
				b.say(p, i)
			}
		})
	}
	others.Wait() // this would not end if publishers waited for the slow side
	for p := int64(2); p <= each; p++ {
		b.say(1, p)
	}
	panics.has(t, "the one that panics", publishers, each)
	well.has(t, "the other one", publishers, each)
	close(release)
	held.Wait()
	slow.has(t, "the slow one", publishers, each)
	if n := strings.Count(log.String(), "a side panicked"); n != 1 || !strings.Contains(log.String(), "*bridge.ear") {
		t.Errorf("the log tells of %d panics: %s", n, log.String())
	}
}

// News that a side publishes while it is told are told after that, in order.
func TestSides_MayPublish(t *testing.T) {
	b := mouth(&bytes.Buffer{})
	first, second := &ear{}, &ear{}
	first.each = sync.OnceFunc(func() { b.say(1, 2) })
	b.Join(first)
	b.Join(second)
	b.say(1, 1)
	first.has(t, "the one who publishes", 1, 2)
	second.has(t, "the other one", 1, 2)
}

// A side that does not keep up misses the news for which its seat has no room. They are counted, and
// the side is asked once to read anew, after the news that found room.
func TestSides_TheQueueIsBounded(t *testing.T) {
	b := mouth(&bytes.Buffer{})
	stuck, release := make(chan bool), make(chan bool)
	slow := &ear{each: sync.OnceFunc(func() { stuck <- true; <-release })}
	b.Join(slow)
	var held sync.WaitGroup
	held.Go(func() { b.say(1, 1) })
	<-stuck
	well := &ear{}
	b.Join(well)
	for i := int64(1); i <= seatRoom+10; i++ {
		b.say(2, i)
	}
	close(release)
	held.Wait()
	if got := len(slow.heard[2]); got != seatRoom || b.hub.missed.Load() != 10 {
		t.Errorf("heard %d, %d are counted as missed", got, b.hub.missed.Load())
	}
	if !slices.Equal(slow.again, []int{1 + seatRoom}) {
		t.Errorf("asked to read anew after %d changes, want once after %d", slow.again, 1+seatRoom)
	}
	if got := len(well.heard[2]); got != seatRoom+10 || well.again != nil {
		t.Errorf("the other one heard %d, and was asked to read anew %d times", got, len(well.again))
	}
}

// After leave a side hears nothing more, and the news that waited for it are dropped.
func TestSides_Leave(t *testing.T) {
	b := mouth(&bytes.Buffer{})
	goes, stays := &ear{}, &ear{}
	leave := b.Join(goes)
	b.Join(stays)
	goes.each = func() {
		b.say(1, 2) // waits until this call returns
		leave()
	}
	b.say(1, 1)
	b.say(1, 3)
	goes.has(t, "the one who left", 1, 1)
	stays.has(t, "the one who stayed", 1, 3)
}

// quiet is a side that does nothing.
type quiet struct{}

func (quiet) Changed(Change) {}

// Telling the sides allocates nothing.
func TestSides_AreToldWithoutAllocations(t *testing.T) {
	b := mouth(&bytes.Buffer{})
	b.Join(quiet{})
	b.Join(quiet{})
	c := Change{Conversation: Conversation{Number: 1}, Events: []Event{{Seq: 1}}}
	if n := testing.AllocsPerRun(100, func() { b.hub.publish(&c) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
