package xmppd

import (
	"net"
	"net/netip"
	"strings"
	"testing"
)

// FreeAddr returns the wanted port if it is free, else a later one, and the port can be
// listened on afterwards.
func TestFreeAddr(t *testing.T) {
	l, err := listenFree("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken := netip.MustParseAddrPort(l.Addr().String())
	got, err := FreeAddr(taken.String())
	if err != nil {
		t.Fatal(err)
	}
	next := netip.MustParseAddrPort(got)
	if next.Port() <= taken.Port() || next.Port() > taken.Port()+100 || next.Addr() != taken.Addr() {
		t.Errorf("after %s comes %s", taken, next)
	}
	l.Close()
	if got, err := FreeAddr(taken.String()); err != nil || got != taken.String() {
		t.Errorf("wanted %s, got %s, %v", taken, got, err)
	}
	again, err := net.Listen("tcp", got)
	if err != nil {
		t.Errorf("free address: %v", err)
	} else {
		again.Close()
	}
}

// A listener on all addresses takes the port of each.
func TestFreeAddr_WildcardTaken(t *testing.T) {
	l, err := listenFree("0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := netip.MustParseAddrPort(l.Addr().String()).Port()
	want := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port).String()
	if got, err := FreeAddr(want); err != nil || got == want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestFreeAddr_Errors(t *testing.T) {
	for _, wanted := range []string{"", "5222", "localhost:5222", "127.0.0.1:99999", "192.0.2.1:5222"} {
		if got, err := FreeAddr(wanted); err == nil || !strings.HasPrefix(err.Error(), "find free port: ") {
			t.Errorf("%q gives %s, %v", wanted, got, err)
		}
	}
}
