// Package internet tells which addresses are of the public internet, so that nobody who names an address leads us
// into a private network. It has no state: any goroutine may call its functions.
package internet

import (
	"net/netip"
	"slices"
)

// special are the networks beside private, loopback, link-local and multicast ones in which no receiver of
// the public internet is (the special-purpose registries of RFC 6890).
var special = func() (list []netip.Prefix) {
	for _, p := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "::/96", "::ffff:0:0:0/96", "3fff::/20", "5f00::/16", "fec0::/10"} {
		list = append(list, netip.MustParsePrefix(p))
	}
	return list
}()

// translated is the network whose addresses end in an IPv4 address (RFC 6052 §2.1).
var translated = netip.MustParsePrefix("64:ff9b::/96")

// Public reports whether an address is one of the public internet.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if translated.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}
