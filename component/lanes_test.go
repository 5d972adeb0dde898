package component

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// runLanes runs lanes until the test ends.
func runLanes(t *testing.T) *lanes {
	l := newLanes(time.Now)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { l.run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return l
}

func TestLanes_KeepTheOrderOfAKey(t *testing.T) {
	const keys, each = 20, 100
	l := runLanes(t)
	var mu sync.Mutex
	got := make(map[string][]int)
	var all sync.WaitGroup
	all.Add(keys * each)
	for i := range each {
		for k := range keys {
			key := fmt.Sprint(k)
			if !l.put(key, func(context.Context) {
				mu.Lock()
				got[key] = append(got[key], i)
				mu.Unlock()
				all.Done()
			}) {
				t.Fatal("no room")
			}
		}
	}
	all.Wait()
	for key, order := range got {
		for i, n := range order {
			if n != i {
				t.Fatalf("key %s: job %d came as number %d", key, n, i)
			}
		}
	}
}

// A lane that waits must not hold up the others.
func TestLanes_OfDifferentKeysRunSideBySide(t *testing.T) {
	l := runLanes(t)
	release, done := make(chan struct{}), make(chan struct{})
	l.put("a", func(context.Context) { <-release })
	l.put("b", func(context.Context) { close(release); close(done) })
	<-done
}

func TestLanes_RefuseWhatIsTooMuch(t *testing.T) {
	l := newLanes(time.Now) // not running: everything waits
	for i := range laneRoom {
		if !l.put("a", func(context.Context) {}) {
			t.Fatalf("job %d of one key was refused", i)
		}
	}
	if l.put("a", func(context.Context) {}) {
		t.Error("a full lane takes one more job")
	}
	if !l.put("b", func(context.Context) {}) {
		t.Error("a full lane closes the others")
	}
	for i := 0; l.put(fmt.Sprint("c", i), func(context.Context) {}); i++ {
		if i > lanesRoom {
			t.Fatal("there is no limit to all lanes together")
		}
	}
}

func TestLanes_EndWithTheirContext(t *testing.T) {
	l := newLanes(time.Now)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { l.run(ctx); close(done) }()
	began := make(chan struct{})
	l.put("a", func(ctx context.Context) { close(began); <-ctx.Done() })
	l.put("a", func(context.Context) { t.Error("a job runs after the end") })
	<-began
	stop()
	<-done
}

// What waits when the lanes end is not done by the next run, under which another node's words may already be stored.
func TestLanes_DropWhatWaitsAtTheEnd(t *testing.T) {
	l := newLanes(time.Now)
	ctx, stop := context.WithCancel(t.Context())
	ended, began := make(chan struct{}), make(chan struct{})
	go func() { l.run(ctx); close(ended) }()
	l.put("a", func(ctx context.Context) { close(began); <-ctx.Done() })
	l.put("a", func(context.Context) { t.Error("a dropped job was done") })
	<-began
	stop()
	<-ended
	next, stop := context.WithCancel(t.Context())
	ended = make(chan struct{})
	go func() { l.run(next); close(ended) }()
	done := make(chan struct{})
	if !l.put("a", func(context.Context) { close(done) }) {
		t.Fatal("no room")
	}
	<-done
	stop()
	<-ended
	if l.waiting != 0 || len(l.own) != 0 {
		t.Errorf("%d wait, of %v", l.waiting, l.own)
	}
}

// What waited at the mark, or came since, was not handled by then, however long ago it was written.
func TestLanes_DoneUntilTheOldestThatWaits(t *testing.T) {
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	l := newLanes(func() time.Time { return now })
	ctx, stop := context.WithCancel(t.Context())
	release, ended := make(chan struct{}), make(chan struct{})
	go func() { l.run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()
	l.mark()
	if got := l.done(); !got.IsZero() {
		t.Errorf("nothing waits: %v", got)
	}
	first := now.Add(time.Second)
	for _, key := range []string{"a", "a", "b"} {
		now = now.Add(time.Second)
		l.put(key, func(context.Context) { <-release })
	}
	now = now.Add(time.Minute)
	for range 2 {
		if got := l.done(); !got.Equal(first) {
			t.Errorf("got %v, want %v", got, first)
		}
		l.mark()
	}
	close(release)
	for waits := true; waits; {
		l.mu.Lock()
		waits = l.waiting > 0
		l.mu.Unlock()
	}
	if got := l.done(); !got.Equal(first) {
		t.Errorf("handled after the mark: got %v, want %v", got, first)
	}
	l.mark()
	if got := l.done(); !got.IsZero() {
		t.Errorf("all is handled: %v", got)
	}
}
