package bridge

import (
	"fmt"
	"testing"
	"time"
)

// A page that changes its address all the time does not fill the log, and nothing remembers it after
// the conversation's end.
func TestPages_TheLogFollowsAPageWithinReason(t *testing.T) {
	h, now, kept := newHub(), time.Unix(1e9, 0), 0
	for i := range 1000 {
		h.pages.look(1, PageState{URL: fmt.Sprint(i)}, "start")
		for _, p := range h.pages.moved(now) {
			h.pages.followed(1, p.URL, now)
			kept++
		}
		now = now.Add(time.Second)
		if i == 99 && kept != 20 {
			t.Errorf("%d pages kept in 100 s, want one each 5 s", kept)
		}
	}
	if kept != movesKept || len(h.pages.roaming) != 0 {
		t.Errorf("%d pages kept, %d conversations wait", kept, len(h.pages.roaming))
	}
	h.pages.look(2, PageState{URL: "a"}, "start")
	h.publish(&Change{Conversation: Conversation{Number: 2, State: Closed}})
	if len(h.pages.moved(now)) != 0 || len(h.pages.roaming) != 0 {
		t.Error("the log is to follow a page after the end")
	}
}
