package sqlite

import (
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"porchlight/bridge"
)

// In a crowd a commit waits for as many updates as the last one had, but not for long; any other commit waits for none.
func TestGather_WaitsInACrowd(t *testing.T) {
	for _, c := range []struct {
		name  string
		last  int           // updates in the last commit
		first int           // updates that are there when the writer begins
		n     int           // updates that come then
		every time.Duration // how long after one another they come
		takes int
		waits time.Duration
	}{
		{name: "few", last: crowd - 1, first: 1, n: 4, every: moment / 2, takes: 1},
		{name: "all are there already", last: crowd, first: crowd, n: 4, every: moment / 2, takes: crowd},
		{name: "all come", last: crowd, first: 1, n: crowd - 1, every: moment / 10, takes: crowd, waits: moment},
		{name: "nobody comes", last: crowd, first: 3, takes: 3, waits: moment},
		{name: "they trickle in", last: 100, first: 1, n: 50, every: moment - 1, takes: 1 + patience, waits: patience * moment},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWriter(nil, slog.New(slog.DiscardHandler), make(chan struct{}))
				w.batch = make([]*job, c.last)
				come := func() { w.jobs <- &job{f: func(bridge.Tx) error { return nil }} }
				for range c.first {
					come()
				}
				var coming sync.WaitGroup
				defer coming.Wait()
				coming.Go(func() {
					for range c.n {
						time.Sleep(c.every)
						come()
					}
				})
				began := time.Now()
				if !w.gather() || len(w.batch) != c.takes || time.Since(began) != c.waits {
					t.Errorf("took %d updates after %v, want %d after %v", len(w.batch), time.Since(began), c.takes, c.waits)
				}
			})
		})
	}
}
