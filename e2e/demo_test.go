package e2e_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// demonstration is a running `porchlight demo --no-console`.
type demonstration struct {
	*process
	web, xmpp, smtp, imap string
}

var demoLines = regexp.MustCompile(`(?s)\Aweb: (http://127\.0\.0\.1:\d+)/\nxmpp: (127\.0\.0\.1:\d+)\nmail: (http://127\.0\.0\.1:\d+/mail)\nsmtp: (127\.0\.0\.1:\d+)\nimap: (127\.0\.0\.1:\d+)\nready\n`)

// startDemo starts the demo in dir with a short grace for pages that go, and reads what the demo
// prints.
func startDemo(t *testing.T, dir, web string) *demonstration {
	t.Helper()
	return startDemoWith(t, dir, web, "[timing]\nvisitor_grace = \"2s\"\n")
}

// startDemoWith starts the demo with further settings and options.
func startDemoWith(t *testing.T, dir, web, settings string, options ...string) *demonstration {
	t.Helper()
	config := filepath.Join(dir, "more.toml")
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	d := &demonstration{process: launch(t, dir, slices.Concat([]string{"demo"}, options, []string{"--no-console", "--dir", dir, "--server", serverKind(),
		"--web", web, "--xmpp", "127.0.0.1:0", "--config", config})...)}
	eventually(t, "the demo runs or has ended", func() bool {
		select {
		case <-d.exited:
			lacking(t, errors.New(strings.TrimSpace(d.stderr.String())))
			return true
		default:
			return strings.Contains(d.stdout.String(), "ready\n")
		}
	})
	d.says(&d.stdout, "ready\n")
	m := demoLines.FindStringSubmatch(d.stdout.String())
	if m == nil {
		t.Fatalf("the demo prints\n%s", d.stdout.String())
	}
	d.web, d.xmpp, d.smtp, d.imap = m[1], m[2], m[4], m[5]
	if m[3] != d.web+"/mail" {
		t.Errorf("mail: %s", m[3])
	}
	d.says(&d.stderr, "in the operators' room")
	return d
}

// TestDemo: the demo is a whole installation with a shop. A visitor rings, two operators are
// asked, one of them answers, and each side is shown whatever it has to know of the other. When
// the demo ends only the data is left.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := startDemo(t, dir, "127.0.0.1:0")
	p := newVisitor(t)
	x, o := demoLamp(t, d, p)
	anna := demoRing(t, d, p, x, o)
	demoChat(p, x, anna)
	demoEnds(t, d, p, x, anna)
	k := p.known(d.web)
	p.spoilt = true // the demo ends while the page is open
	o.desk("status satellite on", "Satellite: on.")
	o.desk("away", "Offers: stopped.")
	x.desk("status language de", "Sprache: Deutsch")
	demoStops(t, d)

	again := startDemo(t, dir, strings.TrimPrefix(d.web, "http://"))
	c := visitor.Conversation{Client: visitor.New(again.web), ID: k.ID, Token: k.Token}
	if s, err := c.Snapshot(within(t)); err != nil || s.State != "closed" {
		t.Errorf("with the old token: %+v, %v", s, err)
	}
	x = login(t, again.xmpp, "xavi", "")
	x.desk("status", "Sprache: Deutsch")
	x.desk("status language en", "Language: English")
	if got := login(t, again.xmpp, "olga", "").desk("status", "You are Olga"); !strings.Contains(got, "Offers: stopped.") || !strings.Contains(got, "Satellite: on.") {
		t.Errorf("Olga's settings are %q", got)
	}
	x.desk("queue", "Nobody waits")
	x.Chat(anna, "info", "!info")
	x.hears(anna, "anna@example.org")
	demoStops(t, again)
}

// TestDemo_Killed: a demo that is killed leaves nothing that blocks the next demo on the same
// folder and ports. If somebody else has a port, the demo takes the next one.
func TestDemo_Killed(t *testing.T) {
	t.Parallel()
	free, err := xmppd.FreeAddr("127.0.0.1:0") // the system gives neither this port nor the next one to somebody else meanwhile
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", free)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	d := startDemo(t, dir, taken.Addr().String())
	if d.web == "http://"+taken.Addr().String() {
		t.Errorf("the demo serves at %s, which is taken", d.web)
	}
	all := descendants(d.cmd.Process.Pid)
	d.kill()
	eventually(t, "the XMPP server is gone", func() bool {
		return !slices.ContainsFunc(all, func(pid int) bool { return syscall.Kill(pid, 0) == nil })
	})
	again := startDemo(t, dir, strings.TrimPrefix(d.web, "http://"))
	if again.web != d.web {
		t.Errorf("first %s, then %s", d.web, again.web)
	}
	demoStops(t, again)
}

// demoLamp: the shop's button follows the operators' presence by itself.
func demoLamp(t *testing.T, d *demonstration, p *page) (x, o *person) {
	t.Helper()
	p.open(d.web + "/")
	p.lamp("OFFLINE")
	p.picture("demo-01-offline")
	x = login(t, d.xmpp, "xavi", "none")
	began := time.Now()
	x.Presence("")
	p.lamp("ONLINE")
	t.Logf("ONLINE after %v", since(began))
	p.picture("demo-02-online")
	x.Presence("away")
	p.lamp("OFFLINE")
	x.Presence("")
	p.lamp("ONLINE")
	o = login(t, d.xmpp, "olga", "")
	x.expect("the desk's line", func(el *stream.Element) bool {
		return presenceOf(demo.Desk, "")(el) && strings.Contains(el.ChildText("", "status"), "Olga, Xavi")
	})
	return x, o
}

// demoRing: everybody who is available is asked, one takes the request, the others are told.
func demoRing(t *testing.T, d *demonstration, p *page, x, o *person) (anna string) {
	t.Helper()
	p.openPanel()
	p.picture("demo-03-form")
	p.fill("name", "Anna")
	p.fill("email", "anna@example.org")
	p.fill("reason", "How can I edit my students' information?")
	p.send()
	p.banner("asking our operators")
	p.picture("demo-04-waiting")
	for _, who := range []*person{x, o} {
		offer := who.hears(demo.Desk, "#1 Anna, Support: How can I edit my students' information?")
		for _, part := range []string{d.web, "anna@example.org"} {
			if !strings.Contains(offer, part) {
				t.Errorf("the offer lacks %s:\n%s", part, offer)
			}
		}
	}
	x.Chat(demo.Desk, "take", "1")
	x.hears(demo.Desk, "#1 is yours")
	o.expect("the offer's end", outcome("#1 taken by Xavi"))
	transcript := x.expect("the transcript", operator.Body("", "Anna: How can I edit"))
	p.title("Xavi")
	p.shows("Xavi joined the chat")
	anna, _, _ = strings.Cut(transcript.Get("from"), "/")
	return anna
}

// demoChat: messages, typing, ticks and the badge reach the other side.
func demoChat(p *page, x *person, anna string) {
	p.t.Helper()
	p.typing("Hello")
	state := func(name string) operator.Match {
		return func(el *stream.Element) bool { return el.Child(nsStates, name) != nil && el.Child("", "body") == nil }
	}
	x.expect("composing", state("composing"))
	p.key("Enter")
	m := x.expect("the message", operator.Body(anna, "Hello"))
	x.expect("paused", state("paused"))
	p.wait("passed on", inPanel(".meta [aria-live]")+`.textContent === "Passed on"`)
	x.Send(stream.New("", "message", stream.New(nsMarkers, "displayed").With("id", m.Get("id"))).With("type", "chat", "to", anna))
	p.wait("seen", inPanel(".meta [aria-live]")+`.textContent === "Seen"`)
	x.Send(stream.New("", "message", stream.New(nsStates, "composing")).With("type", "chat", "to", anna))
	p.wait("Xavi types", inPanel(".typing")+`.textContent === "Xavi is typing…"`)
	p.picture("demo-05-typing")
	x.Send(stream.New("", "message", stream.New(nsStates, "paused")).With("type", "chat", "to", anna))
	p.wait("Xavi rests", inPanel(".typing")+`.textContent === ""`)
	id := x.says(anna, "Open the class, then Edit: https://example.org/edit")
	p.shows("Open the class, then Edit: https://example.org/edit")
	x.expect("displayed", func(el *stream.Element) bool { return el.Child(nsMarkers, "displayed").Get("id") == id })
	p.picture("demo-06-chat")
	p.shutPanel()
	x.says(anna, "Did it work?")
	x.says(anna, "I am still here.")
	p.badge(2)
	p.picture("demo-07-badge")
	p.openPanel()
	p.badge(0)
}

// demoEnds: either side ends the conversation, or the page just goes, and the other side is told.
func demoEnds(t *testing.T, d *demonstration, p *page, x *person, anna string) {
	t.Helper()
	x.Chat(anna, "close", "!close")
	x.hears(anna, "#1 is closed")
	p.banner("This chat has ended.")
	p.picture("demo-08-closed")

	p.click("Start a new chat", inPanel(".banner > button.main"))
	p.fill("reason", "One more thing")
	p.send()
	x.hears(demo.Desk, "#2 Anna, Support: One more thing")
	x.take(2, anna)
	p.title("Xavi")
	p.end()
	x.hears(anna, "Anna ended the conversation")
	p.picture("demo-09-ended")

	other := newVisitor(t)
	other.open(d.web + "/pricing")
	other.ring("", "", "Just looking")
	x.hears(demo.Desk, "#3 Visitor, Support: Just looking")
	x.desk("3", "#3 is yours")
	transcript := x.expect("the transcript", operator.Body("", "Visitor: Just looking"))
	jid, _, _ := strings.Cut(transcript.Get("from"), "/")
	x.expect("presence", presenceOf(jid, ""))
	other.shut()
	x.expect("the page is gone", presenceOf(jid, "unavailable"))
	x.hears(jid, "Visitor left the page")
}

// demoStops: Ctrl-C ends everything within 10 s.
func demoStops(t *testing.T, d *demonstration) {
	t.Helper()
	all := descendants(d.cmd.Process.Pid)
	if len(all) == 0 {
		t.Error("the demo has no XMPP server?")
	}
	if status, took := d.stop(syscall.SIGINT); status != 0 || took > 10*time.Second {
		t.Errorf("exit status %d after %v", status, took)
	}
	eventually(t, "no process is left", func() bool {
		return !slices.ContainsFunc(all, func(pid int) bool { return syscall.Kill(pid, 0) == nil })
	})
}

// descendants lists the children of a process, their children, and so on.
func descendants(pid int) []int {
	lists, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children") // on systems other than Linux there are none
	var all []int
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(word); err == nil {
				all = append(append(all, child), descendants(child)...)
			}
		}
	}
	return all
}
