package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"porchlight/config"
)

// reloader answers SIGHUP. A hang-up never ends porchlight.
type reloader struct {
	path    string
	environ []string
	cfg     config.Config // the config that the program was started with
}

// run answers each hang-up that the caller watches for, until ctx ends.
func (r *reloader) run(ctx context.Context, p *program, hangups <-chan os.Signal) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangups:
			r.reload(ctx, p)
		}
	}
}

// reload reads the blocks and the config again, and logs which keys of the config were changed.
// Changed keys count from the next start on, and a config that can't be read changes nothing.
// Log files and certificates need no reload: the log goes to standard error, and the proxy has
// the certificates.
func (r *reloader) reload(ctx context.Context, p *program) {
	if err := p.bridge.Blocks.Load(ctx); err != nil && ctx.Err() == nil {
		p.log.Error("reload blocks", "err", err)
	}
	cfg, err := config.Load(r.path, r.environ)
	if err != nil {
		p.log.Error("config not reloaded, the old one stays", "config", r.path, "err", strings.ReplaceAll(err.Error(), "\n", "; "))
		return
	}
	if changed := config.Changed(r.cfg, cfg); len(changed) > 0 {
		p.log.Warn("reloaded; these keys were changed and count after a restart", "config", r.path, "keys", strings.Join(changed, " "))
		return
	}
	p.log.Info("reloaded; nothing in the config was changed", "config", r.path)
}

// watchHangups begins to watch for SIGHUP, which ends a program that does not watch for it.
func watchHangups() (hangups <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c, func() { signal.Stop(c) }
}
