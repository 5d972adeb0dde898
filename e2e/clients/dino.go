package main

import (
	"context"
	_ "embed"
	"slices"
)

//go:embed profiles/dino.sql
var dinoDatabase string

// dino is Dino 0.4.2. The places to click at are right for that version alone.
type dino struct {
	*screen
	*world
	win string
}

func (d *dino) start(ctx context.Context) error {
	return each(
		func() error { return d.database(ctx, ".local/share/dino/dino.db", dinoDatabase) },
		func() error { return d.run(ctx, "dino-im") },
		func() (err error) { d.win, err = d.window(ctx, "^Dino$"); return err },
		func() error { return d.onDuty(ctx, 1) },
	)
}

func (d *dino) front() string { return d.win }

// to moves the pointer to a place in the window, and leaves Dino a second to notice it.
func (d *dino) to(x, y string) []string {
	return []string{"mousemove", "--window", d.win, x, y, "sleep", "1"}
}

// desk opens the only chat. The buttons at the chat's first message go away after the pointer has
// been there.
func (d *dino) desk(ctx context.Context) error {
	return d.act(ctx, d.win, func() error {
		return d.xdotool(ctx, slices.Concat(d.to("150", "80"), []string{"click", "1"},
			d.to("600", "430"), d.to("600", "300"), d.to("150", "400"))...)
	})
}

// take reacts to the last message with a thumbs up, by the button that appears under the pointer.
func (d *dino) take(ctx context.Context, _ string) error {
	return each(
		func() error {
			return d.xdotool(ctx, slices.Concat(d.to("600", "430"), d.to("866", "420"), []string{"click", "1", "sleep", "1"})...)
		},
		func() error { return d.text(ctx, "thumbs up") },
		func() error {
			return d.xdotool(ctx, slices.Concat([]string{"sleep", "1"}, d.to("705", "84"), []string{"click", "1"}, d.to("150", "400"))...)
		},
	)
}

// conversation opens the next chat. There are two, so it is the other one.
func (d *dino) conversation(ctx context.Context, _ string) error {
	return d.act(ctx, d.win, func() error { return d.keys(ctx, "ctrl+Tab") })
}

// newest opens the chat at the top.
func (d *dino) newest(ctx context.Context, _ string) error {
	return d.act(ctx, d.win, func() error {
		return d.xdotool(ctx, slices.Concat(d.to("150", "80"), []string{"click", "1"}, d.to("150", "400"))...)
	})
}

// command sends the command to the desk as a line, since Dino has no forms. Then it asks for one's
// statistics, which come with a picture.
func (d *dino) command(ctx context.Context) error {
	return each(
		func() error { return d.conversation(ctx, "") }, // back to the desk
		func() error {
			return d.act(ctx, d.win, func() error { return d.say(ctx, "canned-add open "+opening) })
		},
		func() error { return d.shot(ctx, d.win, "result") },
		func() error { return d.act(ctx, d.win, func() error { return d.say(ctx, "stats") }) },
		func() error { return d.shot(ctx, d.win, "stats") },
	)
}
