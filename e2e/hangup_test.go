package e2e_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestHangup: SIGHUP never ends porchlight. porchlight logs what a restart would change, and keeps
// the old config if the new one is broken.
func TestHangup(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	x := s.operators("xavi")[0]
	c := s.ask("Anna", "Question")
	x.take(c.Number, c.Visitor)
	web := strings.TrimPrefix(s.url, "http://")
	hangUp := func(says string) {
		t.Helper()
		if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		s.says(&s.stderr, says)
	}
	hangUp("nothing in the config was changed")
	s.configure(web, settings{"timing.idle_warn": `"5m"`, "web.allowed_origins": `["https://new.example"]`, "xmpp.secret": `"changed-secret"`})
	hangUp(`keys="xmpp.secret web.allowed_origins timing.idle_warn"`)
	if strings.Contains(s.stderr.String(), "changed-secret") {
		t.Error("the secret is in the log")
	}
	s.tolerate("config not reloaded")
	if err := os.WriteFile(s.config(), []byte("super_operators = ["), 0o600); err != nil {
		t.Fatal(err)
	}
	hangUp("config not reloaded, the old one stays")
	if err := os.Remove(s.config()); err != nil {
		t.Fatal(err)
	}
	for range 20 { // the kernel may merge signals of a burst
		if err := s.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	x.says(c.Visitor, "Still here")
	if log, err := c.Poll(within(t), 0, 5); err != nil || !said(log, "Still here") {
		t.Errorf("%+v, %v", log, err)
	}
	if n := s.links(); n != 1 {
		t.Errorf("the link came up %d times", n)
	}
	if status, _ := s.stop(syscall.SIGTERM); status != 0 {
		t.Errorf("exit status %d", status)
	}
}
