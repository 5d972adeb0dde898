package main

import "context"

type dino struct {
	*screen
	*world
	win string
}

func (d *dino) start(ctx context.Context) error                    { return nil }
func (d *dino) front() string                                      { return d.win }
func (d *dino) desk(ctx context.Context) error                     { return nil }
func (d *dino) conversation(ctx context.Context, jid string) error { return nil }
func (d *dino) say(ctx context.Context, text string) error         { return nil }
func (d *dino) command(ctx context.Context) error                  { return nil }
