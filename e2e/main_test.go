// Package e2e_test drives the program from outside, as its users do: it builds
// the binary, starts it beside a real XMPP server, rings with a real browser
// and answers with an XMPP client of its own.
//
// E2E_SERVER names the kind of XMPP server: prosody (the default) or ejabberd.
// E2E_BINARY names a program to test instead of the one that is built. What is missing on the machine makes tests skip, or fail when CI=true.
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
	patience = time.Minute           // for what takes moments on an idle machine
	look     = 20 * time.Millisecond // between two looks at what nothing tells of
)

// TestMain removes what all tests share: the binary and the browser.
func TestMain(m *testing.M) {
	status := m.Run()
	shared.end()
	os.Exit(status)
}

// shared is what is made once, by the first test that needs it.
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
	c.browser.end()
	os.RemoveAll(c.dir) // "" removes nothing
}

// lacking ends a test that something could not be started for: it is skipped
// if a program is not installed, unless CI says that all must be there.
func lacking(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" || !errors.Is(err, exec.ErrNotFound) && !strings.Contains(err.Error(), "is not installed") {
		t.Fatal(err)
	}
	t.Skipf("\n*** SKIPPED, NOT TESTED: %v ***", err)
}

// eventually looks until ok, which nothing can tell of.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(look) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

// shot is where a screenshot is put; the folder is not kept in the repository.
func shot(name string) (string, error) {
	return filepath.Join("out", name+".png"), os.MkdirAll("out", 0o755)
}
