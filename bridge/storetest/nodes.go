package storetest

import (
	"fmt"
	"slices"
	"sync"

	"porchlight/bridge"
)

var nodeRules = []rule{
	{"keeps how each operator can be reached", presences},
	{"keeps which nodes have pages of a conversation", pages},
	{"says where logs end, of however many", seqs},
	{"keeps the first value of those that many would keep", keptSettings},
}

func presences(t *trial) {
	t.hire(olga, vera, xavi)
	full := bridge.Presence{Operator: vera, Show: bridge.ShowDND, Since: at(1), Fault: bridge.Fault{Condition: "gone", Text: "Not h\u00e8re"}}
	whole(t, full)
	away := bridge.Presence{Operator: olga, Show: bridge.ShowOffline}
	t.update(func(tx bridge.Tx) error {
		return tx.SavePresence(bridge.Presence{Operator: vera, Show: bridge.ShowAway})
	})
	for _, p := range []bridge.Presence{full, away, {Operator: xavi}} {
		t.update(func(tx bridge.Tx) error { return tx.SavePresence(p) })
	}
	t.update(func(tx bridge.Tx) error { return tx.DeletePresence(xavi) })
	t.update(func(tx bridge.Tx) error { return tx.DeletePresence(xavi) })
	full.Since = stored(full.Since)
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Presence{away, full})(r.Presences())
		return nil
	})
	t.update(func(tx bridge.Tx) error { return tx.DeleteOperator(vera) })
	t.view(func(r bridge.Reader) error {
		expect(t, []bridge.Presence{away})(r.Presences())
		return nil
	})
}

func pages(t *trial) {
	one, two, three := t.create(Sample(1)).Number, t.create(Sample(2)).Number, t.create(Sample(3)).Number
	t.update(func(tx bridge.Tx) error {
		for _, p := range []struct {
			number int64
			node   string
		}{{two, "b"}, {one, "b"}, {one, "a"}, {one, "a"}, {three, "a"}, {three, "c"}} {
			if err := tx.SavePage(p.number, p.node); err != nil {
				return err
			}
		}
		return nil
	})
	t.view(func(r bridge.Reader) error {
		expect(t, true)(r.PageElsewhere(one, "a"))
		expect(t, false)(r.PageElsewhere(two, "b"))
		expect(t, true)(r.PageElsewhere(two, "a"))
		expect(t, false)(r.PageElsewhere(99, "a"))
		expect(t, []int64{one, two})(r.PagesOf("b", 9))
		expect(t, []int64{one})(r.PagesOf("b", 1))
		expect(t, []string{"a", "b", "c"})(r.Pagers())
		return nil
	})
	t.update(func(tx bridge.Tx) error {
		for range 2 {
			if err := tx.DeletePage(one, "a"); err != nil {
				return err
			}
		}
		return tx.DeletePage(three, "c")
	})
	t.view(func(r bridge.Reader) error {
		expect(t, false)(r.PageElsewhere(one, "b"))
		expect(t, []int64{three})(r.PagesOf("a", 9))
		expect(t, []string{"a", "b"})(r.Pagers())
		return nil
	})
}

func seqs(t *trial) {
	var numbers []int64
	want := make(map[int64]int64)
	for i := range 3 {
		n := t.create(Sample(i + 1)).Number
		for j := range i {
			t.update(Say(n, fmt.Sprint("v:", j), "Hello", nil))
		}
		numbers, want[n] = append(numbers, n), int64(i)
	}
	last := numbers[2]
	for i := range int64(1000) {
		numbers = slices.Insert(numbers, 1, last+1+i) // which there are not
	}
	t.view(func(r bridge.Reader) error {
		expect(t, want)(r.Seqs(numbers))
		expect(t, map[int64]int64{})(r.Seqs(nil))
		expect(t, map[int64]int64{last: 2})(r.Seqs([]int64{last}))
		return nil
	})
}

// keptSettings: also of those that come at once.
func keptSettings(t *trial) {
	const many = 16
	kept := make([]string, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			err := t.store.Update(t.Context(), func(tx bridge.Tx) (err error) {
				kept[i], err = tx.KeepSetting("key", fmt.Sprint("value ", i))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, value := range kept {
		if value == "" || value != kept[0] {
			t.Errorf("%q was kept, and %q", value, kept[0])
		}
	}
	t.view(func(r bridge.Reader) error {
		expect(t, kept[0])(r.Setting("key"))
		return nil
	})
}
