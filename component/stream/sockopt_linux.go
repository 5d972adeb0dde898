package stream

import (
	"fmt"
	"net"
	"syscall"
)

const (
	tcpUserTimeout = 18    // TCP_USER_TIMEOUT, which package syscall does not name
	userTimeout    = 15000 // ms without acknowledgement until the kernel gives up
)

// tune makes a connection notice a dead peer within userTimeout and acknowledge at
// once whatever it reads. A server that leaves Nagle's algorithm on, as Prosody
// does by default, holds each small write back until the one before it is
// acknowledged, and a delayed acknowledgement puts that off by up to 40 ms. Go has
// set TCP_NODELAY already.
func tune(c net.Conn) (net.Conn, error) {
	t, ok := c.(*net.TCPConn)
	if !ok {
		return c, nil
	}
	raw, err := t.SyscallConn()
	if err != nil {
		return c, fmt.Errorf("reach socket: %w", err)
	}
	q := &quickAcker{TCPConn: t, raw: raw}
	q.ack = func(fd uintptr) {
		// An error is ignored: without the option the connection is only slower.
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	}
	var opt error
	err = raw.Control(func(fd uintptr) {
		opt = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, userTimeout)
	})
	if err == nil {
		err = opt
	}
	if err != nil {
		return q, fmt.Errorf("set TCP_USER_TIMEOUT: %w", err)
	}
	return q, nil
}

// quickAcker sets TCP_QUICKACK after each read, since the kernel resets it.
type quickAcker struct {
	*net.TCPConn
	raw syscall.RawConn
	ack func(uintptr)
}

// Read reads from the connection (io.Reader).
func (q *quickAcker) Read(p []byte) (int, error) {
	n, err := q.TCPConn.Read(p)
	_ = q.raw.Control(q.ack)
	return n, err
}
