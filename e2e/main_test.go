// Package e2e_test drives the program from outside, as its users do: the tests build the binary,
// start it beside a real XMPP server, ring with a real browser and answer with an XMPP client of
// their own.
//
// E2E_SERVER names the kind of XMPP server: prosody (the default) or ejabberd.
// E2E_BINARY names a program to test instead of the one that is built. E2E_OTHER names another version of it, which every other
// node of a cluster runs, the first one before all (make test-versions). A test that needs a program
// which is not installed is skipped, or fails if CI=true.
package e2e_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	patience = 3 * time.Minute       // the limit for steps that take moments on an idle machine
	look     = 20 * time.Millisecond // the time between two looks at something that sends no news
)

// TestMain runs the tests, and then removes what they share: the binary and the browser.
func TestMain(m *testing.M) {
	status := m.Run()
	shared.end()
	os.Exit(status)
}

// shared has what the first test that needs it makes for all.
var shared = &common{}

type common struct {
	once    sync.Once
	dir     string
	binary  string
	built   error
	browser browser
}

// program returns the path of the binary, built with the race detector.
func (c *common) program() (string, error) {
	c.once.Do(func() {
		if c.binary = os.Getenv("E2E_BINARY"); c.binary != "" {
			return
		}
		if c.dir, c.built = os.MkdirTemp("", "porchlight-e2e-"); c.built != nil {
			return
		}
		c.binary = filepath.Join(c.dir, "porchlight")
		build := exec.Command("go", "build", "-race", "-o", c.binary, "porchlight")
		if out, err := build.CombinedOutput(); err != nil {
			c.built = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	return c.binary, c.built
}

func (c *common) end() {
	c.browser.chrome.End()
	os.RemoveAll(c.dir) // "" removes nothing
}

// lacking ends a test for which something could not be started. If a program is not installed the
// test is skipped, unless CI=true says that every program must be there.
func lacking(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" || !errors.Is(err, exec.ErrNotFound) && !strings.Contains(err.Error(), "is not installed") {
		t.Fatal(err)
	}
	t.Skipf("\n*** SKIPPED, NOT TESTED: %v ***", err)
}

// eventually looks again and again until ok returns true, for things that send no news.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(look) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// shot returns the path of a screenshot. The repository ignores the folder.
func shot(name string) (string, error) {
	return filepath.Join("out", name+".png"), os.MkdirAll("out", 0o755)
}
