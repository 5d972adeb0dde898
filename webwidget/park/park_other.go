//go:build !linux

package park

import "net"

type poller struct{}

func newPoller() (*poller, error)      { return nil, ErrUnsupported }
func (*poller) add(int, int32) error   { return ErrUnsupported }
func (*poller) wait() ([]hangUp, bool) { return nil, false }
func (*poller) close()                 {}
func duplicate(net.Conn) (int, error)  { return 0, ErrUnsupported }
func writeAll(int, []byte, bool) error { return ErrUnsupported }
func closeFD(int)                      {}
