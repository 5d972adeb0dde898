package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"porchlight/config"
)

// reloader does what SIGHUP asks of a running porchlight. It never ends it.
type reloader struct {
	path    string
	environ []string
	cfg     config.Config // what runs
}

// run answers each SIGHUP until ctx ends. The caller has begun to watch for them.
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

// reload reads the config and the blocks again, and says what that changes. What
// the config says counts from the next start on, and a config that can't be read
// changes nothing. The log goes to standard error, and the certificates are the
// proxy's: both need no more.
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

// watchHangups begins to watch for SIGHUP, which ends a program that does not.
func watchHangups() (hangups <-chan os.Signal, stop func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c, func() { signal.Stop(c) }
}
