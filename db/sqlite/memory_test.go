package sqlite

import (
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/storetest"
)

// The time at which a conversation is due is written only when it changes, and is right after every change.
func TestSaveConversation_StoresWhenItIsDue(t *testing.T) {
	d := openNew(t)
	c := create(t, d, storetest.Sample(1))
	for i, change := range []func(*bridge.Due){
		func(due *bridge.Due) { *due = bridge.Due{} },
		func(due *bridge.Due) { due.IdleWarn = at(9) },
		func(due *bridge.Due) {},
		func(due *bridge.Due) { due.IdleClose = at(20) }, // later, so that nothing is due earlier
		func(due *bridge.Due) { due.Visitor = at(4) },
		func(due *bridge.Due) { due.IdleWarn = at(12) },
		func(due *bridge.Due) { due.Visitor = time.Time{} },
		func(due *bridge.Due) { due.IdleWarn, due.Later = time.Time{}, at(12) },
		func(due *bridge.Due) { *due = bridge.Due{} },
	} {
		was := c.Seq
		c.Seq++
		change(&c.Due)
		update(t, d, func(tx bridge.Tx) error { return tx.SaveConversation(c, was) })
		var want any
		if next, _ := c.Due.Next(); !next.IsZero() {
			want = next.UnixMilli()
		}
		if got := ask(t, d, "SELECT next_due_at FROM conversations")[0][0]; got != want {
			t.Errorf("change %d: due at %v, want %v", i, got, want)
		}
	}
}
