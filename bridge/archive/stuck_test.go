package archive_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"porchlight/bridge/archive"
)

// bad is a store in which one conversation can't be deleted.
type bad struct {
	archive.Store
	number int64 // 0: all can
}

type badTx struct {
	archive.Tx
	number int64
}

func (b *bad) UpdateArchive(ctx context.Context, f func(archive.Tx) error) error {
	return b.Store.UpdateArchive(ctx, func(tx archive.Tx) error { return f(&badTx{tx, b.number}) })
}

func (t *badTx) Erase(number int64) error {
	if number == t.number {
		return errors.New("disk I/O error")
	}
	return t.Tx.Erase(number)
}

// TestErase_OneThatFailsKeepsNoOther: what can't be deleted keeps nothing else from being deleted: not the person's other conversations, not
// other erasures, and not what has been kept long enough. The super operators hear of it once, and when it is over.
func TestErase_OneThatFailsKeepsNoOther(t *testing.T) {
	s := shelfAt(t, newPlace(t))
	anna := s.everywhere("Anna")
	s.everywhere("Anna")
	old := s.talk("support", "visitor: refund")
	berta := s.everywhere("Berta")
	young := s.talk("support", "visitor: refund")
	s.keepFor("96d")
	store := &bad{Store: s.store, number: anna}
	a := s.archive.On(store)
	xaviSuper, _ := s.bridge.Team.Operator(xavi)
	var unfinished *archive.Unfinished
	done, err := a.Erase(t.Context(), xaviSuper, s.person("anna@"+marker+".example"))
	if !errors.As(err, &unfinished) || done.Conversations != 1 {
		t.Errorf("erased %+v: %v", done, err)
	}
	if _, err := a.Erase(t.Context(), xaviSuper, s.person(fmt.Sprint("#", berta))); err != nil {
		t.Error(err)
	}
	if got := s.numbers(); !slices.Equal(got, []int64{anna, old, young}) {
		t.Errorf("there are %v", got)
	}
	told := func(want int64) {
		t.Helper()
		stats, err := s.bridge.Stats(t.Context())
		if err != nil || stats.Alarms != want {
			t.Errorf("%d alarms were raised, want %d: %v", stats.Alarms, want, err)
		}
	}
	told(1)
	for range 3 {
		if err := a.Tend(t.Context()); err == nil {
			t.Error("nothing fails")
		}
		s.clock.Move(time.Minute)
	}
	if got := s.numbers(); !slices.Equal(got, []int64{anna, young}) { // which ended 95 days ago
		t.Errorf("after the retention there are %v", got)
	}
	told(2) // anna's was kept long enough, too
	store.number = 0
	s.clock.Move(time.Hour)
	s.must(a.Tend(t.Context()))
	if got := s.numbers(); !slices.Equal(got, []int64{young}) || len(s.rowsWith(marker)) > 0 {
		t.Errorf("in the end there are %v, and the marker in %v", got, s.rowsWith(marker))
	}
}
