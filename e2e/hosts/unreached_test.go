package hosts_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnreached: the log, the command who and the desk of a super operator say why an operator
// can't ever be reached.
//
// Servers don't tell that an account does not exist when they are asked about it. Only a message to
// it comes back.
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
		why   string // the condition of the error
		slow  bool   // only with -long
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
			if c.why == "service-unavailable" { // may also mean that she is offline, so there is no alarm
				xavi.asks("who", "what is sent there comes back: "+c.why)
			} else {
				xavi.asks("who", "can't be reached: "+c.why)
				xavi.hears(w.desk, "Olga (olga@")
			}
			w.checks(c.why)
		})
	}
}

// checks runs porchlight check beside the running porchlight. The check must fail.
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
