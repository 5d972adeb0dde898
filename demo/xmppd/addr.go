package xmppd

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"syscall"
)

const (
	portsTried = 101 // a taken port p is followed by p+1 … p+100

	// A port for "port 0" is chosen below the ranges from which systems take the ports of
	// outgoing connections, so that a server finds its port still free after a restart.
	lowPort  = 15000
	highPort = 30000
)

// FreeAddr returns an address that can be listened on: the wanted IP:port, or the next free
// port of up to 100 above it. Port 0 means any free port, which no process gets from FreeAddr
// while this one lives (on Linux). Nothing else is reserved: another program may take the port
// before the caller does.
func FreeAddr(wanted string) (string, error) {
	l, err := listenFree(wanted)
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// freeAddrs does what FreeAddr does for several addresses, which then differ. An empty
// address stays empty.
func freeAddrs(wanted ...string) ([]string, error) {
	addrs := make([]string, len(wanted))
	for i, w := range wanted {
		if w == "" {
			continue
		}
		l, err := listenFree(w)
		if err != nil {
			return nil, err
		}
		defer l.Close()
		addrs[i] = l.Addr().String()
	}
	return addrs, nil
}

// addrs returns the addresses for clients, the component and web pages. With Enter they are
// used unchanged, since nobody can see from here which ports are free in another network
// namespace.
func (c Config) addrs() ([]string, error) {
	if c.Enter != nil {
		return []string{c.ClientAddr, c.ComponentAddr, c.WebAddr}, nil
	}
	return freeAddrs(c.ClientAddr, c.ComponentAddr, c.WebAddr)
}

func listenFree(wanted string) (net.Listener, error) {
	addr, err := netip.ParseAddrPort(wanted)
	if err != nil {
		return nil, fmt.Errorf("find free port: %q is not IP:port: %w", wanted, err)
	}
	first := int(addr.Port())
	if first == 0 {
		first = lowPort + rand.IntN(highPort-lowPort)
	}
	for port := first; port < first+portsTried && port < 1<<16; port++ {
		l, err := net.Listen("tcp", net.JoinHostPort(addr.Addr().String(), strconv.Itoa(port)))
		if err == nil && (addr.Port() != 0 || reserve(port)) {
			return l, nil
		}
		if err == nil {
			l.Close()
			continue
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("find free port: %w", err)
		}
	}
	return nil, fmt.Errorf("find free port: %s and the %d ports above are taken", wanted, portsTried-1)
}
