package main

import (
	"context"
	"fmt"
	"time"

	"porchlight/demo"
	"porchlight/demo/xmppd"
	"porchlight/e2e/rig"
)

// subject is a running program that is measured, on a server of its own.
type subject struct {
	server  *xmppd.Server
	program *rig.Program
	chat    *chat
	talks   *flood // nil until flood is called

	start  time.Duration
	pairs  [2][]time.Duration // latencies in both directions
	floods [2]time.Duration   // how long the floods took in both directions
}

func newSubject(ctx context.Context, bin, dir, path string) (s *subject, err error) {
	s = &subject{}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	s.server, err = xmppd.Start(ctx, xmppd.Config{Dir: dir, Host: demo.Host, Component: demo.Domain, Secret: rig.Secret, Accounts: demo.Accounts()})
	if err != nil {
		return s, err
	}
	if s.program, err = rig.New(bin, dir, rig.Config{Server: s.server.ComponentAddr(), Path: path}); err != nil {
		return s, err
	}
	began := time.Now()
	if err := s.program.Start(ctx); err != nil {
		return s, err
	}
	if err := ready(ctx, s.program.Web); err != nil {
		return s, err
	}
	s.start = time.Since(began)
	s.chat, err = newChat(ctx, &program{web: "http://" + s.program.Web, xmpp: s.server.ClientAddr()})
	return s, err
}

func (s *subject) stop() {
	if s.talks != nil {
		s.talks.close()
	}
	if s.program != nil {
		s.program.Stop()
		s.program.Close()
	}
	if s.server != nil {
		s.server.Stop()
	}
}

// forget drops what was measured last, by latency or by flood.
func (s *subject) forget() {
	if s.talks == nil {
		s.pairs = [2][]time.Duration{}
	}
	s.floods = [2]time.Duration{}
}

// latency measures each direction n times, one message at a time.
func (s *subject) latency(n int) error {
	more, err := pairs(s.chat, n)
	for d := range more {
		s.pairs[d] = append(s.pairs[d], more[d]...)
	}
	return err
}

// flood sends n messages in each direction, as fast as they are taken.
func (s *subject) flood(n int) (err error) {
	if s.talks == nil {
		if s.talks, err = newFlood(s.chat, s.program.Web); err != nil {
			return err
		}
	}
	for d, send := range []func(int) error{s.talks.toOperator, s.talks.toVisitors} {
		began := time.Now()
		if err := send(n); err != nil {
			return fmt.Errorf("%s: %w", directions[d], err)
		}
		s.floods[d] += time.Since(began)
	}
	return nil
}

// closeAll ends all conversations: open ones would burden the next round.
func (s *subject) closeAll() error {
	for _, c := range s.talks.chats {
		if err := c.post("/v1/conversations/"+c.id+"/close", struct{}{}, nil); err != nil {
			return err
		}
	}
	return nil
}
