package post

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"porchlight/bridge/phrase"
	"porchlight/internet"
)

// guard refuses connections to addresses that are neither public nor in one of the networks.
func guard(networks []netip.Prefix) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err == nil && allowed(to.Addr(), networks) {
			return nil
		}
		return leadsInside()
	}
}

// allowed reports whether an address is public or in one of the networks.
func allowed(a netip.Addr, networks []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	return internet.Public(a) || slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

func leadsInside() error {
	return phrase.Fail(phrase.CodeInvalid, "The address leads into a private network; notify.networks in the config would have to allow it.")
}

// Check refuses an address that a guarded client with these networks never reaches, as far as the address alone says so: one with
// the number of a host in a private network, or localhost (RFC 6761 §6.3). Nothing is looked up.
func Check(address string, networks []netip.Prefix) error {
	u, err := url.Parse(address)
	if err != nil {
		return phrase.Fail(phrase.CodeInvalid, "The address is not valid: it begins with https://.")
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		if allowed(netip.AddrFrom4([4]byte{127, 0, 0, 1}), networks) || allowed(netip.IPv6Loopback(), networks) {
			return nil
		}
		return leadsInside()
	}
	if a, err := netip.ParseAddr(host); err == nil && !allowed(a, networks) {
		return leadsInside()
	}
	return nil
}
