//go:build !linux

package stream

import "net"

// tune has nothing to set on this system; Go has set TCP_NODELAY already.
func tune(c net.Conn) (net.Conn, error) { return c, nil }
