package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	xmppstream "mellium.im/xmpp/stream"

	"porchlight/component/stream"
	"porchlight/demo/xmppd"
)

// A real Prosody takes the sample as it is, and lets a new connection of the
// component replace the old one.
func TestSamples_ProsodyTakesTheirs(t *testing.T) {
	bin, err := exec.LookPath("prosody")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED, no Prosody: ", err)
	}
	sample, err := filepath.Abs("deploy/prosody.cfg.lua")
	if err != nil {
		t.Fatal(err)
	}
	addr := startProsody(t, bin, sample)
	said := regexp.MustCompile(`(?s)Component "([^"]+)".*component_secret = "([^"]+)"`).FindStringSubmatch(fileText(t, sample))
	dial := func() *stream.Conn {
		c, err := stream.Dial(t.Context(), stream.Config{Addr: addr, Domain: said[1], Secret: said[2]})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			ctx, cancel := context.WithCancel(context.Background())
			cancel() // nobody reads the connection, so Close has nothing to wait for
			c.Close(ctx)
		})
		return c
	}
	old := dial()
	dial()
	var why xmppstream.Error
	if _, err := old.Next(); !errors.As(err, &why) || why.Err != "conflict" {
		t.Errorf("the old connection got %v, want a conflict", err)
	}
}

// startProsody runs Prosody on the sample for the length of the test, and
// returns the address for components.
func startProsody(t *testing.T, bin, sample string) string {
	t.Helper()
	addr, err := xmppd.FreeAddr("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "prosody.cfg.lua")
	text := fmt.Sprintf(`data_path = %[1]q pidfile = %[2]q certificates = %[1]q run_as_root = true
log = { { levels = { min = "info" }, to = "stdout" } }
modules_disabled = { "s2s", "tls" } c2s_ports = { } http_ports = { } https_ports = { }
component_interfaces = { "127.0.0.1" } component_ports = { %[3]s }
VirtualHost "example.org"
Include %[4]q
`, dir, filepath.Join(dir, "pid"), addr[strings.LastIndexByte(addr, ':')+1:], sample)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), bin, "-F", "--config", file)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() }) // the test's context has killed Prosody
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "Activated service 'component'") {
			go io.Copy(io.Discard, out) // ends with Prosody
			return addr
		}
	}
	t.Fatal("Prosody did not take the sample")
	return ""
}
