package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
	"porchlight/e2e/visitor"
)

// world is a running porchlight with its XMPP server. The accounts are the
// demo's.
type world struct {
	visitors *visitor.Client
	xmpp     string // host:port for clients
	socket   string // URL for clients that are web pages; empty: none
	stop     func()
}

// newDemo runs `porchlight demo`, whose server has no TLS.
func newDemo(ctx context.Context, bin, dir string) (*world, error) {
	cmd := exec.CommandContext(ctx, bin, "demo", "--no-console", "--dir", filepath.Join(dir, "demo"))
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	log, err := os.Create(filepath.Join(dir, "porchlight.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() // the process has a descriptor of its own
	cmd.Stderr = log
	said, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start demo: %w", err)
	}
	w := &world{stop: func() {
		cmd.Cancel()
		cmd.Wait()
	}}
	for lines := bufio.NewScanner(said); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "web":
			w.visitors = visitor.New(strings.TrimSuffix(value, "/"))
		case "xmpp":
			w.xmpp = value
		case "ready":
			return w, nil
		}
	}
	w.stop()
	return nil, fmt.Errorf("the demo ended at its start: see %s", log.Name())
}

// newSecure runs porchlight beside a server with a certificate that all processes here trust.
func newSecure(ctx context.Context, bin, dir string) (*world, error) {
	authority, certificate, err := certificates(demo.Host)
	if err != nil {
		return nil, fmt.Errorf("make certificates: %w", err)
	}
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, authority, 0o644); err != nil {
		return nil, err
	}
	if err := trust(roots); err != nil {
		return nil, err
	}
	return newOwn(ctx, bin, dir, xmppd.Config{Certificate: certificate})
}

// newWeb runs porchlight beside a server that web pages can talk to.
func newWeb(ctx context.Context, bin, dir string) (*world, error) {
	return newOwn(ctx, bin, dir, xmppd.Config{WebAddr: "127.0.0.1:0"})
}

// newOwn runs porchlight beside a server that can do more than the demo's.
func newOwn(ctx context.Context, bin, dir string, cfg xmppd.Config) (*world, error) {
	cfg.Dir, cfg.ClientAddr, cfg.Host, cfg.Component = dir, "127.0.0.1:5222", demo.Host, demo.Domain
	cfg.Secret, cfg.Accounts = rig.Secret, demo.Accounts()
	server, err := xmppd.Start(ctx, cfg)
	if err != nil {
		return nil, err
	}
	// The rig's configuration has one operator, and the environment wins over it.
	os.Setenv("PORCHLIGHT_SUPER_OPERATORS", demo.SuperOperator+","+demo.Operator)
	p, err := rig.New(bin, dir, rig.Config{Server: server.ComponentAddr(), Path: filepath.Join(dir, "porchlight.db"), Web: "127.0.0.1:8080"})
	if err == nil {
		err = p.Start(ctx)
	}
	if err != nil {
		server.Stop()
		return nil, err
	}
	return &world{visitors: visitor.New("http://" + p.Web), xmpp: server.ClientAddr(), socket: server.WebSocket(), stop: func() {
		p.Close()
		server.Stop()
	}}, nil
}

// onDuty waits until n operators are available.
func (w *world) onDuty(ctx context.Context, n int) error {
	return until(ctx, "operators on duty", func() (bool, error) {
		s, err := w.visitors.Status(ctx)
		return s.Operators == n, err
	})
}

// each calls one function after the other, up to the first that fails.
func each(todo ...func() error) error {
	for _, do := range todo {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// until calls yes again and again until it returns true or an error.
func until(ctx context.Context, what string, yes func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, stepLimit)
	defer cancel()
	for tick := time.NewTicker(200 * time.Millisecond); ; {
		ok, err := yes()
		if ok || err != nil {
			tick.Stop()
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}
