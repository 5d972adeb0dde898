package xmppd

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"mellium.im/sasl"
)

func each(t *testing.T, f func(t *testing.T, kind string)) {
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f(t, kind)
		})
	}
}

// Every account in Accounts can log in by every mechanism, and nobody else can. New accounts
// have their contacts.
func TestStart_Accounts(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		s := start(t, kind)
		for _, m := range []sasl.Mechanism{sasl.Plain, sasl.ScramSha1, sasl.ScramSha256} {
			for _, a := range testAccounts() {
				if _, err := tryLogin(t, s, a.Name, a.Password, m); err != nil {
					t.Errorf("%s logs in with %s: %v", a.Name, m.Name, err)
				}
			}
			if _, err := tryLogin(t, s, "xavi", "wrong", m); err == nil {
				t.Errorf("a wrong password is good for %s", m.Name)
			}
		}
		zoe := testAccounts()[2]
		got := login(t, s, zoe.Name, zoe.Password).roster().Items
		if len(got) != 1 || got[0].JID != "desk@support.localhost" || got[0].Name != zoe.Contacts[0].Name ||
			got[0].Subscription != "to" || len(got[0].Groups) > 0 {
			t.Errorf("roster is %+v", got)
		}
	})
}

// A component connects as soon as Start returns and is connected with clients.
func TestStart_Component(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		s := start(t, kind)
		c := connectComponent(t, s)
		xavi := login(t, s, "xavi", "demo")
		xavi.send(`<presence/>`)
		xavi.next("presence", "")
		c.send(`<message type='chat' from='desk@support.localhost' to='xavi@localhost' id='1'><body>hello</body></message>`)
		if m := xavi.next("message", "chat"); m.Body != "hello" {
			t.Errorf("client got %+v", m)
		}
		xavi.send(`<message type='chat' to='desk@support.localhost' id='2'><body>12</body></message>`)
		if m := c.next("message", "chat"); m.Body != "12" || !strings.HasPrefix(m.From, "xavi@localhost/") {
			t.Errorf("component got %+v", m)
		}
	})
}

// A restart keeps the server's data, even after a crash.
func TestServer_Restart(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		s := start(t, kind)
		before := [2]string{s.ClientAddr(), s.ComponentAddr()}
		s.Kill()
		restart(t, s)
		xavi := login(t, s, "xavi", "demo")
		if items := xavi.roster().Items; len(items) != 1 || items[0].Subscription != "both" {
			t.Fatalf("after a crash the roster is %+v", items)
		}
		xavi.send(`<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='vera@localhost' name='Vera'/></query></iq>`)
		xavi.next("iq", "result")
		xavi.send(`<message type='chat' to='olga@localhost' id='m'><body>later</body></message>`)
		xavi.send(`<iq type='get' id='b' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>`)
		xavi.next("iq", "result") // all before it was processed
		restart(t, s)
		if after := [2]string{s.ClientAddr(), s.ComponentAddr()}; after != before {
			t.Errorf("addresses were %v, are %v", before, after)
		}
		var names []string
		for _, item := range login(t, s, "xavi", "demo").roster().Items {
			names = append(names, item.Name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != "Olga Vera" {
			t.Errorf("after a restart the roster is %q", got)
		}
		olga := login(t, s, "olga", "demo")
		olga.send(`<presence/>`)
		if m := olga.next("message", "chat"); m.Body != "later" {
			t.Errorf("offline message is %+v", m)
		}
	})
}

// Several servers run side by side, but only one in a folder.
func TestStart_TwoAtOnce(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		one, two := start(t, kind), start(t, kind)
		if one.ClientAddr() == two.ClientAddr() || one.ComponentAddr() == two.ComponentAddr() {
			t.Error("two servers, one address")
		}
		login(t, one, "xavi", "demo")
		login(t, two, "xavi", "demo")
		cfg := one.cfg
		_, err := Start(t.Context(), cfg)
		if err == nil || !strings.Contains(err.Error(), "in use by another running server") {
			t.Errorf("a second server in the same folder: %v", err)
		}
		one.Stop()
		again, err := Start(t.Context(), cfg)
		if err != nil {
			t.Fatalf("a server in the folder of a stopped one: %v", err)
		}
		again.Stop()
	})
}

// Start skips a port that is taken, and notices a port that is lost after it was chosen.
func TestStart_TakenPort(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		need(t, kind)
		l, err := listenFree("127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		s, err := Start(t.Context(), Config{Kind: kind, Dir: t.TempDir(), Secret: "s", ClientAddr: l.Addr().String(), Accounts: testAccounts()})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Stop()
		if s.ClientAddr() == l.Addr().String() {
			t.Fatal("the taken port is given")
		}
		login(t, s, "xavi", "demo")
		s.Stop()
		thief, err := net.Listen("tcp", s.ClientAddr())
		if err != nil {
			t.Fatal(err)
		}
		defer thief.Close()
		if err := s.Restart(t.Context()); !errors.Is(err, errPortTaken) {
			t.Errorf("restart without its port: %v", err)
		}
	})
}

// Done tells of an end that nobody asked for, and of no other.
func TestServer_Done(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		s := start(t, kind)
		s.Kill()
		restart(t, s)
		restart(t, s)
		select {
		case err := <-s.Done():
			t.Fatalf("after kills and restarts: %v", err)
		default:
		}
		if err := syscall.Kill(s.Pid(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if err := <-s.Done(); err == nil || !strings.Contains(err.Error(), "ended by itself") {
			t.Errorf("after a crash: %v", err)
		}
		s.Stop() // does nothing, and returns
	})
}

// A paused server keeps its connections and answers nothing until it is resumed.
func TestServer_Pause(t *testing.T) {
	each(t, func(t *testing.T, kind string) {
		s := start(t, kind)
		xavi := login(t, s, "xavi", "demo")
		if err := s.Pause(); err != nil {
			t.Fatal(err)
		}
		if state := processState(t, s.Pid()); state != 'T' {
			t.Errorf("a paused server is in state %c", state)
		}
		xavi.send(`<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>`)
		if err := s.Resume(); err != nil {
			t.Fatal(err)
		}
		xavi.next("iq", "result")
		if err := s.Pause(); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		s.Stop()
		if took := time.Since(begin); took > stopGrace {
			t.Errorf("a paused server took %v to stop", took)
		}
	})
}

// The error for a config that can't work says what to do.
func TestStart_Errors(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for want, cfg := range map[string]Config{
		"install the package prosody":  {Kind: "prosody", Dir: t.TempDir(), Secret: "s"},
		"install the package ejabberd": {Kind: "ejabberd", Dir: t.TempDir(), Secret: "s"},
		"unknown kind":                 {Kind: "openfire", Dir: t.TempDir(), Secret: "s"},
		"a folder":                     {Secret: "s"},
		"component secret":             {Dir: t.TempDir()},
		"is not IP:port":               {Dir: t.TempDir(), Secret: "s", ClientAddr: "localhost"},
		"not a directory":              {Dir: "/dev/null/x", Secret: "s"},
		"assign requested":             {Dir: t.TempDir(), Secret: "s", ClientAddr: "192.0.2.1:5222"},
	} {
		if _, err := Start(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error is %v, want %q in it", cfg, err, want)
		}
	}
}

// The error for a server that gives up quotes its last output.
func TestStart_LastWords(t *testing.T) {
	need(t, "prosody")
	_, err := Start(t.Context(), Config{Dir: t.TempDir(), Secret: "s", Host: "one.name", Component: "one.name"})
	if err == nil || !strings.Contains(err.Error(), "clashes with") {
		t.Errorf("error is %v", err)
	}
}

func processState(t *testing.T, pid int) byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(b), ") ")
	return after[0]
}
