// Package hosts_test runs porchlight where its operators are on somebody else's
// server: hosts with a network of their own, DNS between them, and TLS by a
// certificate authority that both servers trust; and, on hosts of their own, several
// nodes that share a database. Host A has porchlight and its
// XMPP server, host B another XMPP server with the operator's account; the
// operator's client is on a third host. Cables are cut, servers killed.
//
// Everything happens in Linux namespaces that this program makes for itself. So the
// tests don't touch the machine's own network, no packet leaves, and the kernel
// removes everything when the program ends, however it ends. The namespaces need
// root. Each test has hosts and domains of its own, so all tests run side by side.
//
// porchlight's clock runs four times as fast, and silences are as much shorter, but
// TCP and the servers run at their own pace. With -long (make test-hosts) nothing is
// shortened, and each test prints how long recoveries took.
package hosts_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"porchlight/e2e/rig"
)

const (
	inside   = "PORCH_HOSTS_INSIDE"   // set in the program's environment inside its namespaces
	patience = time.Minute            // the limit for steps that take moments on an idle machine
	look     = 100 * time.Millisecond // the time between two looks at something that sends no news
)

// sideBySide is how many tests run at the same time. They wait most of the time.
const sideBySide = 12

// haste is how many times as fast porchlight's clock runs.
const haste = 4

var long = flag.Bool("long", false, "cut cables for as long as cables are cut in life")

// house has what all tests share.
var house = struct {
	dir    string // a folder that the servers' users can read
	binary string
	names  *names
}{}

func TestMain(m *testing.M) {
	flag.Parse()
	flag.Set("test.parallel", strconv.Itoa(sideBySide)) // can't fail: the value is a number
	if os.Getenv(inside) == "" {
		os.Exit(enter())
	}
	status, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hosts:", err)
		status = 1
	}
	os.Exit(status)
}

// enter runs this program again in namespaces of its own, and returns the exit status of that run.
func enter() int {
	if err := possible(); err != nil {
		if os.Getenv("CI") == "true" {
			fmt.Println("FAIL:", err)
			return 1
		}
		fmt.Printf("\n*** SKIPPED, NOT TESTED: %v ***\n", err)
		return 0
	}
	runtime.LockOSThread() // the kernel takes this thread's end for the process's end
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	cmd := exec.CommandContext(ctx, "/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:   syscall.CLONE_NEWPID | syscall.CLONE_NEWNET,
		Unshareflags: syscall.CLONE_NEWNS, // and not in Cloneflags, so that new mounts stay private
		Pdeathsig:    syscall.SIGKILL,
	}
	err := cmd.Run()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		return max(1, exit.ExitCode())
	}
	if err != nil {
		fmt.Println("FAIL: enter namespaces:", err)
		return 1
	}
	return 0
}

// possible returns what the tests need and the machine lacks, as an error.
func possible() error {
	if os.Getuid() != 0 {
		return errors.New("root is needed for hosts in network namespaces")
	}
	for _, program := range []string{"ip", "prosody", "erl"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("%s is not installed: see .ci/packages", program)
		}
	}
	return nil
}

// run sets up the namespaces, and runs the tests in them.
func run(m *testing.M) (status int, err error) {
	if house.dir, err = os.MkdirTemp("", "porchlight-hosts-"); err != nil {
		return 1, err
	}
	defer os.RemoveAll(house.dir)
	if err := os.Chmod(house.dir, 0o755); err != nil {
		return 1, err
	}
	if house.binary, err = rig.Build(context.Background(), house.dir); err != nil {
		return 1, err
	}
	if !*long {
		os.Setenv("PORCHLIGHT_CLOCK_RATE", strconv.Itoa(haste))
	}
	if err := plug(); err != nil {
		return 1, err
	}
	if house.names, err = serveNames(router + ":53"); err != nil {
		return 1, err
	}
	defer house.names.close()
	return m.Run(), nil
}

// life converts a duration of porchlight's clock into one of the tests' clock.
func life(d time.Duration) time.Duration {
	if *long {
		return d
	}
	return d / haste
}

// within is a context with the patience for one step of a test.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// eventually looks until ok returns true, at most for d, and returns how long that took. It is for
// things that send no news.
func eventually(t *testing.T, what string, d time.Duration, ok func() bool) time.Duration {
	t.Helper()
	for began := time.Now(); ; time.Sleep(look) {
		if ok() {
			return time.Since(began)
		}
		if time.Since(began) > d {
			t.Fatalf("not within %v: %s", d, what)
		}
	}
}

// took prints how long something took, in the long variant.
func took(t *testing.T, what string, d time.Duration) {
	t.Helper()
	t.Logf("%s: %s", what, d.Round(100*time.Millisecond))
	if *long {
		fmt.Printf("%-40s %s: %v\n", strings.TrimPrefix(t.Name(), "Test"), what, d.Round(100*time.Millisecond))
	}
}
