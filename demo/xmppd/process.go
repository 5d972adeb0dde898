package xmppd

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	logName  = "server.log"
	certName = "tls.pem"
	rootName = "authorities.pem"
)

// plan holds what differs between the kinds of server once their files are written.
type plan struct {
	cmd    *exec.Cmd
	ready  []string     // see tap
	taken  []string     // see tap
	finish func() error // asks the running server to stop
}

// process is one run of a server.
type process struct {
	*plan
	tap    *tap
	enter  func() error // Config.Enter, may be nil
	lock   *os.File
	exited chan struct{} // closed at the end, after err was set
	err    error
	asked  atomic.Bool // somebody has asked the server to end
}

// launch writes the server's files and starts it.
func launch(s *Server) (p *process, err error) {
	prepare, ok := map[string]func(*folder, *Server) (*plan, error){"prosody": prosody, "ejabberd": ejabberd}[s.cfg.Kind]
	if !ok {
		return nil, fmt.Errorf("unknown kind of server %q; known are prosody and ejabberd", s.cfg.Kind)
	}
	f, err := openFolder(s.folder, s.cfg.Kind)
	if err != nil {
		return nil, err
	}
	defer f.close()
	lock, err := f.lock()
	if err != nil {
		return nil, err
	}
	p = &process{lock: lock, enter: s.cfg.Enter, exited: make(chan struct{})}
	if len(s.cfg.Certificate) > 0 {
		err = f.write(certName, s.cfg.Certificate)
	}
	if err == nil && s.cfg.Peers != nil {
		err = f.write(rootName, s.cfg.Peers.Authorities)
	}
	if err == nil {
		p.plan, err = prepare(f, s)
	}
	if err == nil {
		err = p.start(f)
	}
	if err != nil {
		lock.Close()
		return nil, err
	}
	return p, nil
}

// start starts the command with the rights of the folder's owner, and sends its output
// through the tap.
func (p *process) start(f *folder) error {
	log, err := f.root.OpenFile(logName, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	p.tap = &tap{file: log, ready: p.ready, taken: p.taken, verdict: make(chan error, 1), spoke: make(chan struct{}, 1)}
	p.cmd.Stdout, p.cmd.Stderr = p.tap, p.tap
	p.cmd.WaitDelay = time.Second                           // in case the server's helper processes keep its output open
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // keeps Ctrl-C in the terminal from the server
	dieWithParent(p.cmd.SysProcAttr)
	started := make(chan error)
	err = f.handOver(p.cmd)
	if err == nil {
		go p.run(log, started)
		err = <-started
	}
	if err != nil {
		log.Close()
	}
	return err
}

// run starts the process and waits for its end on the same thread, since Linux takes the
// end of the thread that forked for the end of the parent (see dieWithParent).
func (p *process) run(log *os.File, started chan<- error) {
	runtime.LockOSThread()
	var err error
	if p.enter == nil {
		defer runtime.UnlockOSThread()
	} else { // nothing else can use the thread after enter, so it stays locked and ends with this goroutine
		err = p.enter()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	log.Close()
	p.lock.Close()
	close(p.exited)
}

func (p *process) pause() error {
	if err := Freeze(p.cmd.Process); err != nil {
		return fmt.Errorf("pause server: %w", err)
	}
	return nil
}

// Freeze stops a child process (SIGSTOP). On Linux all its threads have stopped when
// Freeze returns. SIGCONT thaws the process.
func Freeze(p *os.Process) error {
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	return awaitStopped(p.Pid)
}

func (p *process) resume() error {
	if err := p.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		return fmt.Errorf("resume server: %w", err)
	}
	return nil
}

func (p *process) kill() {
	p.asked.Store(true)
	p.cmd.Process.Kill() // fails only if the process has ended
	<-p.exited
}

func (p *process) stop() {
	p.asked.Store(true)
	p.finish() // an error doesn't matter: a server that does not end is killed below
	p.resume() // a paused server could not end
	select {
	case <-p.exited:
	case <-time.After(stopGrace):
		p.kill()
	}
}

// post returns the error for a process that has ended, with the last lines of its output.
func (p *process) post(what string) error {
	status := "exit status 0"
	if p.err != nil {
		status = p.err.Error()
	}
	return fmt.Errorf("%s (%s), its last words: %s", what, status, strings.Join(p.tap.last, " | "))
}
