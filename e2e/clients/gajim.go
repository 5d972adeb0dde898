package main

import "context"

type gajim struct {
	*screen
	*world
	win string
}

func (g *gajim) start(ctx context.Context) error                    { return nil }
func (g *gajim) front() string                                      { return g.win }
func (g *gajim) desk(ctx context.Context) error                     { return nil }
func (g *gajim) conversation(ctx context.Context, jid string) error { return nil }
func (g *gajim) say(ctx context.Context, text string) error         { return nil }
func (g *gajim) command(ctx context.Context) error                  { return nil }
