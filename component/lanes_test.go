package component

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// runLanes runs lanes until the test ends.
func runLanes(t *testing.T) *lanes {
	l := newLanes()
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
	l := newLanes() // not running: everything waits
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
	l := newLanes()
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
