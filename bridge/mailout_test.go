package bridge_test

import (
	"slices"
	"testing"
	"time"

	"porchlight/bridge"
)

// While the relay is gone, every conversation is told once that its mail is late, also those whose mail
// was not tried; and the mail goes as soon as the relay takes it.
func TestMail_AllThatWaitIsTold(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	var list []bridge.Conversation
	for _, to := range []string{"anna@example.net", "ben@example.net", "cid@example.net"} {
		c, err := o.WriteFirst(t.Context(), xavi, to, "Course", "So.")
		o.must(c, err)
		list = append(list, c)
	}
	until := o.clock.Now().Add(15 * time.Minute)
	for o.clock.Now().Before(until) {
		o.outbox(time.Second)
		o.must(bridge.Conversation{}, o.Mail.Wait(t.Context(), until, "535 wrong password", 2))
		if since := o.clock.Now().Sub(until.Add(-15 * time.Minute)); since < 30*time.Second && len(o.posts(list[0].Number)) > 0 {
			t.Fatalf("told after %v", since)
		}
	}
	for _, c := range list {
		if got := o.posts(c.Number); !slices.Equal(got, []string{"late 535 wrong password"}) {
			t.Errorf("#%d tells %q", c.Number, got)
		}
	}
	if due := o.outbox(time.Second); len(due) != 3 {
		t.Errorf("when it is over, %d are due", len(due))
	}
}
