package stream

import (
	"net"
	"syscall"
	"testing"
)

func TestTune(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	nc, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	tuned, err := tune(nc)
	if err != nil {
		t.Fatal(err)
	}
	q, ok := tuned.(*quickAcker)
	if !ok {
		t.Fatalf("%T does not acknowledge at once", tuned)
	}
	for name, o := range map[string][2]int{"TCP_NODELAY": {syscall.TCP_NODELAY, 1}, "TCP_USER_TIMEOUT": {tcpUserTimeout, 15000}} {
		if err := q.raw.Control(func(fd uintptr) {
			if got, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, o[0]); err != nil || got != o[1] {
				t.Errorf("%s is %d (%v), want %d", name, got, err, o[1])
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	pipe, _ := net.Pipe()
	if same, err := tune(pipe); err != nil || same != pipe {
		t.Errorf("what is no TCP connection: %T, %v", same, err)
	}
}
