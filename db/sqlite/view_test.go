package sqlite

import (
	"context"
	"errors"
	"sync"
	"testing"

	"porchlight/bridge"
)

func TestView_WaitsForAFreeReaderNoLongerThanItsContext(t *testing.T) {
	d := openNew(t)
	release := make(chan struct{})
	var wg, busy sync.WaitGroup
	busy.Add(readerCount)
	for range readerCount {
		wg.Go(func() {
			if err := d.View(context.Background(), func(bridge.Reader) error { busy.Done(); <-release; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	busy.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error)
	go func() { answer <- d.View(ctx, func(bridge.Reader) error { return nil }) }()
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
	close(release)
	wg.Wait()
}
