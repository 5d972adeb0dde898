package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

var updateRules = []rule{
	{"that fails keeps nothing, and the next one works", failureKeepsNothing},
	{"that fails hurts no update that runs beside it", failureHurtsNobody},
	{"whose context has ended does not run", contextEndedBefore},
	{"whose context ends while it runs says what became of it", contextEndedAfter},
	{"reads what it wrote", readsWhatItWrote},
	{"ends its Tx", txEnds},
}

var errWrong = errors.New("wrong")

// failures are the ways in which an update fails: what the update does, and whether an error
// is the one that must follow.
func failures(number int64) map[string]struct {
	fail func(bridge.Tx) error
	want func(error) bool
} {
	type failure = struct {
		fail func(bridge.Tx) error
		want func(error) bool
	}
	wrong := func(err error) bool { return errors.Is(err, errWrong) }
	internal := func(err error) bool { return phrase.CodeOf(err) == phrase.CodeInternal }
	bad := Say(number, "v:bad", "bad", nil)
	return map[string]failure{
		"before it wrote": {func(bridge.Tx) error { return errWrong }, wrong},
		"after it wrote": {func(tx bridge.Tx) error {
			if err := bad(tx); err != nil {
				return err
			}
			return errWrong
		}, wrong},
		"by a statement": {func(tx bridge.Tx) error {
			return tx.Append(bridge.Event{Conversation: number, Seq: -1, Type: bridge.EventMessage, At: at(0)})
		}, internal},
		"by a statement, which it ignores": {func(tx bridge.Tx) error {
			_ = bad(tx)
			_ = tx.Append(bridge.Event{Conversation: 99, Seq: 1, Type: bridge.EventMessage, At: at(0)})
			return nil
		}, internal},
		"by panic": {func(tx bridge.Tx) error {
			_ = bad(tx)
			panic("boom")
		}, internal},
		"by panic before it wrote": {func(bridge.Tx) error { panic("boom") }, internal},
	}
}

func failureKeepsNothing(t *trial) {
	number := t.conversation()
	t.update(Say(number, "v:1", "one", nil))
	want := []string{"one"}
	for name, f := range failures(number) {
		if err := t.store.Update(t.Context(), f.fail); !f.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		expect(t, want)(t.texts(number), nil)
		t.update(Say(number, "v:after "+name, name, nil))
		want = append(want, name)
		expect(t, want)(t.texts(number), nil)
	}
}

func failureHurtsNobody(t *trial) {
	const writers, each = 8, 10
	number := t.conversation()
	var wg sync.WaitGroup
	for name, f := range failures(number) {
		wg.Go(func() {
			for range each {
				if err := t.store.Update(t.Context(), f.fail); !f.want(err) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				origin := fmt.Sprintf("v:%d-%d", w, i)
				if err := t.store.Update(t.Context(), Say(number, origin, origin, nil)); err != nil {
					t.Errorf("%s: %v", origin, err)
				}
			}
		})
	}
	wg.Wait()
	log := t.texts(number)
	expect(t, writers*each)(len(log), nil)
	expect(t, false)(contains(log, "bad"), nil)
}

func contextEndedBefore(t *trial) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := t.store.Update(ctx, func(bridge.Tx) error { t.Error("an update ran"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("update: error %v, want canceled", err)
	}
	if err := t.store.View(ctx, func(bridge.Reader) error { t.Error("a view ran"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("view: error %v, want canceled", err)
	}
}

func contextEndedAfter(t *trial) {
	number := t.conversation()
	ctx, cancel := context.WithCancel(t.Context())
	err := t.store.Update(ctx, func(tx bridge.Tx) error {
		cancel()
		return Say(number, "v:1", "one", nil)(tx)
	})
	if err != nil {
		t.Errorf("error %v, but it was stored", err)
	}
	expect(t, []string{"one"})(t.texts(number), nil)
}

func readsWhatItWrote(t *trial) {
	number := t.conversation()
	t.update(func(tx bridge.Tx) error {
		if err := Say(number, "v:1", "one", nil)(tx); err != nil {
			return err
		}
		list, err := tx.Events(number, 0, 10)
		if len(list) != 1 {
			t.Errorf("%d events, want 1", len(list))
		}
		return err
	})
}

func txEnds(t *trial) {
	var kept [2]bridge.Reader
	t.update(func(tx bridge.Tx) error { kept[0] = tx; return nil })
	t.view(func(r bridge.Reader) error { kept[1] = r; return nil })
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
