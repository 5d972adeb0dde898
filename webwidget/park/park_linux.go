package park

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// poller is an epoll set (epoll(7)) that reports hang-ups.
type poller struct {
	fd   int
	pipe [2]int // a byte written to it ends the wait
	list []syscall.EpollEvent
}

func newPoller() (*poller, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create epoll set: %w", err)
	}
	p := &poller{fd: fd, list: make([]syscall.EpollEvent, 128)}
	if err := syscall.Pipe2(p.pipe[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK); err != nil {
		syscall.Close(fd)
		return nil, fmt.Errorf("create pipe: %w", err)
	}
	if err := syscall.EpollCtl(fd, syscall.EPOLL_CTL_ADD, p.pipe[0], &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(p.pipe[0])}); err != nil {
		p.release()
		return nil, fmt.Errorf("watch pipe: %w", err)
	}
	return p, nil
}

func (p *poller) add(fd int, turn int32) error {
	// EPOLLRDHUP reports that the other side hung up; epoll reports errors unasked. With
	// EPOLLET it reports each once (epoll_ctl(2)).
	e := syscall.EpollEvent{Events: syscall.EPOLLRDHUP | epollET, Fd: int32(fd), Pad: turn}
	if err := syscall.EpollCtl(p.fd, syscall.EPOLL_CTL_ADD, fd, &e); err != nil {
		return fmt.Errorf("watch connection: %w", err)
	}
	return nil
}

// epollET is EPOLLET, which package syscall declares as a negative number.
const epollET = 1 << 31

// wait waits for hang-ups and returns them, or false once close was called.
func (p *poller) wait() ([]hangUp, bool) {
	for {
		n, err := syscall.EpollWait(p.fd, p.list, -1)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			p.release()
			return nil, false
		}
		var list []hangUp
		for _, e := range p.list[:n] {
			if int(e.Fd) == p.pipe[0] {
				p.release()
				return nil, false
			}
			list = append(list, hangUp{int(e.Fd), e.Pad})
		}
		return list, true
	}
}

// close ends the wait, which then releases the descriptors.
func (p *poller) close() { syscall.Write(p.pipe[1], []byte{0}) }

func (p *poller) release() {
	syscall.Close(p.fd)
	syscall.Close(p.pipe[0])
	syscall.Close(p.pipe[1])
}

// duplicate makes a second descriptor of the connection's socket, so that the first can
// be closed, and with it everything that the runtime keeps for it.
func duplicate(conn net.Conn) (int, error) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return 0, ErrUnsupported
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("reach socket: %w", err)
	}
	var dup uintptr
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) {
		dup, _, errno = syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, 0)
	})
	if err == nil && errno != 0 {
		err = errno
	}
	if err != nil {
		return 0, fmt.Errorf("duplicate socket: %w", err)
	}
	return int(dup), nil
}

// errSlow means that the socket's buffer is full.
var errSlow = errors.New("reader is too slow")

// writeAll writes all of b at once or fails; the socket does not block. With more the
// kernel waits for further bytes before it sends b (MSG_MORE of send(2)).
func writeAll(fd int, b []byte, more bool) error {
	flags := 0
	if more {
		flags = syscall.MSG_MORE
	}
	for {
		n, err := syscall.SendmsgN(fd, b, nil, nil, flags)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil && !errors.Is(err, syscall.EAGAIN):
			return fmt.Errorf("write to connection: %w", err)
		case n < len(b):
			return errSlow
		}
		return nil
	}
}

func closeFD(fd int) { syscall.Close(fd) }
