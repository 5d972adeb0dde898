package main

import (
	"context"
	_ "embed"
	"errors"
)

//go:embed profiles/gajim.sql
var gajimSettings string

// gajim is Gajim 1.7.3: its places to click at are those of that version.
type gajim struct {
	*screen
	*world
	win string
}

func (g *gajim) start(ctx context.Context) error {
	err := errors.Join(g.database(ctx, ".config/gajim/settings.sqlite", gajimSettings), g.run(ctx, "gajim"))
	if err != nil {
		return err
	}
	if g.win, err = g.window(ctx, "^Gajim$"); err != nil {
		return err
	}
	return errors.Join(g.onDuty(ctx, 1), g.place(ctx, g.win, 900, 520))
}

func (g *gajim) front() string { return g.win }

// unread opens the next chat with something new.
func (g *gajim) unread(ctx context.Context) error {
	return g.act(ctx, g.win, func() error { return g.keys(ctx, "ctrl+Tab") })
}

func (g *gajim) desk(ctx context.Context) error { return g.unread(ctx) }

func (g *gajim) conversation(ctx context.Context, _ string) error { return g.unread(ctx) }

func (g *gajim) say(ctx context.Context, text string) error {
	return errors.Join(g.text(ctx, text), g.keys(ctx, "Return"))
}

// command goes by the menu of the desk in the contact list.
func (g *gajim) command(ctx context.Context) error {
	click := func(win string, x, y, button int) error {
		return g.act(ctx, win, func() error { return g.click(ctx, win, x, y, button) })
	}
	if err := click(g.win, 35, -32, 1); err != nil { // our own picture: the contact list
		return err
	}
	if err := click(g.win, 150, 220, 3); err != nil { // the desk's menu
		return err
	}
	if err := g.shot(ctx, g.win, "menu"); err != nil {
		return err
	}
	if err := g.click(ctx, g.win, 235, 205, 1); err != nil { // Execute Command…
		return err
	}
	dialog, err := g.window(ctx, "^Command List$")
	if err != nil {
		return err
	}
	err = errors.Join(click(dialog, 138, 250, 1), // Store an answer, or change it
		g.shot(ctx, dialog, "commands"),
		click(dialog, -68, -41, 1), // Execute
		g.act(ctx, dialog, func() error { return errors.Join(g.keys(ctx, "Tab"), g.text(ctx, "hours")) }),
		click(dialog, 348, 180, 1), // The answer
		g.act(ctx, dialog, func() error { return g.text(ctx, hours) }),
		g.shot(ctx, dialog, "form"),
		click(dialog, -74, -41, 1)) // Complete
	if err != nil {
		return err
	}
	if _, err := g.window(ctx, "^Completed$"); err != nil {
		return err
	}
	return g.shot(ctx, dialog, "result")
}
