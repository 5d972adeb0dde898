// Package peer says which addresses are one subscriber's: limits that count by
// the whole address count nothing where one subscriber has 2⁶⁴ of them.
package peer

import (
	"encoding/binary"
	"net/netip"
)

// Net is the part of an address that one subscriber has, an IPv4 address or an
// IPv6 /64; or the network around it, a /24 or /48. Each is another number; 0 is
// nobody's.
type Net uint64

// What the first 16 bits of a Net mean that is no IPv6 /64. Those that are in use
// begin with another three bits than 000 (RFC 4291 §2.4).
const (
	network6  = Net(1) << 48 // the /48 stands behind it
	address4  = Net(2) << 48 // an IPv4 address
	network4  = Net(3) << 48 // the first 24 bits of one
	neighbour = Net(4) << 48 // IPv6 without a network of its own, such as ::1
)

// Of returns the subscriber's part of an address; 0 of the zero Addr.
func Of(a netip.Addr) Net {
	a = a.Unmap()
	switch {
	case a.Is4():
		b := a.As4()
		return address4 | Net(binary.BigEndian.Uint32(b[:]))
	case a.Is6():
		b := a.As16()
		if n := Net(binary.BigEndian.Uint64(b[:8])); n>>61 != 0 {
			return n
		}
		return neighbour
	}
	return 0
}

// Around returns the network around a subscriber's part.
func (n Net) Around() Net {
	switch {
	case n>>61 != 0:
		return network6 | n>>16
	case n>>48 == address4>>48:
		return network4 | n&0xffffffff>>8
	}
	return n
}
