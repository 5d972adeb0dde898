package onsite

import (
	"context"
	"encoding/json"
	"testing"
	"time"
)

// Two nodes that have given two visits the same id call none of them by what stands for the other, and several nodes have longer ids, so
// that it hardly happens.
func TestCrowd_SameIDs(t *testing.T) {
	c := newCrowd(0, 0)
	mine, _ := c.enter("mine", From{}, time.Time{})
	theirs, _ := c.enter("theirs", From{}, time.Time{})
	same := mine.ID
	c.rename(theirs, same)
	if mine.ID == same || c.byID[mine.ID] != mine || c.byID[same] != theirs || len(c.byID) != 2 {
		t.Errorf("they are called %q and %q, and known are %v", mine.ID, theirs.ID, c.byID)
	}
	if c.rename(mine, mine.ID); c.byID[mine.ID] != mine || len(c.byID) != 2 {
		t.Errorf("known are %v", c.byID)
	}
	join := func(func(context.Context, json.RawMessage) error) func(any) { return func(any) {} }
	for several, want := range map[*Cluster]int{nil: 4, {Join: join}: 6} {
		if v, _ := New(nil, Options{Cluster: several}).crowd.enter("key", From{}, time.Time{}); len(v.ID) != want {
			t.Errorf("an id is %q, of several nodes: %v", v.ID, several != nil)
		}
	}
}
