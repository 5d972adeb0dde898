package hosts_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnreached: what keeps an operator from ever being reached is said where
// people look: in the log, by who, and at the desk of a super operator.
//
// No server tells that there is no such account when it is asked about one; a
// message is the only thing that comes back from there.
func TestUnreached(t *testing.T) {
	t.Parallel()
	at := func(address func(w *world) string) func(*world) []string {
		return func(w *world) []string { return []string{"xavi@" + w.domain, address(w)} }
	}
	nowhere := at(func(*world) string { return "olga@nowhere.test" })
	nobody := at(func(w *world) string { return "olag@" + w.remote })
	for _, c := range []struct {
		name  string
		given settings
		why   string // the error's condition
		slow  bool   // with -long alone
	}{
		{"domain", settings{supers: nowhere}, "remote-server-not-found", false},
		{"domain, ejabberd", settings{kind: "ejabberd", supers: nowhere}, "remote-server-not-found", false},
		{"account", settings{supers: nobody}, "service-unavailable", false},
		{"certificate", settings{unsigned: true}, "remote-server-timeout", false},
		{"certificate, ejabberd", settings{kind: "ejabberd", unsigned: true}, "remote-server-", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.slow && !*long {
				t.Skip("with -long")
			}
			w := newWorld(t, c.given)
			eventually(t, "the log says why", patience, func() bool { return w.said("operator=ol", "condition="+c.why) })
			xavi := w.xaviWatches()
			if c.why == "service-unavailable" { // which may mean that she is offline, and is no alarm
				xavi.asks("who", "what is sent there comes back: "+c.why)
			} else {
				xavi.asks("who", "can't be reached: "+c.why)
				xavi.hears(w.desk, "Olga (olga@")
			}
			w.checks(c.why)
		})
	}
}

// checks runs porchlight's check beside the running one, which has to find
// something wrong.
func (w *world) checks(why string) {
	w.t.Helper()
	var out []byte
	var err error
	w.hostA.do(func() {
		out, err = exec.Command(house.binary, "check", "--config", filepath.Join(w.folder(w.hostA.name), "porchlight.toml")).CombinedOutput()
	})
	if err == nil || !strings.Contains(string(out), "can't be reached: "+why) {
		w.t.Errorf("check: %v, without %s:\n%s", err, why, out)
	}
}
