package peer_test

import (
	"net/netip"
	"testing"

	"porchlight/webwidget/peer"
)

func TestNet_OneSubscriber(t *testing.T) {
	for _, c := range []struct {
		a, b         string
		same, around bool
	}{
		{"192.0.2.1", "192.0.2.1", true, true},
		{"192.0.2.1", "192.0.2.2", false, true},
		{"192.0.2.1", "192.0.3.1", false, false},
		{"192.0.2.1", "::ffff:192.0.2.1", true, true},
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true, true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false, true},
		{"2001:db8:1:2::1", "2001:db8:2:2::1", false, false},
		{"2001:db8:0:1::1", "2001:db8::1", false, true},
		{"::1", "127.0.0.1", false, false},
		{"fe80::1", "fe80:0:0:1::1", false, true},
	} {
		a, b := peer.Of(netip.MustParseAddr(c.a)), peer.Of(netip.MustParseAddr(c.b))
		if (a == b) != c.same || (a.Around() == b.Around()) != c.around {
			t.Errorf("%s and %s: %x, %x, around %x, %x", c.a, c.b, a, b, a.Around(), b.Around())
		}
	}
}

// A subscriber is never taken for a network, whatever the address.
func TestNet_NetworksAreNoSubscribers(t *testing.T) {
	all := map[peer.Net]string{}
	for _, s := range []string{"0.0.0.1", "0.1.0.0", "10.0.0.1", "2001:db8:0:1::", "2001:db8::", "::1", "fc00:1::", "fe80::"} {
		n := peer.Of(netip.MustParseAddr(s))
		for what, m := range map[string]peer.Net{s: n, s + " around": n.Around()} {
			if was, ok := all[m]; ok && !(s == "::1" && n == m) {
				if what != "2001:db8:: around" && what != "2001:db8:0:1:: around" {
					t.Errorf("%s and %s are %x", was, what, m)
				}
			}
			all[m] = what
		}
	}
	if peer.Of(netip.Addr{}) != 0 {
		t.Error("no address is somebody's")
	}
}
