package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
)

// TestNewOperator: an operator who has never heard of the desk is asked by it for
// their presence, whether they are online at that time or log in later; once they
// agree they are on duty, without adding anything themselves.
func TestNewOperator(t *testing.T) {
	for _, online := range []bool{true, false} {
		t.Run(fmt.Sprintf("online=%v", online), func(t *testing.T) {
			t.Parallel()
			s := start(t, nil) // vera is no operator yet
			var v *person
			if online {
				v = login(t, s.server.ClientAddr(), "vera", "")
			}
			s.stopAndConfigure(settings{"super_operators": fmt.Sprintf("[%q]", demo.Stranger)})
			if !online {
				v = login(t, s.server.ClientAddr(), "vera", "")
			}
			v.expect("the desk's request", presenceOf(demo.Desk, "subscribe"))
			v.Send(stream.New("", "presence").With("type", "subscribed", "to", demo.Desk))
			s.online(1)
			v.hears(demo.Desk, "Hello Vera, this is the support desk")
			v.desk("status", "Offers: on.")
		})
	}
}

// stopAndConfigure starts porchlight again with other settings.
func (s *site) stopAndConfigure(more settings) {
	s.t.Helper()
	s.kill()
	s.configure(strings.TrimPrefix(s.url, "http://"), more)
	s.up()
}
