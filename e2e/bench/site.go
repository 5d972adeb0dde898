package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
)

// site is a running program with metrics, beside a server of its own.
type site struct {
	server  *xmppd.Server
	program *rig.Program
	metrics string // host:port
}

// newSite starts them in dir; more are further lines of the section web.
func newSite(ctx context.Context, bin, dir string, more ...string) (s *site, err error) {
	s = &site{}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.metrics, err = freeAddr(); err != nil {
		return s, err
	}
	s.server, err = xmppd.Start(ctx, xmppd.Config{Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return s, err
	}
	s.program, err = rig.New(bin, dir, rig.Config{Server: s.server.ComponentAddr(), Path: filepath.Join(dir, "porchlight.db"),
		More: strings.Join(append(more, fmt.Sprintf("metrics_listen = %q", s.metrics)), "\n")})
	if err != nil {
		return s, err
	}
	return s, s.program.Start(ctx)
}

// close ends the program, orderly, and then the server.
func (s *site) close() {
	if s.program != nil {
		s.program.Stop()
		s.program.Close()
	}
	if s.server != nil {
		s.server.Stop()
	}
}
