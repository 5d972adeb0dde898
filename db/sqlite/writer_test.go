package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// together makes the updates wait behind one that is under way, so that they
// share a batch, and returns their answers.
func together(t *testing.T, d *DB, updates ...func(bridge.Tx) error) []error {
	t.Helper()
	under, release := make(chan struct{}), make(chan struct{})
	var first sync.Once
	errs := make([]error, len(updates))
	var wg sync.WaitGroup
	wg.Go(func() {
		err := d.Update(context.Background(), func(bridge.Tx) error {
			first.Do(func() { close(under) })
			<-release
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-under
	for i, f := range updates {
		wg.Go(func() { errs[i] = d.Update(context.Background(), f) })
		for len(d.writer.jobs) <= i { // in this order
			runtime.Gosched()
		}
	}
	close(release)
	wg.Wait()
	return errs
}

func TestUpdate_ManyAtOnceShareCommitsAndLeaveNoGap(t *testing.T) {
	const writers, each = 200, 5
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	before := d.Stats()
	var mu sync.Mutex
	acknowledged := make(map[int64]string)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				origin := fmt.Sprintf("v:%d-%d", w, i)
				var seq int64
				if err := d.Update(t.Context(), say(number, origin, origin, &seq)); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acknowledged[seq] = origin
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	log := texts(t, d, number)
	if len(log) != writers*each || len(acknowledged) != writers*each {
		t.Fatalf("%d events, %d acknowledged, want %d", len(log), len(acknowledged), writers*each)
	}
	for i, text := range log { // Events are in order of seq
		if acknowledged[int64(i+1)] != text {
			t.Errorf("seq %d is %q, but was acknowledged for %q", i+1, text, acknowledged[int64(i+1)])
		}
	}
	after := d.Stats()
	commits, updates := after.Commits-before.Commits, after.Updates-before.Updates
	if updates != writers*each || commits >= updates || after.LargestBatch < 2 {
		t.Errorf("%d updates in %d commits, the largest of %d: no commit was shared", updates, commits, after.LargestBatch)
	}
}

func TestUpdate_FailureHurtsNobodyElse(t *testing.T) {
	wrong := errors.New("wrong")
	for name, c := range map[string]struct {
		fail func(tx bridge.Tx, number int64) error
		want func(error) bool
	}{
		"before it wrote": {func(bridge.Tx, int64) error { return wrong }, func(err error) bool { return errors.Is(err, wrong) }},
		"after it wrote": {func(tx bridge.Tx, number int64) error {
			if err := say(number, "v:bad", "bad", nil)(tx); err != nil {
				return err
			}
			return wrong
		}, func(err error) bool { return errors.Is(err, wrong) }},
		"by SQL": {func(tx bridge.Tx, number int64) error {
			return tx.Append(bridge.Event{Conversation: number, Seq: -1, Type: bridge.EventMessage, At: at(0)})
		}, func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
		"by SQL, which it ignores": {func(tx bridge.Tx, number int64) error {
			_ = say(number, "v:bad", "bad", nil)(tx)
			_ = tx.Append(bridge.Event{Conversation: 99, Seq: 1, Type: bridge.EventMessage, At: at(0)})
			return nil
		}, func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
		"by panic": {func(tx bridge.Tx, number int64) error {
			_ = say(number, "v:bad", "bad", nil)(tx)
			panic("boom")
		}, func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
		"by panic before it wrote": {func(bridge.Tx, int64) error { panic("boom") },
			func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
	} {
		t.Run(name, func(t *testing.T) {
			d := openNew(t)
			number := create(t, d, sample(1)).Number
			fail := func(tx bridge.Tx) error { return c.fail(tx, number) }
			before := d.Stats()
			errs := together(t, d, say(number, "v:1", "one", nil), fail, say(number, "v:2", "two", nil), fail, say(number, "v:3", "three", nil))
			for i, err := range errs {
				if failed := i == 1 || i == 3; failed && !c.want(err) || !failed && err != nil {
					t.Errorf("update %d: %v", i, err)
				}
			}
			expect(t, []string{"one", "two", "three"})(texts(t, d, number), nil)
			if commits := d.Stats().Commits - before.Commits; commits != 2 {
				t.Errorf("%d commits, want 2: one for what was under way, one shared", commits)
			}

			if err := d.Update(t.Context(), fail); !c.want(err) { // alone
				t.Errorf("alone: %v", err)
			}
			expect(t, []string{"one", "two", "three"})(texts(t, d, number), nil)
		})
	}
}

func TestUpdate_RefusalBeforeWritingRunsNothingAgain(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	var runs atomic.Int32
	counted := func(f func(bridge.Tx) error) func(bridge.Tx) error {
		return func(tx bridge.Tx) error { runs.Add(1); return f(tx) }
	}
	together(t, d, counted(say(number, "v:1", "one", nil)), counted(func(bridge.Tx) error { return errors.New("no") }), counted(say(number, "v:2", "two", nil)))
	if runs.Load() != 3 {
		t.Errorf("%d runs of 3 updates", runs.Load())
	}
}

func TestUpdate_WholeBatchIsUndoneByALostTransaction(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	lose := func(tx bridge.Tx) error { // what SQLite does by itself when the disk is full
		_ = d.writer.c.control("ROLLBACK")
		_ = tx.Append(bridge.Event{Conversation: 99})
		return nil
	}
	for _, err := range together(t, d, say(number, "v:1", "one", nil), lose, say(number, "v:2", "two", nil)) {
		expectCode(t, phrase.CodeUnavailable, err)
	}
	expect(t, []string(nil))(texts(t, d, number), nil)
	update(t, d, say(number, "v:3", "three", nil))
}

func TestUpdate_ContextEndedBeforeItStarted(t *testing.T) {
	d := openNew(t)
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error, 1)
	update(t, d, func(bridge.Tx) error {
		if ctx.Err() != nil {
			return nil
		}
		go func() {
			answer <- d.Update(ctx, func(bridge.Tx) error { t.Error("it ran"); return nil })
		}()
		for len(d.writer.jobs) == 0 {
			runtime.Gosched()
		}
		cancel()
		if err := <-answer; !errors.Is(err, context.Canceled) { // while the writer is busy
			t.Errorf("error %v, want canceled", err)
		}
		return nil
	})
	if err := d.Update(ctx, func(bridge.Tx) error { t.Error("it ran"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want canceled", err)
	}
}

func TestUpdate_ContextEndedAfterItStartedIsAnsweredTruly(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	ctx, cancel := context.WithCancel(t.Context())
	err := d.Update(ctx, func(tx bridge.Tx) error {
		cancel()
		return say(number, "v:1", "one", nil)(tx)
	})
	if err != nil {
		t.Errorf("error %v, but it was stored", err)
	}
	expect(t, []string{"one"})(texts(t, d, number), nil)
}

func TestUpdate_ReadsWhatItWrote(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	update(t, d, func(tx bridge.Tx) error {
		if err := say(number, "v:1", "one", nil)(tx); err != nil {
			return err
		}
		list, err := tx.Events(number, 0, 10)
		if len(list) != 1 {
			t.Errorf("%d events, want 1", len(list))
		}
		return err
	})
}

func TestUpdate_TxEndsWithIt(t *testing.T) {
	d := openNew(t)
	var kept [2]bridge.Reader
	update(t, d, func(tx bridge.Tx) error { kept[0] = tx; return nil })
	view(t, d, func(r bridge.Reader) error { kept[1] = r; return nil })
	for _, r := range kept {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("it answered after its end")
				}
			}()
			_, _ = r.Setting("x")
		}()
	}
}

func TestUpdate_EndedGoroutineIsFatal(t *testing.T) {
	d, err := Open(t.Context(), t.TempDir()+"/porchlight.db", Options{})
	if err != nil {
		t.Fatal(err)
	}
	expectCode(t, phrase.CodeUnavailable, d.Update(t.Context(), func(bridge.Tx) error { runtime.Goexit(); return nil }))
	if err := <-d.Fatal(); err == nil {
		t.Error("no error")
	}
	expectCode(t, phrase.CodeUnavailable, d.Update(t.Context(), func(bridge.Tx) error { return nil }))
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func TestClose_AnswersWhatWaitsAndRefusesTheRest(t *testing.T) {
	path := t.TempDir() + "/porchlight.db"
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	number := create(t, d, sample(1)).Number
	var wg sync.WaitGroup
	var stored atomic.Int64
	under := make(chan struct{})
	var once sync.Once
	for i := range 50 {
		wg.Go(func() {
			for n := 0; ; n++ {
				err := d.Update(context.Background(), say(number, fmt.Sprintf("v:%d-%d", i, n), "x", nil))
				if err != nil {
					expectCode(t, phrase.CodeUnavailable, err)
					return
				}
				stored.Add(1)
				once.Do(func() { close(under) })
			}
		})
	}
	<-under
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if err := d.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	expectCode(t, phrase.CodeUnavailable, d.View(t.Context(), func(bridge.Reader) error { return nil }))
	if wal := d.Stats().WALBytes; wal != 0 {
		t.Errorf("a write-ahead log of %d bytes is left", wal)
	}
	expect(t, int(stored.Load()))(len(texts(t, openAt(t, path), number)), nil)
}

func TestCheckpoint_KeepsTheLogSmall(t *testing.T) {
	d := openNew(t)
	number := create(t, d, sample(1)).Number
	text := strings.Repeat("long ", 200_000)
	for i := range 60 { // 60 MB
		update(t, d, say(number, fmt.Sprint("v:", i), text, nil))
	}
	if wal := d.Stats().WALBytes; wal == 0 || wal > 32<<20 {
		t.Errorf("the write-ahead log has %d bytes", wal)
	}
}

// What updates read must be what is stored, whatever was undone in between.
func TestUpdate_ReadsWhatIsStoredAfterUndoing(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	c := create(t, d, sample(1))
	var stored bridge.Conversation
	advance := func(fail error) func(bridge.Tx) error {
		return func(tx bridge.Tx) error {
			c, err := tx.LatestConversation(c.Visitor)
			if err != nil {
				return err
			}
			parts, err := tx.Participants(c.Number)
			if err != nil {
				return err
			}
			was := c.Seq
			c.Seq++
			c.Due.IdleWarn = time.Now()
			p := bridge.Participant{Conversation: c.Number, Operator: "xavi@example.org", Joined: int64(len(parts)), Confirmed: c.Seq}
			e := bridge.Event{Conversation: c.Number, Seq: c.Seq, Type: bridge.EventMessage, From: bridge.FromVisitor, At: at(0)}
			return errors.Join(tx.SaveConversation(c, was), tx.Append(e), tx.SaveParticipant(p), fail)
		}
	}
	boom := errors.New("boom")
	for range 20 {
		errs := together(t, d, advance(nil), advance(boom), advance(nil), advance(boom))
		if errs[0] != nil || !errors.Is(errs[1], boom) || errs[2] != nil || !errors.Is(errs[3], boom) {
			t.Fatalf("got %v, want the second and the last to fail", errs)
		}
	}
	if err := d.View(t.Context(), func(r bridge.Reader) (err error) {
		stored, err = r.Conversation(c.Number)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if stored.Seq != c.Seq+40 {
		t.Errorf("log ends at %d, want %d", stored.Seq, c.Seq+40)
	}
	if err := d.Update(t.Context(), func(tx bridge.Tx) error {
		for name, find := range map[string]func() (bridge.Conversation, error){
			"by number":  func() (bridge.Conversation, error) { return tx.Conversation(c.Number) },
			"by visitor": func() (bridge.Conversation, error) { return tx.LatestConversation(c.Visitor) },
		} {
			if got, err := find(); err != nil || got != stored {
				t.Errorf("%s: an update reads %+v, %v; stored is %+v", name, got, err, stored)
			}
		}
		for upto := range stored.Seq + 2 { // beyond what is remembered, too
			expect(t, min(upto, stored.Seq))(tx.LastMessage(c.Number, bridge.FromVisitor, upto))
		}
		expect(t, []bridge.Participant{{Conversation: c.Number, Operator: "xavi@example.org", Joined: 1, Confirmed: stored.Seq}})(tx.Participants(c.Number))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
