package e2e_test

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// boxScript makes a machine to install on: namespaces, and an overlay over this machine's file
// system, so nothing outside changes. The script says at its top what differs from a real machine,
// and why.
//
//go:embed testdata/box.sh
var boxScript string

// block is one block of commands of the guide.
type block struct {
	section, commands string
}

// blocks are the commands of docs/install.md for one XMPP server, in their order.
func blocks(t *testing.T, server string) []block {
	t.Helper()
	page, err := os.ReadFile("../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	other := map[string]string{"prosody": "ejabberd", "ejabberd": "prosody"}[server]
	var all []block
	section, inside, fenced := "", false, false
	for line := range strings.Lines(string(page)) {
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case fenced:
		case strings.HasPrefix(line, "#"):
			section = strings.ToLower(strings.Trim(line, "# \n"))
		case strings.HasPrefix(line, "    ") && section != other:
			if !inside {
				all = append(all, block{section: section})
			}
			all[len(all)-1].commands += line[4:]
			inside = true
			continue
		}
		inside = false
	}
	var mine []block
	for _, b := range all {
		if !strings.Contains(b.commands, other) && !strings.HasPrefix(b.commands, "script-src") { // a Content-Security-Policy is no command
			mine = append(mine, b)
		}
	}
	return mine
}

// snippets are the parts of a server's configuration that the guide shows and deploy/ does not have.
func snippets(t *testing.T, server string) string {
	t.Helper()
	page, err := os.ReadFile("../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page2, ok := strings.Cut(string(page), "### Visitors by name")
	_, code, ok2 := strings.Cut(page2, map[string]string{"prosody": "```lua\n", "ejabberd": "```yaml\n"}[server])
	code, _, ok3 := strings.Cut(code, "```")
	if !ok || !ok2 || !ok3 {
		t.Fatal("no snippet for rosters")
	}
	return code
}

// TestInstall_EachCommandWorks: the commands of the guide, copied from the page one block after
// the other, lead to a porchlight that runs behind a proxy, beside either XMPP server as Debian
// configures it.
func TestInstall_EachCommandWorks(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"prosody", "ejabberd"} {
		t.Run(server, func(t *testing.T) { install(t, server) })
	}
}

func install(t *testing.T, server string) {
	for _, needed := range []string{"unshare", "ip", "openssl", "curl", "nginx", map[string]string{"prosody": "prosodyctl", "ejabberd": "ejabberdctl"}[server]} {
		if _, err := exec.LookPath(needed); err != nil {
			lacking(t, fmt.Errorf("find %s: %w", needed, err))
		}
	}
	if os.Geteuid() != 0 {
		lacking(t, fmt.Errorf("make a machine to install on: %w", exec.ErrNotFound))
	}
	binary, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	list := blocks(t, server)
	if len(list) < 12 {
		t.Fatalf("only %d blocks", len(list))
	}
	for i, b := range list {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("block%02d", i)), []byte(b.commands), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "snippets"), []byte(snippets(t, server)), 0o644); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "box.sh")
	if err := os.WriteFile(script, []byte(boxScript), 0o755); err != nil {
		t.Fatal(err)
	}
	source, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child", script, dir, server, binary, source)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8"}
	out, err := cmd.CombinedOutput()
	said := string(out)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(said)
		}
	})
	if err != nil {
		t.Fatalf("the machine: %v", err)
	}
	for i, b := range list {
		if !strings.Contains(said, fmt.Sprintf("\n== block%02d: 0\n", i)) {
			t.Errorf("this block of %q does not work:\n%s", b.section, b.commands)
		}
	}
	checks := regexp.MustCompile(`(?m)^XMPP +ok +127.0.0.1:5347 accepts support.example.org$`)
	if !checks.MatchString(said) {
		t.Error("the check before the start did not find the link well")
	}
	_, last, _ := strings.Cut(said, "\n== at last\n")
	expectLine(t, last, "XMPP", "ok", "linked")
	expectLine(t, last, "operators", "ok", "xavi@example.org")
	expectLine(t, last, "rooms", "ok", "conference.example.org")
	expectLine(t, last, "public URL", "ok", "https://chat.example.org leads to")
	expectLine(t, last, "origins", "ok")
	expectLine(t, last, "proxies", "ok")
	for _, part := range []string{"in the operators' room", "Verify return code: 0 (ok)", `"status":"ready"`} {
		if !strings.Contains(said, part) {
			t.Errorf("nothing says %q", part)
		}
	}
}
