package onsite

import (
	"testing"
	"time"
)

// Two nodes make the same id of a page, and if they have given two visits the same id they call none of them by what stands for the other.
func TestCrowd_SameIDs(t *testing.T) {
	c, other := newCrowd(0, 0), newCrowd(0, 0)
	mine, _ := c.enter("mine", From{}, time.Time{})
	if there, _ := other.enter("mine", From{}, time.Time{}); there.ID != mine.ID || len(mine.ID) != 4 {
		t.Errorf("a page is called %q by one node and %q by another", mine.ID, there.ID)
	}
	theirs, _ := c.enter("theirs", From{}, time.Time{})
	same := mine.ID
	c.rename(theirs, same)
	if mine.ID == same || c.byID[mine.ID] != mine || c.byID[same] != theirs || len(c.byID) != 2 {
		t.Errorf("they are called %q and %q, and known are %v", mine.ID, theirs.ID, c.byID)
	}
	if c.rename(mine, mine.ID); c.byID[mine.ID] != mine || len(c.byID) != 2 {
		t.Errorf("known are %v", c.byID)
	}
}
