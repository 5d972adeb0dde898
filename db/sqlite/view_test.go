package sqlite

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mattn/go-sqlite3"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
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

// A View that can't read is told as that, and the log names the cause: once when reading begins to
// fail, and once when it works again. An error of the View's own function is nothing of the kind.
func TestView_SaysWhenItCantRead(t *testing.T) {
	var log bytes.Buffer
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "p.db"), Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	torn := sqlite3.Error{Code: sqlite3.ErrIoErr}
	log.Reset()
	for _, c := range []struct {
		fails error
		code  phrase.Code
	}{{nil, ""}, {errors.New("mine"), phrase.CodeInternal}, {torn, phrase.CodeUnavailable}, {torn, phrase.CodeUnavailable}, {nil, ""}, {nil, ""}} {
		if err := d.View(t.Context(), func(bridge.Reader) error { return c.fails }); phrase.CodeOf(err) != c.code || !errors.Is(err, c.fails) {
			t.Errorf("%v became %v", c.fails, err)
		}
	}
	if lines := strings.Split(strings.TrimSpace(log.String()), "\n"); len(lines) != 2 ||
		!strings.Contains(lines[0], "store can't be read") || !strings.Contains(lines[0], torn.Error()) || !strings.Contains(lines[1], "store can be read again") {
		t.Errorf("the log says\n%s", log.String())
	}
}
