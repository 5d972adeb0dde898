package sqlite

import (
	"fmt"
	"testing"

	"porchlight/bridge"
)

// What is remembered of origins is complete or nothing: a message that came before is never taken for new, however
// many came since.
func TestOrigins_NeverLackWhatWasStored(t *testing.T) {
	o := newOrigins()
	for number := int64(1); number < 3*memoryRoom; number++ {
		o.begin(number)
		for seq := range int64(20) {
			o.note(bridge.Event{Conversation: number, Seq: seq, Origin: fmt.Sprint(seq)})
		}
		for back := range min(number, 3) {
			if o.lacks(number-back, "7") {
				t.Fatalf("conversation %d is %d back, and lacks what was stored", number-back, back)
			}
		}
		if o.count > originsRoom || len(o.of) > memoryRoom {
			t.Fatalf("%d origins of %d conversations are remembered", o.count, len(o.of))
		}
	}
	o.begin(1)
	if !o.lacks(1, "7") {
		t.Error("a new conversation is said to have something")
	}
	if o.lacks(2, "7") {
		t.Error("a conversation that was not begun is said to lack something")
	}
}
