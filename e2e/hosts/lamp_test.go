package hosts_test

import (
	"context"
	"sync"
	"time"
)

// lamp looks at the site's status all the time, as pages do, and remembers when the status changed
// last.
type lamp struct {
	mu     sync.Mutex
	online bool
	since  time.Time
}

// watchLamp starts a lamp, which looks until the test ends.
func watchLamp(w *world) *lamp {
	l := &lamp{since: time.Now()}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for tick := time.NewTicker(look); ; {
			if s, err := w.site.Status(ctx); err == nil {
				l.see(s.Status == "online")
			}
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	}()
	w.t.Cleanup(func() {
		stop()
		<-done
	})
	return l
}

func (l *lamp) see(online bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if online != l.online {
		l.online, l.since = online, time.Now()
	}
}

func (l *lamp) state() (online bool, since time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.online, l.since
}

// turns waits until the lamp is lit, or is not, and returns how long that took.
func (w *world) turns(online bool, d time.Duration) time.Duration {
	w.t.Helper()
	what := "OFFLINE"
	if online {
		what = "ONLINE"
	}
	return eventually(w.t, "the site shows "+what, d, func() bool {
		is, _ := w.shown.state()
		return is == online
	})
}

// stays fails if the lamp changes within d.
func (w *world) stays(online bool, d time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(look) {
		if is, since := w.shown.state(); is != online {
			w.t.Fatalf("the site shows online=%v since %v", is, time.Since(since))
		}
	}
}
