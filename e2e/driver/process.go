package driver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a program that was started, and what belongs to it. It ends with the test at the latest.
type process struct {
	cmd  *exec.Cmd
	done chan error
}

// run starts a program with more variables in its environment. The files are its file descriptors from 3 on.
func run(env []string, out io.Writer, files []*os.File, name string, args ...string) (*process, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", name, err)
	}
	p := &process{cmd: exec.Command(path, args...), done: make(chan error, 1)}
	p.cmd.Env, p.cmd.ExtraFiles = append(os.Environ(), env...), files
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	dieWithParent(p.cmd.SysProcAttr)
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the program dies with the thread that starts it
		err := p.cmd.Start()
		started <- err
		if err == nil {
			p.done <- p.cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// end ends the program and what it has started, and waits until all of it is gone: then nothing writes into its folders.
func (p *process) end() {
	group := -p.cmd.Process.Pid
	for syscall.Kill(group, syscall.SIGKILL) == nil {
		time.Sleep(5 * time.Millisecond) // a killed process is there for a moment; nothing tells of those that are not ours
	}
	<-p.done
}

// line waits for the first line that find accepts, and returns what find made of it. What comes afterwards is read
// and dropped.
func line(ctx context.Context, r io.Reader, find func(string) (string, bool)) (string, error) {
	found := make(chan string, 1)
	go func() {
		defer close(found)
		for lines := bufio.NewScanner(r); lines.Scan(); {
			if what, ok := find(lines.Text()); ok {
				found <- what
				break
			}
		}
		io.Copy(io.Discard, r)
	}()
	select {
	case what, ok := <-found:
		if !ok {
			return "", errors.New("it ended before it was ready")
		}
		return what, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
