package xmppd

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// playParent is the variable that makes the test binary a program that runs a server, of
// the kind and in the folder that the variable names.
const playParent = "XMPPD_TEST_PARENT"

func TestMain(m *testing.M) {
	kind, dir, ok := strings.Cut(os.Getenv(playParent), ":")
	if !ok {
		os.Exit(m.Run())
	}
	s, err := Start(context.Background(), Config{Kind: kind, Dir: dir, Secret: "s3cret", Accounts: testAccounts()})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("running", s.Pid(), s.ClientAddr(), s.ComponentAddr())
	bufio.NewReader(os.Stdin).ReadString('\n') // until standard input ends
	s.Stop()
}

// parent is the test binary as a program that runs a server.
type parent struct {
	*exec.Cmd
	serverPid         int
	client, component string
}

func startParent(t *testing.T, kind, dir string, as *syscall.Credential) *parent {
	t.Helper()
	need(t, kind)
	p := &parent{Cmd: exec.Command("/proc/self/exe")} // a user without rights to the folders above the binary may run it by this path
	p.Env = append(os.Environ(), playParent+"="+kind+":"+dir)
	p.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := p.StdoutPipe()
	if err == nil {
		_, err = p.StdinPipe()
	}
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Process.Kill()
		p.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(line, "running %d %s %s", &p.serverPid, &p.client, &p.component); err != nil {
		t.Fatalf("parent says %q", line)
	}
	return p
}

// A program that is killed leaves no server, nor anything that stops the next.
func TestServer_DiesWithParent(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		dir := t.TempDir()
		p := startParent(t, kind, dir, nil)
		conn := dial(t, p.client)
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Read(make([]byte, 1)); err == nil || os.IsTimeout(err) {
			t.Fatalf("the connection to the server goes on: %v", err)
		}
		eventually(t, "the server and its helpers are gone", func() bool { return !groupAlive(t, p.serverPid) })
		for _, addr := range []string{p.client, p.component} {
			if _, err := net.Dial("tcp", addr); err == nil {
				t.Errorf("somebody serves %s still", addr)
			}
		}
		s, err := Start(t.Context(), Config{Kind: kind, Dir: dir, Secret: "s3cret", ClientAddr: p.client})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Stop()
		if s.ClientAddr() != p.client {
			t.Errorf("the port is not free: got %s after %s", s.ClientAddr(), p.client)
		}
		login(t, s, "xavi", "demo")
	})
}

// Everything also works for a user without root's rights. If root starts a server, the
// server does not run with root's rights.
func TestStart_OrdinaryUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("this is what all other tests show when they are not run by root")
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(nobody.Uid)
	gid, _ := strconv.Atoi(nobody.Gid)
	each(t, func(t *testing.T, kind string) {
		dir, err := os.MkdirTemp("", "xmppd-")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		p := startParent(t, kind, dir, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)})
		if got := owner(t, p.serverPid); got != uid {
			t.Errorf("the server of user %d runs as %d", uid, got)
		}
		login(t, &Server{client: p.client}, "xavi", "demo")
		if got := owner(t, start(t, kind).Pid()); got == 0 {
			t.Error("the server of root runs as root")
		}
	})
}

func owner(t *testing.T, pid int) int {
	t.Helper()
	info, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid)))
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

// groupAlive reports whether a process of the group runs; zombies don't count.
func groupAlive(t *testing.T, group int) bool {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range stats {
		b, err := os.ReadFile(name)
		if err != nil {
			continue // gone meanwhile
		}
		_, after, _ := strings.Cut(string(b), ") ")
		f := strings.Fields(after) // state, parent, group, …
		if f[2] == strconv.Itoa(group) && f[0] != "Z" && f[0] != "X" {
			return true
		}
	}
	return false
}

// eventually polls until ok returns true. It is for changes that nothing announces.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}
