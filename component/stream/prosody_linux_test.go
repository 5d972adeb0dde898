package stream_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"porchlight/component/stream"
)

const prosodyConfig = `
pidfile = %[1]q.."/pid"; data_path = %[1]q.."/data"; certificates = %[1]q
log = { { levels = { min = "info" }; to = "file"; filename = %[1]q.."/server.log" } }
modules_enabled = { "saslauth", "disco", "posix", "ping" }; modules_disabled = { "s2s", "tls" }
interfaces = { "127.0.0.1" }; component_interfaces = { "127.0.0.1" }
c2s_ports = { %[2]d }; component_ports = { %[3]d }; http_ports = { }; https_ports = { }
c2s_require_encryption = false; allow_unencrypted_plain_auth = true
authentication = "internal_plain"; storage = "internal"
network_settings = { nagle = false }
VirtualHost "localhost"
Component "support.localhost"
  component_secret = "secret"
  component_conflict_resolve = "kick_old"
`

// prosody is a real server in a temporary folder.
type prosody struct {
	clients, components string // addresses
	process             *os.Process
}

func startProsody(t *testing.T) prosody {
	t.Helper()
	bin, err := exec.LookPath("prosody")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("prosody is not installed")
		}
		t.Skip("SKIPPED, NOTHING OF IT IS TESTED: prosody is not installed")
	}
	dir, err := os.MkdirTemp("", "porchlight-prosody-") // t.TempDir can't be entered by another user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	c2s, comp := freePort(t), freePort(t)
	accounts := filepath.Join(dir, "data", "localhost", "accounts")
	config := filepath.Join(dir, "prosody.cfg.lua")
	for _, err := range []error{
		os.MkdirAll(accounts, 0o700),
		os.WriteFile(filepath.Join(accounts, "olga.dat"), []byte(`return { ["password"] = "pw"; };`), 0o600),
		os.WriteFile(config, fmt.Appendf(nil, prosodyConfig, dir, c2s, comp), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bin, "-F", "--config", config)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // it must not outlive the tests
	if os.Getuid() == 0 {                                              // Prosody refuses to run as root
		become(t, cmd, "prosody", dir)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
	p := prosody{fmt.Sprint("127.0.0.1:", c2s), fmt.Sprint("127.0.0.1:", comp), cmd.Process}
	for _, addr := range []string{p.clients, p.components} {
		listening(t, addr, exited, filepath.Join(dir, "server.log"))
	}
	return p
}

// become makes a command run as another user, who gets the folder.
func become(t *testing.T, cmd *exec.Cmd, name, dir string) {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	if err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chown(path, uid, gid))
	}); err != nil {
		t.Fatal(err)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

func listening(t *testing.T, addr string, exited <-chan struct{}, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for try := time.NewTicker(5 * time.Millisecond); ; {
		if c, err := net.Dial("tcp", addr); err == nil {
			c.Close()
			try.Stop()
			return
		}
		select {
		case <-try.C:
			continue
		case <-exited:
		case <-ctx.Done():
		}
		b, _ := os.ReadFile(log)
		t.Fatalf("prosody has not started:\n%s", b)
	}
}

// client is just enough of a chat client to be a component's peer.
type client struct {
	t   *testing.T
	nc  net.Conn
	jid string
	in  []byte // bytes that next has not returned yet
}

// login binds a resource; it returns nil if the server refuses the resource.
func (p prosody) login(t *testing.T, resource string) *client {
	t.Helper()
	nc, err := net.Dial("tcp", p.clients)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(time.Minute))
	c := &client{t: t, nc: nc}
	const open = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='localhost'>`
	c.write(open)
	c.until("</stream:features>")
	c.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG9sZ2EAcHc=</auth>`) // \0olga\0pw
	c.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
	c.write(open)
	c.until("</stream:features>")
	bind := stream.New("", "iq", stream.New("urn:ietf:params:xml:ns:xmpp-bind", "bind", stream.Text("", "resource", resource))).With("type", "set", "id", "b")
	c.write(string(bind.Append(nil)))
	answer := c.next()
	if c.jid = answer.Child("urn:ietf:params:xml:ns:xmpp-bind", "bind").ChildText("", "jid"); c.jid == "" {
		return nil
	}
	c.write("<presence/>")
	for c.next().Local != "presence" {
	}
	return c
}

func (c *client) write(s string) {
	c.t.Helper()
	if _, err := io.WriteString(c.nc, s); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) more() {
	c.t.Helper()
	b := make([]byte, 4096)
	n, err := c.nc.Read(b)
	if err != nil {
		c.t.Fatalf("client read: %v, after %q", err, c.in)
	}
	c.in = append(c.in, b[:n]...)
}

func (c *client) until(s string) {
	c.t.Helper()
	for !bytes.Contains(c.in, []byte(s)) {
		c.more()
	}
	_, c.in, _ = bytes.Cut(c.in, []byte(s))
}

// next reads one stanza: the shortest prefix of the input that Parse accepts.
func (c *client) next() *stream.Element {
	c.t.Helper()
	for {
		for i := range c.in {
			if c.in[i] != '>' {
				continue
			}
			if e, err := stream.Parse(c.in[:i+1]); err == nil {
				c.in = c.in[i+1:]
				return e
			}
		}
		c.more()
	}
}
