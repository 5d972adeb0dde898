package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"text/template"
	"time"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/visitor"
)

// world is everything that runs: the server, the bridge behind a proxy, the
// operator and the visitors.
type world struct {
	bin, dir string
	server   *xmppd.Server
	proxy    *proxy
	web      string
	sheet    *sheet
	op       *staff
	visits   []*visit
	stop     context.CancelFunc
	talking  sync.WaitGroup

	mu     sync.Mutex
	bridge *exec.Cmd
	log    *os.File
}

var configFile = template.Must(template.New("config").Parse(`super_operators = ["xavi@localhost"]
[xmpp]
domain = "support.localhost"
secret = "faults"
server = "{{.Server}}"
[web]
listen = "{{.Web}}"
public_url = "http://{{.Web}}"
[store]
path = "{{.Path}}"
[timing]
visitor_grace = "1h"
operator_grace = "1h"
waiting_limit = "1h"
idle_warn = "2h"
idle_close = "3h"
[limits]
conversations_per_minute = 0
messages_per_minute = 0
requests_per_minute = 0
`))

func newWorld(ctx context.Context, kind, bin, dir string) (*world, error) {
	w := &world{bin: bin, dir: dir, sheet: newSheet()}
	var err error
	w.server, err = xmppd.Start(ctx, xmppd.Config{Kind: kind, Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: "faults",
		Accounts: demo.Accounts(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, err
	}
	if w.proxy, err = newProxy(w.server.ComponentAddr()); err != nil {
		return nil, err
	}
	if w.web, err = xmppd.FreeAddr("127.0.0.1:0"); err != nil {
		return nil, err
	}
	if w.log, err = os.Create(filepath.Join(os.TempDir(), "porchlight-faults.log")); err != nil {
		return nil, err
	}
	return w, w.configure(w.proxy.ln.Addr().String(), filepath.Join(dir, "porchlight.db"))
}

func (w *world) configure(server, path string) error {
	var b bytes.Buffer
	if err := configFile.Execute(&b, map[string]string{"Server": server, "Web": w.web, "Path": path}); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, "porchlight.toml"), b.Bytes(), 0o600)
}

// launch starts the bridge and waits until it serves HTTP.
func (w *world) launch(ctx context.Context) error {
	cmd := exec.Command(w.bin, "serve", "--config", filepath.Join(w.dir, "porchlight.toml"))
	cmd.Stderr = w.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() { // the thread must live as long as the process, see prctl(2)
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start bridge: %w", err)
	}
	w.mu.Lock()
	w.bridge = cmd
	w.mu.Unlock()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if c, err := net.DialTimeout("tcp", w.web, time.Second); err == nil {
			c.Close()
			return nil
		}
		if err := w.pause(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("the bridge does not listen on %s", w.web)
}

// kill ends the bridge as kill -9 does.
func (w *world) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	pid := w.bridge.Process.Pid
	w.bridge.Process.Kill()
	for { // until it is gone, so that its port and its lock are free
		if _, err := os.Stat("/proc/" + strconv.Itoa(pid) + "/exe"); err != nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (w *world) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// begin starts the bridge and n conversations that the operator has taken, with
// everybody writing all the time.
func (w *world) begin(ctx context.Context, n int) error {
	if err := w.launch(ctx); err != nil {
		return err
	}
	ctx, w.stop = context.WithCancel(ctx)
	w.op = newStaff(w)
	w.talking.Go(func() { w.op.read(ctx) })
	client := visitor.New("http://" + w.web)
	for end := time.Now().Add(20 * time.Second); ; {
		if s, err := client.Status(ctx); err == nil && s.Status == "online" {
			break
		}
		if time.Now().After(end) {
			return fmt.Errorf("the operator does not come online")
		}
		if err := w.pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	for i := range n {
		v, err := newVisit(ctx, w, client, i)
		if err != nil {
			return err
		}
		w.visits = append(w.visits, v)
	}
	w.op.serve(w.visits)
	for i, v := range w.visits {
		w.talking.Go(func() { v.write(ctx) })
		w.talking.Go(func() { v.read(ctx) })
		w.talking.Go(func() { w.op.write(ctx, i) })
	}
	return nil
}

// settle ends the writing and waits until everything acknowledged has come.
func (w *world) settle(ctx context.Context) error {
	w.op.quiet.Store(true)
	for _, v := range w.visits {
		v.quiet.Store(true)
	}
	for end := time.Now().Add(90 * time.Second); len(w.sheet.missing()) > 0; {
		if time.Now().After(end) {
			return w.sheet.verdict()
		}
		if err := w.pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) close() {
	if w.stop != nil {
		w.stop()
	}
	w.mu.Lock()
	if w.bridge != nil {
		w.bridge.Process.Kill()
	}
	w.mu.Unlock()
	w.proxy.close()
	w.server.Stop()
	w.talking.Wait()
	w.log.Close()
}
