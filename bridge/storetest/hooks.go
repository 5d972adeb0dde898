package storetest

import (
	"errors"
	"time"

	"porchlight/bridge/hook"
	"porchlight/bridge/phrase"
)

// hookRules are about webhooks, and how far each was told the logs. An engine that keeps them is a hook.Store, too.
var hookRules = []rule{
	{"keeps webhooks whole, by name", hooksWhole},
	{"moves a cursor only from where it was read", hookCursors},
	{"finds what is untold, and what is due", hookUntold},
}

// hooks is the store of a trial, as webhooks see it.
func (t *trial) hooks() hook.Store {
	t.Helper()
	s, ok := t.store.(hook.Store)
	if !ok {
		t.Fatal("it keeps no webhooks")
	}
	return s
}

func (t *trial) updateHooks(f func(hook.Tx) error) {
	t.Helper()
	if err := t.hooks().UpdateHooks(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func (t *trial) viewHooks(f func(hook.Reader) error) {
	t.Helper()
	if err := t.hooks().ViewHooks(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func sampleHook(id, name string) hook.Hook {
	return hook.Hook{ID: id, Name: name, URL: "https://" + name + ".example/hook", Secret: "whsec_x", State: hook.On, Since: 3, Made: stored(at(1)), By: xavi}
}

func hooksWhole(t *trial) {
	crm, shop := sampleHook("1", "crm"), sampleHook("2", "a-shop")
	crm.Types, crm.GivenUp, crm.Tried, crm.Result, crm.Failing = []hook.Type{hook.Created, hook.Closed}, 2, stored(at(2)), phrase.Say("It answered %d.", 500), stored(at(3))
	t.updateHooks(func(tx hook.Tx) error { return errors.Join(tx.SaveHook(crm), tx.SaveHook(shop)) })
	changed := crm
	changed.State, changed.Since, changed.Made, changed.By = hook.Off, 99, stored(at(9)), olga
	t.updateHooks(func(tx hook.Tx) error { return tx.SaveHook(changed) })
	crm.State = hook.Off
	t.viewHooks(func(r hook.Reader) error {
		expect(t, []hook.Hook{shop, crm})(r.Hooks())
		expect(t, crm)(r.Hook("1"))
		_, err := r.Hook("3")
		expectCode(t, phrase.CodeNotFound, err)
		return nil
	})
	t.updateHooks(func(tx hook.Tx) error { return tx.DeleteHook("1") })
	t.viewHooks(func(r hook.Reader) error {
		expect(t, []hook.Hook{shop})(r.Hooks())
		return nil
	})
}

func hookCursors(t *trial) {
	number := t.conversation()
	first := hook.Cursor{Hook: "1", Conversation: number, Seq: 1}
	second := hook.Cursor{Hook: "1", Conversation: number, Seq: 1, Part: 1, Tries: 2, Due: stored(at(5))}
	t.updateHooks(func(tx hook.Tx) error {
		return errors.Join(tx.SaveHook(sampleHook("1", "crm")), tx.SaveHookCursor(first, hook.Cursor{}), tx.SaveHookCursor(second, first))
	})
	for _, was := range []hook.Cursor{{}, first} {
		expectCode(t, phrase.CodeConflict, t.hooks().UpdateHooks(t.Context(), func(tx hook.Tx) error { return tx.SaveHookCursor(first, was) }))
	}
	t.viewHooks(func(r hook.Reader) error {
		expect(t, second)(r.HookCursor("1", number))
		_, err := r.HookCursor("2", number)
		expectCode(t, phrase.CodeNotFound, err)
		return nil
	})
}

func hookUntold(t *trial) {
	h := sampleHook("1", "crm")
	var numbers []int64
	for n := range 4 {
		c := Sample(n + 1)
		c.Seq = 2 // so there is something to tell
		numbers = append(numbers, t.create(c).Number)
	}
	h.Since = numbers[0] - 1 // all are newer
	due := func(i int, s int) hook.Cursor {
		return hook.Cursor{Hook: "1", Conversation: numbers[i], Seq: 0, Tries: 1, Due: stored(at(s))}
	}
	last := numbers[3]
	t.updateHooks(func(tx hook.Tx) error {
		c, err := tx.Conversation(numbers[1])
		return errors.Join(err, tx.SaveHook(h), tx.SaveHookCursor(due(0, 20), hook.Cursor{}), tx.SaveHookCursor(hook.Cursor{Hook: "1", Conversation: numbers[1], Seq: c.Seq}, hook.Cursor{}),
			tx.SaveHookCursor(due(2, 10), hook.Cursor{}))
	})
	t.viewHooks(func(r hook.Reader) error {
		expect(t, []int64{last})(r.Untold(h, 0, last))
		expect(t, []int64(nil))(r.Untold(h, last, last+10))
		expect(t, []int64{numbers[2]})(r.DueCursors("1", stored(at(10)), 9))
		expect(t, []int64{numbers[2], numbers[0]})(r.DueCursors("1", stored(at(30)), 9))
		expect(t, []int64{numbers[2]})(r.DueCursors("1", stored(at(30)), 1))
		expect(t, stored(at(10)))(r.NextDue("1"))
		expect(t, time.Time{})(r.NextDue("2"))
		expect(t, int64(2))(r.Failed("1"))
		expect(t, last)(r.LastNumber())
		return nil
	})
	t.updateHooks(func(tx hook.Tx) error { return tx.HastenCursors("1", stored(at(5))) })
	t.viewHooks(func(r hook.Reader) error {
		expect(t, []int64{numbers[0], numbers[2]})(r.DueCursors("1", stored(at(5)), 9))
		return nil
	})
	for more := true; more; {
		t.updateHooks(func(tx hook.Tx) (err error) {
			more, err = tx.ForgetCursors("1")
			return err
		})
	}
	t.viewHooks(func(r hook.Reader) error {
		expect(t, int64(0))(r.Failed("1"))
		expect(t, numbers)(r.Untold(h, 0, last))
		return nil
	})
}
