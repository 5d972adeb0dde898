package component

import (
	"testing"
	"time"
)

// A link that ends waits until what it has sent is proved, and not for what others go on sending: on a busy day that never ends.
func TestBarrier_FlushesWhatWasSent(t *testing.T) {
	began := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	some := map[task]int64{{conversation: 1}: 1}
	for _, step := range []struct {
		what       string
		sent, ping map[task]int64
		since      time.Time
		clean      bool
	}{
		{"nothing was sent", nil, nil, began.Add(-time.Minute), true},
		{"its ping is not sent yet", some, nil, began, false},
		{"its ping is under way", nil, some, began.Add(-time.Second), false},
		{"its ping is back", some, nil, began.Add(time.Second), true},
		{"its ping is back, and what it proves is not stored", some, some, began.Add(time.Second), false},
	} {
		b := &barrier{sent: step.sent, ping: step.ping, since: step.since}
		if got := b.clean(began); got != step.clean {
			t.Errorf("%s: clean %v", step.what, got)
		}
	}
}
