package e2e_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// buffer collects a process's output. It may be used by any goroutine.
type buffer struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.data.String()
}

// process is a running porchlight.
type process struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr buffer
	exited         chan struct{} // closed after err was set
	err            error
	tolerated      []string // parts of the error lines that the test provokes
}

// launch starts the program in dir. The program ends with the test or, on Linux, with the test's
// process, however that ends.
func launch(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	return launchWith(t, dir, nil, args...)
}

// launchWith starts the program as launch does, with more variables in the environment.
func launchWith(t *testing.T, dir string, env []string, args ...string) *process {
	t.Helper()
	binary, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	return launchProgram(t, binary, dir, env, args...)
}

// launchProgram is launchWith for a program of any version.
func launchProgram(t *testing.T, binary, dir string, env []string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(binary, args...), exited: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Env = append(append(environment(), "GORACE=halt_on_error=0 exitcode=66 atexit_sleep_ms=100"), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	p.cmd.WaitDelay = 2 * time.Second
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(p.cmd.SysProcAttr)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // Linux takes the end of the thread that forked for the end of the parent
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.review)
	return p
}

// environment is the test's own environment without variables that would configure porchlight.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PORCHLIGHT_") {
			env = append(env, v)
		}
	}
	return env
}

// review ends the process at the end of its test, and fails for error lines in its log that the
// test does not tolerate.
func (p *process) review() {
	p.kill()
	log := p.stderr.String()
	for line := range strings.Lines(log) {
		bad := strings.Contains(line, "DATA RACE") || strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "panic:")
		for _, part := range p.tolerated {
			bad = bad && !strings.Contains(line, part)
		}
		if bad {
			p.t.Errorf("in the log: %s", line)
		}
	}
	if p.t.Failed() {
		p.t.Logf("porchlight %s said:\n%s%s", strings.Join(p.cmd.Args[1:], " "), p.stdout.String(), log)
	}
}

// tolerate allows error lines that hold the part.
func (p *process) tolerate(part ...string) { p.tolerated = append(p.tolerated, part...) }

// kill ends the process as a crash would, and waits for its end.
func (p *process) kill() {
	p.cmd.Process.Kill() // fails only if the process has ended already
	<-p.exited
}

// stop asks the process to end, and returns its exit status and how long it took.
func (p *process) stop(sig os.Signal) (int, time.Duration) {
	p.t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.cmd.Process.Signal(syscall.SIGQUIT) // prints the goroutines
		select {
		case <-p.exited:
		case <-time.After(patience):
		}
		p.t.Fatalf("still there %v after %v", patience, sig)
	}
	return p.cmd.ProcessState.ExitCode(), time.Since(began)
}

// says waits until the process has written a text.
func (p *process) says(b *buffer, text string) {
	p.t.Helper()
	eventually(p.t, "porchlight says "+text, func() bool {
		select {
		case <-p.exited:
			if !strings.Contains(b.String(), text) {
				p.t.Fatalf("porchlight has ended: %v\n%s", p.err, p.stderr.String())
			}
		default:
		}
		return strings.Contains(b.String(), text)
	})
}

// result is the exit status and the output of a command that has ended.
type result struct {
	status         int
	stdout, stderr string
}

// run carries out a command that ends by itself.
func run(t *testing.T, dir string, env []string, args ...string) result {
	t.Helper()
	binary, err := shared.program()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, append(environment(), env...), &out, &errs
	cmd.Run() // the status says whether it worked
	if ctx.Err() != nil {
		t.Fatalf("porchlight %s did not end\n%s", strings.Join(args, " "), errs.String())
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), errs.String()}
}
