package hosts_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// router is the address of the network namespace to which all hosts are connected, and which
// forwards between them. The DNS server, the tests and the visitors are there.
const router = "10.0.0.1"

// plug makes the router. ip(8) keeps names of namespaces in a /run that only this mount namespace
// has.
func plug() error {
	resolv := filepath.Join(house.dir, "resolv.conf")
	if err := os.WriteFile(resolv, []byte("nameserver "+router+"\noptions timeout:2 attempts:2\n"), 0o644); err != nil {
		return err
	}
	for _, m := range []struct{ source, target, kind string }{{"proc", "/proc", "proc"}, {"run", "/run", "tmpfs"}, {resolv, "/etc/resolv.conf", ""}} {
		flags := uintptr(0)
		if m.kind == "" {
			flags = syscall.MS_BIND
		}
		if err := syscall.Mount(m.source, m.target, m.kind, flags, ""); err != nil {
			return fmt.Errorf("mount %s: %w", m.target, err)
		}
	}
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644); err != nil {
		return fmt.Errorf("forward packets: %w", err)
	}
	return ip("link set lo up", "addr add "+router+"/32 dev lo")
}

// ip runs commands of ip(8), in this thread's network namespace.
func ip(commands ...string) error {
	cmd := exec.Command("ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(strings.Join(commands, "\n"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("ip %q: %w: %s", commands, err, out)
	}
	return nil
}

// host is a network namespace with one cable, to the router.
type host struct {
	name, addr string
}

// hostsMade numbers the hosts.
var hostsMade atomic.Int64

// newHost makes a host. It goes with the namespaces of this program.
func newHost(t *testing.T, role string) *host {
	t.Helper()
	n := hostsMade.Add(1)
	h := &host{name: fmt.Sprintf("h%d%s", n, role), addr: fmt.Sprintf("10.0.%d.%d", 1+n/200, 1+n%200)}
	if out, err := exec.Command("ip", "netns", "add", h.name).CombinedOutput(); err != nil {
		t.Fatalf("make host: %v: %s", err, out)
	}
	err := ip("link add name "+h.name+" type veth peer name eth0 netns "+h.name,
		"link set "+h.name+" up", "route add "+h.addr+" dev "+h.name+" src "+router)
	if err == nil {
		err = h.ip("link set lo up", "link set eth0 up", "addr add "+h.addr+"/32 dev eth0",
			"route add "+router+" dev eth0 scope link", "route add default via "+router)
	}
	if err != nil {
		t.Fatalf("make host: %v", err)
	}
	return h
}

// ip runs commands of ip(8) on the host.
func (h *host) ip(commands ...string) (err error) {
	h.do(func() { err = ip(commands...) })
	return err
}

// enter puts the calling thread onto the host, for good.
func (h *host) enter() error {
	ns, err := os.Open("/run/netns/" + h.name)
	if err != nil {
		return fmt.Errorf("enter host: %w", err)
	}
	defer ns.Close()
	if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter host: %w", err)
	}
	return nil
}

// do runs f on the host and waits for it.
func (h *host) do(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		if err := h.enter(); err != nil {
			panic(err)
		}
		f()
	}()
	<-done
}

// dial connects from the host to an IP:port. Without keep-alive probes the connection survives a
// cut of the cable, as the connections of patient clients do.
func (h *host) dial(addr string) (conn net.Conn, err error) {
	d := net.Dialer{Timeout: patience, KeepAlive: -1}
	h.do(func() { conn, err = d.Dial("tcp", addr) })
	return conn, err
}

// unplug cuts the host's cable. From then on no packet comes or goes, and nobody is told.
func (h *host) unplug(t *testing.T) {
	t.Helper()
	if err := ip("rule add from "+h.addr+" blackhole", "rule add to "+h.addr+" blackhole"); err != nil {
		t.Fatal(err)
	}
}

// replug mends the cable.
func (h *host) replug(t *testing.T) {
	t.Helper()
	if err := ip("rule del from "+h.addr+" blackhole", "rule del to "+h.addr+" blackhole"); err != nil {
		t.Fatal(err)
	}
}
