package webwidget

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the networks of reverse proxies that are believed when they name another client.
type proxies []netip.Prefix

// client is the address that a request comes from.
func (p proxies) client(r *http.Request) netip.Addr { return p.address(r.RemoteAddr, r.Header) }

// address walks from the connection's peer back through the list of addresses, as long as
// the address that it is at is a proxy's; whatever stands further left, anybody may have
// invented. A proxy sets X-Forwarded-For or Forwarded (RFC 7239), and passes the other on
// as it came: if both headers are there and disagree, neither is believed.
func (p proxies) address(remote string, h http.Header) netip.Addr {
	peer, _ := parseHop(remote)
	x, f := forwardedFor(h), forwarded(h)
	switch {
	case len(f) == 0:
		return p.walk(peer, x)
	case len(x) == 0:
		return p.walk(peer, f)
	}
	if a := p.walk(peer, x); a == p.walk(peer, f) {
		return a
	}
	return peer
}

func (p proxies) walk(peer netip.Addr, hops []string) netip.Addr {
	for _, hop := range slices.Backward(hops) {
		if !p.have(peer) {
			break
		}
		addr, ok := parseHop(hop)
		if !ok {
			break
		}
		peer = addr
	}
	return peer
}

// have reports whether an address is that of a proxy.
func (p proxies) have(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(of netip.Prefix) bool { return of.Contains(a) })
}

// parseHop reads an address with or without port and brackets.
func parseHop(s string) (netip.Addr, bool) {
	s = strings.TrimSpace(s)
	hop, err := netip.ParseAddrPort(s) // first, since the address of a connection has a port
	addr := hop.Addr()
	if err != nil {
		addr, err = netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	}
	return addr.Unmap().WithZone(""), err == nil
}

// forwardedFor lists the addresses of X-Forwarded-For, the client's first.
func forwardedFor(h http.Header) []string {
	values := h.Values("X-Forwarded-For")
	if len(values) == 0 {
		return nil
	}
	return strings.Split(strings.Join(values, ","), ",")
}

// forwarded lists the for= parameters of Forwarded (RFC 7239 §4), the client's
// first; an element without one counts as unknown.
func forwarded(h http.Header) []string {
	values := h.Values("Forwarded")
	if len(values) == 0 {
		return nil
	}
	var hops []string
	for _, element := range splitQuoted(strings.Join(values, ","), ',') {
		hop := ""
		for _, pair := range splitQuoted(element, ';') {
			name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
			if strings.EqualFold(name, "for") {
				hop = strings.Trim(value, `"`)
			}
		}
		hops = append(hops, hop)
	}
	return hops
}

// splitQuoted splits at sep outside of quoted strings.
func splitQuoted(s string, sep byte) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case quoted && s[i] == '\\':
			i++
		case s[i] == sep && !quoted:
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}
