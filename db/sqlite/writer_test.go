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
	"porchlight/bridge/storetest"
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

func TestUpdate_ManyAtOnceShareCommits(t *testing.T) {
	const writers, each = 200, 5
	d := openNew(t)
	number := create(t, d, storetest.Sample(1)).Number
	before := d.Stats()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				if err := d.Update(t.Context(), storetest.Say(number, fmt.Sprintf("v:%d-%d", w, i), "x", nil)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
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
			if err := storetest.Say(number, "v:bad", "bad", nil)(tx); err != nil {
				return err
			}
			return wrong
		}, func(err error) bool { return errors.Is(err, wrong) }},
		"by SQL": {func(tx bridge.Tx, number int64) error {
			return tx.Append(bridge.Event{Conversation: number, Seq: -1, Type: bridge.EventMessage, At: at(0)})
		}, func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
		"by SQL, which it ignores": {func(tx bridge.Tx, number int64) error {
			_ = storetest.Say(number, "v:bad", "bad", nil)(tx)
			_ = tx.Append(bridge.Event{Conversation: 99, Seq: 1, Type: bridge.EventMessage, At: at(0)})
			return nil
		}, func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
		"by panic": {func(tx bridge.Tx, number int64) error {
			_ = storetest.Say(number, "v:bad", "bad", nil)(tx)
			panic("boom")
		}, func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
		"by panic before it wrote": {func(bridge.Tx, int64) error { panic("boom") },
			func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }},
	} {
		t.Run(name, func(t *testing.T) {
			d := openNew(t)
			number := create(t, d, storetest.Sample(1)).Number
			fail := func(tx bridge.Tx) error { return c.fail(tx, number) }
			before := d.Stats()
			errs := together(t, d, storetest.Say(number, "v:1", "one", nil), fail, storetest.Say(number, "v:2", "two", nil), fail, storetest.Say(number, "v:3", "three", nil))
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
	number := create(t, d, storetest.Sample(1)).Number
	var runs atomic.Int32
	counted := func(f func(bridge.Tx) error) func(bridge.Tx) error {
		return func(tx bridge.Tx) error { runs.Add(1); return f(tx) }
	}
	together(t, d, counted(storetest.Say(number, "v:1", "one", nil)), counted(func(bridge.Tx) error { return errors.New("no") }), counted(storetest.Say(number, "v:2", "two", nil)))
	if runs.Load() != 3 {
		t.Errorf("%d runs of 3 updates", runs.Load())
	}
}

func TestUpdate_WholeBatchIsUndoneByALostTransaction(t *testing.T) {
	d := openNew(t)
	number := create(t, d, storetest.Sample(1)).Number
	lose := func(tx bridge.Tx) error { // what SQLite does by itself when the disk is full
		_ = d.writer.c.control("ROLLBACK")
		_ = tx.Append(bridge.Event{Conversation: 99})
		return nil
	}
	for _, err := range together(t, d, storetest.Say(number, "v:1", "one", nil), lose, storetest.Say(number, "v:2", "two", nil)) {
		expectCode(t, phrase.CodeUnavailable, err)
	}
	expect(t, []string(nil))(texts(t, d, number), nil)
	update(t, d, storetest.Say(number, "v:3", "three", nil))
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

func TestClose_EmptiesTheLog(t *testing.T) {
	d, err := Open(t.Context(), t.TempDir()+"/porchlight.db", Options{})
	if err != nil {
		t.Fatal(err)
	}
	create(t, d, storetest.Sample(1))
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if wal := d.Stats().WALBytes; wal != 0 {
		t.Errorf("a write-ahead log of %d bytes is left", wal)
	}
}

// A conversation's number is not used again after the conversation was deleted.
func TestCreateConversation_NumbersAreNotGivenTwice(t *testing.T) {
	d := openNew(t)
	for i := range 3 {
		expect(t, int64(i+1))(create(t, d, storetest.Sample(i)).Number, nil)
	}
	update(t, d, func(bridge.Tx) error {
		_, err := d.writer.c.Exec(`DELETE FROM conversations WHERE number = 3`, nil)
		return err
	})
	expect(t, int64(4))(create(t, d, storetest.Sample(3)).Number, nil)
}

// SQLite keeps U+0000 in a text; not every engine can.
func TestAppend_KeepsU0000(t *testing.T) {
	d := openNew(t)
	number := create(t, d, storetest.Sample(1)).Number
	const text = "Hällo\n\x00🙂"
	update(t, d, storetest.Say(number, "v:1", text, nil))
	expect(t, []string{text})(texts(t, d, number), nil)
}

func TestCheckpoint_KeepsTheLogSmall(t *testing.T) {
	d := openNew(t)
	number := create(t, d, storetest.Sample(1)).Number
	text := strings.Repeat("long ", 200_000)
	for i := range 60 { // 60 MB
		update(t, d, storetest.Say(number, fmt.Sprint("v:", i), text, nil))
	}
	if wal := d.Stats().WALBytes; wal == 0 || wal > 32<<20 {
		t.Errorf("the write-ahead log has %d bytes", wal)
	}
}

// What updates read must be what is stored, whatever was undone in between.
func TestUpdate_ReadsWhatIsStoredAfterUndoing(t *testing.T) {
	d := openNew(t)
	hire(t, d, "xavi@example.org")
	c := create(t, d, storetest.Sample(1))
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
