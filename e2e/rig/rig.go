// Package rig builds porchlight and runs it beside an XMPP server, for
// benchmarks and fault tests.
package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"text/template"
	"time"

	"porchlight/demo/xmppd"
)

// Secret is the component's secret that Config gives.
const Secret = "rig"

// Build builds the program into dir, and returns its path.
func Build(ctx context.Context, dir string) (string, error) {
	bin := filepath.Join(dir, "porchlight")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", bin, "porchlight")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("build porchlight: %w", err)
	}
	return bin, nil
}

// Config says how a program runs. All timers are long and all limits are off, unless More says
// otherwise.
type Config struct {
	Server string          // the XMPP server's host:port for components
	Path   string          // the database's path
	Store  string          // or the URL of a PostgreSQL database
	Super  []string        // the super operators; nil: xavi@localhost
	Public string          // the URL under which browsers reach it; empty: that of Web
	Web    string          // host:port of the visitors' side; empty: a free port
	Grace  string          // timing.visitor_grace; empty: a day
	More   string          // further TOML, each section whole
	Text   string          // the whole TOML instead; then only Web counts of the other fields
	Env    func() []string // more variables of the environment, asked for at each start; may be nil
	Enter  func() error    // called on the thread that starts the program, before the start, for instance to enter a network namespace; may be nil
}

var configFile = template.Must(template.New("config").Parse(`super_operators = [{{range .Super}}"{{.}}",{{end}}]
[xmpp]
domain = "support.localhost"
secret = "` + Secret + `"
server = "{{.Server}}"
[store]
{{if .Store}}url = "{{.Store}}"{{else}}path = "{{.Path}}"{{end}}
[timing]
visitor_grace = "{{or .Grace "24h"}}"
operator_grace = "24h"
waiting_limit = "24h"
idle_warn = "48h"
idle_close = "72h"
[limits]
conversations_per_minute = 0
messages_per_minute = 0
requests_per_minute = 0
waiting = 1000000
streams = 100000
streams_per_address = 0
streams_per_conversation = 0
uploads_per_address = 0
connections_per_address = 0
commands_per_minute = 0
[web]
listen = "{{.Web}}"
public_url = "{{or .Public (printf "http://%s" .Web)}}"
{{.More}}
`))

// Program is a porchlight that may be started again and again with the same configuration. The
// methods may be called by any goroutine, but Start by one at a time.
type Program struct {
	Web string // host:port

	bin, config string
	enter       func() error
	env         func() []string
	log         *os.File
	mu          sync.Mutex
	cmd         *exec.Cmd
	ended       chan struct{}
}

// New writes the configuration into dir. The program's log goes there, too.
func New(bin, dir string, c Config) (*Program, error) {
	if c.Web == "" {
		var err error
		if c.Web, err = xmppd.FreeAddr("127.0.0.1:0"); err != nil {
			return nil, err
		}
	}
	if c.Super == nil {
		c.Super = []string{"xavi@localhost"}
	}
	var b bytes.Buffer
	b.WriteString(c.Text)
	if c.Text == "" {
		if err := configFile.Execute(&b, c); err != nil {
			return nil, err
		}
	}
	p := &Program{Web: c.Web, bin: bin, config: filepath.Join(dir, "porchlight.toml"), enter: c.Enter, env: c.Env}
	if err := os.WriteFile(p.config, b.Bytes(), 0o600); err != nil {
		return nil, err
	}
	var err error
	p.log, err = os.OpenFile(filepath.Join(dir, "porchlight.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	return p, err
}

// Start starts the program and waits until it serves HTTP. The program dies with this process.
func (p *Program) Start(ctx context.Context) error {
	cmd, ended := exec.Command(p.bin, "serve", "--config", p.config), make(chan struct{})
	cmd.Stderr = p.log
	if p.env != nil {
		cmd.Env = append(os.Environ(), p.env()...)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() { // ends with the program; the thread that starts a program must outlive it, see prctl(2)
		runtime.LockOSThread()
		var err error
		if p.enter != nil {
			err = p.enter()
		}
		if err == nil {
			err = cmd.Start()
		}
		started <- err
		if err == nil {
			cmd.Wait()
		}
		close(ended)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start porchlight: %w", err)
	}
	p.mu.Lock()
	p.cmd, p.ended = cmd, ended
	p.mu.Unlock()
	for tick := time.NewTicker(2 * time.Millisecond); ; {
		if c, err := net.DialTimeout("tcp", p.Web, time.Second); err == nil {
			tick.Stop()
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ended:
			return fmt.Errorf("porchlight ended at its start: see %s", p.log.Name())
		case <-tick.C:
		}
	}
}

// Pid is the id of the program's process.
func (p *Program) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd.Process.Pid
}

// Freeze stops every thread of the program (SIGSTOP), until Thaw or its end.
func (p *Program) Freeze() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := xmppd.Freeze(p.cmd.Process); err != nil {
		return fmt.Errorf("freeze porchlight: %w", err)
	}
	return nil
}

// Thaw lets a frozen program go on (SIGCONT).
func (p *Program) Thaw() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd.Process.Signal(syscall.SIGCONT)
}

// Frozen calls f while every thread of the program stands still.
func (p *Program) Frozen(f func() error) error {
	if err := p.Freeze(); err != nil {
		return err
	}
	return errors.Join(f(), p.Thaw())
}

// Cut calls f while every thread of the program stands still, and ends the program there, as a power cut does: what it has done by
// then is all that anybody has seen of it. Were it to go on for a moment first, it could acknowledge what is in no copy that f has made.
func (p *Program) Cut(f func() error) error {
	defer p.Kill() // a stopped program ends without going on
	if err := p.Freeze(); err != nil {
		return err
	}
	return f()
}

// Kill ends the program as kill -9 does, and waits for its end, so that its port and its lock are
// free.
func (p *Program) Kill() { p.end(syscall.SIGKILL) }

// Stop ends the program orderly, and waits for it.
func (p *Program) Stop() { p.end(syscall.SIGTERM) }

func (p *Program) end(sig syscall.Signal) {
	p.mu.Lock()
	cmd, ended := p.cmd, p.ended
	p.mu.Unlock()
	if cmd == nil {
		return
	}
	cmd.Process.Signal(sig) // an error means that the process has ended already
	<-ended
}

// Log is the path of the program's log.
func (p *Program) Log() string { return p.log.Name() }

// Close ends the program and closes its log.
func (p *Program) Close() {
	p.Kill()
	p.log.Close()
}
