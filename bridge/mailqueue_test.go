package bridge_test

import (
	"testing"
	"time"

	"porchlight/bridge"
)

// A notice that could not be sent for an hour is sent no more, whether the relay refuses it for now or takes nothing at all:
// it would ring for what is over.
func TestMail_OldNoticeIsNotSent(t *testing.T) {
	for name, late := range map[string]func(*office, bridge.OutMail) error{
		"refused": func(o *office, m bridge.OutMail) error { return o.Mail.Late(t.Context(), m.ID, "451 later") },
		"held": func(o *office, m bridge.OutMail) error {
			return o.Mail.Wait(t.Context(), o.clock.Now().Add(time.Hour), "535 no", 10)
		},
	} {
		o := newOffice(t).halted()
		op, _ := o.Team.Operator(xavi)
		op.Notify = bridge.Notify{Mail: true, MailTo: "xavi@example.com"}
		o.must(bridge.Conversation{}, o.Mail.SendNotice(t.Context(), bridge.Notice{ID: "a", Operator: op}))
		began, tries := o.clock.Now(), 0
		for o.clock.Now().Sub(began) < 3*time.Hour {
			for _, m := range o.outbox(time.Minute) {
				tries++
				o.must(bridge.Conversation{}, late(o, m))
				if since := o.clock.Now().Sub(began); since > time.Hour+time.Minute {
					t.Fatalf("%s: it is tried after %v", name, since)
				}
			}
		}
		if got := o.last(xavi); tries < 3 || got != "notice #0 The notice by mail to xavi@example.com was NOT sent: "+map[string]string{"refused": "451 later", "held": "535 no"}[name] {
			t.Errorf("%s: after %d tries the desk says %q", name, tries, got)
		}
	}
}
