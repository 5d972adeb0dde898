package sqlite

import (
	"context"
	"errors"
	"sync"
	"testing"

	"porchlight/bridge"
)

func TestView_SeesOnlyWhatIsCommitted(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	update(t, d, func(tx bridge.Tx) error {
		if err := say(number, "v:1", "one", nil)(tx); err != nil {
			return err
		}
		expect(t, []string(nil))(texts(t, d, number), nil)
		return nil
	})
	expect(t, []string{"one"})(texts(t, d, number), nil)
}

func TestView_IsASnapshot(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	update(t, d, say(number, "v:1", "one", nil))
	view(t, d, func(r bridge.Reader) error {
		for range 2 {
			c, err := r.Conversation(number)
			expect(t, int64(1))(c.Seq, err)
			list, err := r.Events(number, 0, 10)
			expect(t, 1)(len(list), err)
			update(t, d, say(number, "v:"+string(rune('a'+d.Stats().Updates)), "more", nil))
		}
		return nil
	})
	expect(t, []string{"one", "more", "more"})(texts(t, d, number), nil)
}

func TestView_ReturnsItsErrorAndSurvivesAPanic(t *testing.T) {
	d := openNew(t)
	wrong := errors.New("wrong")
	for range 2 * readerCount {
		if err := d.View(t.Context(), func(bridge.Reader) error { return wrong }); err != wrong {
			t.Errorf("error %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.View(t.Context(), func(bridge.Reader) error { panic("boom") })
		}()
	}
	view(t, d, func(r bridge.Reader) error { _, err := r.Operators(); return err })
}

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
