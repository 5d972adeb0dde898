// Package peer says which addresses belong to one subscriber. A subscriber has 2⁶⁴
// addresses of IPv6, so a limit for each single address would limit nobody.
package peer

import (
	"encoding/binary"
	"net/netip"
)

// Net stands for the addresses of one subscriber, which are an IPv4 address or an IPv6
// /64, or for the network around them, a /24 or /48. A subscriber and a network never have
// the same number. 0 stands for nobody.
type Net uint64

// The first 16 bits of a Net that is no IPv6 /64. They begin with the bits 000, which no
// IPv6 /64 in use begins with (RFC 4291 §2.4).
const (
	network6  = Net(1) << 48 // the /48 stands behind it
	address4  = Net(2) << 48 // an IPv4 address
	network4  = Net(3) << 48 // the first 24 bits of an IPv4 address
	neighbour = Net(4) << 48 // IPv6 without a network of its own, such as ::1
)

// Of returns the Net of the subscriber who has an address; 0 for the zero Addr.
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

// Around returns the network around a subscriber.
func (n Net) Around() Net {
	switch {
	case n>>61 != 0:
		return network6 | n>>16
	case n>>48 == address4>>48:
		return network4 | n&0xffffffff>>8
	}
	return n
}
