package e2e_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"porchlight/demo"
	"porchlight/e2e/visitor"
)

var (
	demoNodesLines = regexp.MustCompile(`\Aweb: (http://127\.0\.0\.1:\d+)/\nweb 2: (http://127\.0\.0\.1:\d+)/\nxmpp: (127\.0\.0\.1:\d+)\nmail: (http://127\.0\.0\.1:\d+/mail)\nsmtp: .*\nimap: .*\nready\n`)
	demoNodeLine   = regexp.MustCompile(`(\d) is process (\d+)`)
)

// TestDemo_Nodes: the demo runs several nodes, each of which has a page to look at. One is killed: its visitor goes on at the other, and
// it starts again. All of them end with the demo.
func TestDemo_Nodes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "more.toml"), []byte("[timing]\nidle_warn = \"20m\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := &demonstration{process: launch(t, dir, "demo", "--nodes", "2", "--no-console", "--dir", dir, "--server", serverKind(),
		"--web", "127.0.0.1:0", "--xmpp", "127.0.0.1:0", "--config", filepath.Join(dir, "more.toml"))}
	d.tolerate("the XMPP link")
	eventually(t, "the demo runs or has ended", func() bool {
		select {
		case <-d.exited:
			lacking(t, errors.New(strings.TrimSpace(d.stderr.String())))
			return true
		default:
			return strings.Contains(d.stdout.String(), "ready\n")
		}
	})
	m := demoNodesLines.FindStringSubmatch(d.stdout.String())
	if m == nil {
		t.Fatalf("the demo prints\n%s", d.stdout.String())
	}
	g := &gang{site: &site{t: t}, nodes: []*site{{t: t, url: m[1]}, {t: t, url: m[2]}}}
	x := login(t, m[3], "xavi", "")
	page := newVisitor(t)
	page.open(m[2] + "/")
	page.lamp("ONLINE")
	page.ring("Anna", "", "Question")
	x.hears(demo.Desk, "#1 Anna, Support: Question")
	g.server, g.url = nil, m[1]
	jid := g.visitorOf(x, 1)
	page.title("Xavi")
	for i := range g.nodes {
		if !strings.Contains(d.stderr.String(), "node="+strconv.Itoa(i+1)) {
			t.Errorf("no line of the log is of node %d", i+1)
		}
	}
	k := page.known(m[2])
	page.spoilt = true // its node dies
	c := &visitor.Conversation{Client: visitor.New(m[1]), ID: k.ID, Token: k.Token}
	pid := 0
	for _, line := range demoNodeLine.FindAllStringSubmatch(d.stdout.String(), -1) {
		if line[1] == "2" {
			pid, _ = strconv.Atoi(line[2])
		}
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill node 2, process %d: %v", pid, err)
	}
	insist(t, c, "Here I am")
	x.hears(jid, "Here I am")
	x.says(jid, "And I am here")
	d.says(&d.stdout, "node 2 has ended (signal: killed)")
	d.says(&d.stdout, "node 2 is process ")
	page.shows("And I am here")
	demoStops(t, d)
}
