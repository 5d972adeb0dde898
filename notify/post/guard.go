package post

import (
	"context"
	"net/netip"
	"slices"
	"syscall"

	"porchlight/bridge/phrase"
	"porchlight/internet"
)

// guard refuses connections to addresses that are neither public nor in one of the networks.
func guard(networks []netip.Prefix) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		a := to.Addr().Unmap().WithZone("")
		if err == nil && (internet.Public(a) || slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })) {
			return nil
		}
		return phrase.Fail(phrase.CodeInvalid, "The address leads into a private network; notify.networks in the config would have to allow it.")
	}
}
