package e2e_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"porchlight/demo"
	"porchlight/demo/xmppd"
)

// check runs `porchlight check` on the site's config with some keys changed, in a folder of its
// own, and returns its output and exit status.
func (s *site) check(more settings, args ...string) (said string, status int) {
	s.t.Helper()
	web := strings.TrimPrefix(s.url, "http://")
	elsewhere := &site{t: s.t, dir: s.t.TempDir(), server: s.server, url: s.url, shop: s.shop}
	if _, ok := more["store.path"]; !ok {
		if more == nil {
			more = settings{}
		}
		more["store.path"] = strconv.Quote(s.database())
	}
	elsewhere.configure(web, more)
	before := listing(s.t, elsewhere.dir)
	r := run(s.t, elsewhere.dir, nil, append([]string{"check", "--config", "porchlight.toml"}, args...)...)
	if after := listing(s.t, elsewhere.dir); after != before {
		s.t.Errorf("check left files: %s, was %s", after, before)
	}
	return r.stdout + r.stderr, r.status
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(files, " ")
}

// expectLine looks for a line of the check that has all the parts.
func expectLine(t *testing.T, said, what, verdict string, parts ...string) {
	t.Helper()
lines:
	for line := range strings.Lines(said) {
		if f := strings.Fields(line); !strings.HasPrefix(line, what) || len(f) < 2 || !strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(line, what)), verdict) {
			continue
		}
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue lines
			}
		}
		return
	}
	t.Errorf("no line %s %s with %q in\n%s", what, verdict, parts, said)
}

// TestCheck_DisturbsNobody: whatever a check is given, the porchlight that runs keeps its link,
// and the check makes nothing.
func TestCheck_DisturbsNobody(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.operators("xavi")
	said, status := s.check(nil)
	if status != 0 || strings.Contains(said, "FAIL") {
		t.Errorf("status %d\n%s", status, said)
	}
	pid := fmt.Sprintf("pid %d", s.cmd.Process.Pid)
	expectLine(t, said, "database", "ok", s.database(), pid)
	expectLine(t, said, "XMPP", "ok", pid, demo.Domain)
	expectLine(t, said, "operators", "ok", demo.SuperOperator)
	expectLine(t, said, "web", "ok")
	expectLine(t, said, "public URL", "ok", pid)

	said, status = s.check(settings{"store.path": `"porchlight.db"`}) // another folder, a relative path
	if status != 1 {
		t.Errorf("status %d", status)
	}
	expectLine(t, said, "database", "FAIL", "/porchlight.db is not what", pid, "write the whole path")
	expectLine(t, said, "XMPP", "ok", pid)

	said, status = s.check(settings{"web.listen": `"127.0.0.1:0"`}) // only the database's lock leads to the running porchlight
	expectLine(t, said, "XMPP", "ok", pid)
	if strings.Contains(said, "FAIL") {
		t.Errorf("status %d\n%s", status, said)
	}
	said, _ = s.check(settings{"xmpp.secret": `"other"`})
	expectLine(t, said, "operators", "WARN", "was the config changed")
	s.asNobody()
	if n := s.links(); n != 1 {
		t.Errorf("the link came up %d times", n)
	}
}

// asNobody runs the check as a user who may not read the database, once with a config by which
// the running porchlight can be asked, and once with one by which it can't.
func (s *site) asNobody() {
	t := s.t
	t.Helper()
	if os.Geteuid() != 0 {
		t.Log("SKIPPED, not root: the check by another user")
		return
	}
	binary, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(s.config())
	if err != nil {
		t.Fatal(err)
	}
	blind := strings.Replace(string(config), `web.listen = "`, `web.listen = "127.0.0.1:1" # "`, 1)
	for name, data := range map[string]string{"porchlight": string(content), "porchlight.toml": string(config), "blind.toml": blind} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	check := func(config string) string {
		cmd := exec.CommandContext(within(t), filepath.Join(dir, "porchlight"), "check", "--config", filepath.Join(dir, config))
		cmd.Dir, cmd.Env = dir, environment()
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, _ := cmd.CombinedOutput() // the lines say what went wrong
		return string(out)
	}
	said := check("porchlight.toml")
	expectLine(t, said, "database", "FAIL", s.database(), "user nobody has no right", "root")
	expectLine(t, said, "XMPP", "ok", "pid")
	said = check("blind.toml")
	expectLine(t, said, "database", "FAIL", s.database(), "user nobody has no right")
	expectLine(t, said, "XMPP", "WARN", "not tried")
}

// TestCheck_SaysWhatWillFail: each fault that a first visitor would find has a
// line with its own remedy, while nothing runs.
func TestCheck_SaysWhatWillFail(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Fatalf("exit status %d", status)
	}
	said, status := s.check(settings{"xmpp.rooms": `"conference.localhost"`})
	if status != 0 || strings.Contains(said, "FAIL") {
		t.Errorf("status %d\n%s", status, said)
	}
	expectLine(t, said, "XMPP", "ok", "accepts "+demo.Domain)
	expectLine(t, said, "rooms", "ok")
	expectLine(t, said, "web", "ok", "is free")

	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	deaf, err := net.Listen("tcp", "127.0.0.1:0") // hangs up on every connection
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	go func() { // ends with Close
		for {
			c, err := deaf.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	other := http.Server{Handler: http.NotFoundHandler()}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go other.Serve(taken) // ends with Close
	defer other.Close()
	addr := func(l net.Listener) string { return strconv.Quote(l.Addr().String()) }
	for _, c := range []struct {
		name, what, verdict string
		more                settings
		parts               []string
	}{
		{"nothing listens", "XMPP", "FAIL", settings{"xmpp.server": `"127.0.0.1:1"`}, []string{"connection refused", "is the XMPP server running", "port for components"}},
		{"no such host", "XMPP", "FAIL", settings{"xmpp.server": `"nowhere.invalid:5347"`}, []string{"nowhere.invalid", "spelled right"}},
		{"clients' port", "XMPP", "FAIL", settings{"xmpp.server": strconv.Quote(s.server.ClientAddr())}, []string{"for clients"}},
		{"port that hangs up", "XMPP", "FAIL", settings{"xmpp.server": addr(deaf)}, []string{"does not speak as a port for components"}},
		{"silence", "XMPP", "FAIL", settings{"xmpp.server": addr(silent)}, []string{"Nothing came back in time"}},
		{"secret", "XMPP", "FAIL", settings{"xmpp.secret": `"wrong"`}, []string{"not-authorized", "xmpp.secret has to be"}},
		{"domain", "XMPP", "FAIL", settings{"xmpp.domain": `"other.localhost"`}, []string{"other.localhost"}},
		{"no rooms", "rooms", "FAIL", settings{"xmpp.rooms": `"localhost"`}, []string{"xmpp.rooms: localhost: that is no service for rooms", "conference.example.org"}},
		{"no such rooms", "rooms", "FAIL", settings{"xmpp.rooms": `"rooms.nowhere.invalid"`}, []string{"xmpp.rooms: rooms.nowhere.invalid"}},
		{"no account", "operators", "FAIL", settings{"super_operators": `["xavi@localhost", "xawi@localhost"]`}, []string{"xawi@localhost can't be reached", "there is no such account", "spelled right"}},
		{"the other account", "operators", "ok", settings{"super_operators": `["xavi@localhost", "vera@localhost"]`}, []string{"vera@localhost"}},
		{"no domain", "operators", "FAIL", settings{"super_operators": `["xavi@nowhere.invalid"]`}, []string{"xavi@nowhere.invalid can't be reached"}},
		{"port taken", "web", "FAIL", settings{"web.listen": addr(taken)}, []string{"web.listen", "is another program using it?"}},
		{"no such address", "web", "FAIL", settings{"web.listen": `"192.0.2.1:8080"`}, []string{"web.listen", "no such address"}},
		{"metrics taken", "metrics", "FAIL", settings{"web.metrics_listen": addr(taken)}, []string{"web.metrics_listen", "is another program using it?"}},
		{"no public URL", "public URL", "FAIL", settings{"web.public_url": `"http://127.0.0.1:8080"`, "web.allowed_origins": `["https://www.example.org"]`}, []string{"web.public_url", "https://chat.example.org"}},
		{"mixed content", "public URL", "FAIL", settings{"web.public_url": `"http://chat.invalid"`, "web.allowed_origins": `["https://www.example.org"]`}, []string{"mixed content"}},
		{"another's public URL", "public URL", "FAIL", settings{"web.public_url": strconv.Quote("http://" + taken.Addr().String())}, []string{"404", "the proxy has to pass on"}},
		{"no host", "public URL", "FAIL", settings{"web.public_url": `"https://chat.invalid"`}, []string{"no such host"}},
		{"no origins", "origins", "FAIL", settings{"web.allowed_origins": `[]`}, []string{"web.allowed_origins is empty", "--origin"}},
		{"no proxies", "proxies", "WARN", settings{"web.public_url": `"https://chat.invalid"`}, []string{"trusted_proxies = "}},
		{"a folder", "database", "FAIL", settings{"store.path": strconv.Quote(t.TempDir())}, []string{"this is a folder", "/porchlight.db"}},
		{"no folder", "database", "FAIL", settings{"store.path": `"data/porchlight.db"`}, []string{"/data/porchlight.db", "there is no folder"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			said, status := s.check(c.more)
			if want := map[string]int{"FAIL": 1}[c.verdict]; status != want && c.verdict == "FAIL" {
				t.Errorf("status %d", status)
			}
			expectLine(t, said, c.what, c.verdict, c.parts...)
		})
	}
}

// TestCheck_Origin: check --origin says beforehand whether a site may embed the
// widget, and which line of the config is missing.
func TestCheck_Origin(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, c := range []struct {
		url, verdict string
		parts        []string
	}{
		{s.shop + "/pricing.html", "ok", []string{s.shop, "web.allowed_origins"}},
		{s.url, "ok", []string{"web.public_url"}},
		{"https://WWW.example.org:443/a", "FAIL", []string{"pages of https://www.example.org may not", `allowed_origins = ["` + s.shop + `", "https://www.example.org"]`, "porchlight.toml"}},
		{strings.Replace(s.shop, "http:", "https:", 1), "FAIL", []string{"scheme, www. and port count"}},
		{"example.org", "FAIL", []string{"is no address of a website"}},
	} {
		said, status := s.check(nil, "--origin", c.url)
		if (status == 0) != (c.verdict == "ok") {
			t.Errorf("%s: status %d", c.url, status)
		}
		expectLine(t, said, "origin", c.verdict, c.parts...)
	}
	said, _ := s.check(settings{"web.allowed_origins": `["https://new.example"]`}, "--origin", "https://new.example")
	expectLine(t, said, "origin", "FAIL", "does not know it yet", "restart")
	if n := s.links(); n != 1 {
		t.Errorf("the link came up %d times", n)
	}
}

// TestCheck_OperatorsWhileRunning: the check asks the running porchlight which of its operators
// can't be reached.
func TestCheck_OperatorsWhileRunning(t *testing.T) {
	t.Parallel()
	s := start(t, settings{"super_operators": `["xavi@localhost", "xawi@localhost", "eve@nowhere.invalid"]`})
	s.tolerate("can't be reached")
	said, status := s.check(settings{"super_operators": `["xavi@localhost"]`})
	if status != 1 {
		t.Errorf("status %d", status)
	}
	expectLine(t, said, "operators", "ok", "xavi@localhost")
	expectLine(t, said, "operators", "FAIL", "xawi@localhost", "there is no such account")
	expectLine(t, said, "operators", "FAIL", "eve@nowhere.invalid")
	if n := s.links(); n != 1 {
		t.Errorf("the link came up %d times", n)
	}
}

// TestOperator_AsTheirServerWrites: porchlight serves an operator whose server writes ß as ss,
// and the check says how to write the address.
func TestOperator_AsTheirServerWrites(t *testing.T) {
	t.Parallel()
	if serverKind() != "prosody" {
		t.Skip("SKIPPED: this ejabberd keeps the ß")
	}
	s := startOn(t, settings{"super_operators": `["straße@localhost"]`}, func(c *xmppd.Config) {
		c.Accounts = append(c.Accounts, xmppd.Account{Name: "strasse", Password: demo.Password,
			Contacts: []xmppd.Contact{{JID: "desk@" + demo.Domain, Name: "Support desk"}}})
	})
	x := s.operators("strasse")[0]
	c := s.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	x.says(c.Visitor, "Answer")
	if log, err := c.Poll(within(t), 0, 5); err != nil || !said(log, "Answer") {
		t.Errorf("%+v, %v", log, err)
	}
	text, _ := s.check(settings{"super_operators": `["straße@localhost"]`})
	expectLine(t, text, "operators", "WARN", "straße@localhost is strasse@localhost on its server")
}
