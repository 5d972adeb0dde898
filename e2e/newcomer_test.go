package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
)

// TestOperatorAdd: somebody who is made an operator at the desk gets a contact request of the desk, whether
// they are online then or come later. The site counts them from when they agree, and not before. Who is
// deleted is a stranger again.
func TestOperatorAdd(t *testing.T) {
	t.Parallel()
	for _, online := range []bool{true, false} {
		t.Run(fmt.Sprintf("online=%v", online), func(t *testing.T) {
			t.Parallel()
			s := start(t, nil)
			x := s.operators("xavi")[0]
			var v *person
			if online {
				v = login(t, s.server.ClientAddr(), "vera", "")
			}
			said := x.desk("operator-add "+demo.Stranger+" Vera Lang support", "Vera Lang ("+demo.Stranger+") is an operator: support.")
			for _, line := range []string{"Vera Lang has been sent a contact request by the desk; the site counts them from when they agree.",
				"Super operators are named in super_operators of the config.", "operator-edit vera changes the rest.", "Back: operator-delete vera"} {
				if !strings.Contains(said, line) {
					t.Errorf("%q is not in\n%s", line, said)
				}
			}
			if !online {
				v = login(t, s.server.ClientAddr(), "vera", "")
			}
			v.expect("the desk's request", func(el *stream.Element) bool {
				return el.Local == "presence" && el.Get("type") == "subscribe" && el.Get("from") == demo.Desk
			})
			x.desk("operators", "Vera Lang – offline")
			s.online(1)
			v.Send(stream.New("", "presence").With("type", "subscribed", "to", demo.Desk))
			s.online(2)
			v.expect("the desk's words", operator.Body(demo.Desk, "Hello Vera Lang, this is the support desk"))
			v.desk("status", "Offers: on.")
			x.desk("operator-delete vera", "Vera Lang has no conversation.")
			x.desk("operator-delete vera yes", "Deleted: Vera Lang.")
			s.online(1)
		})
	}
}
