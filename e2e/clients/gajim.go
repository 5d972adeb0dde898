package main

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"
)

//go:embed profiles/gajim.sql
var gajimSettings string

// gajim is Gajim 1.7.3. The places to click at are right for that version alone.
type gajim struct {
	*screen
	*world
	win string
}

func (g *gajim) start(ctx context.Context) error {
	return each(
		func() error { return g.database(ctx, ".config/gajim/settings.sqlite", gajimSettings) },
		func() error { return g.run(ctx, "gajim") },
		func() (err error) { g.win, err = g.window(ctx, "^Gajim$"); return err },
		func() error { return g.onDuty(ctx, 1) },
		func() error { return g.place(ctx, g.win, 900, 520) },
		func() error { return until(ctx, "the desk's picture", g.fetched) },
	)
}

// fetched reports whether Gajim has got the desk's picture. Gajim asks for the picture some seconds
// after the login.
func (g *gajim) fetched() (bool, error) {
	pictures, err := os.ReadDir(filepath.Join(g.home, ".cache/gajim/avatars"))
	return len(pictures) > 0, err
}

func (g *gajim) front() string { return g.win }

// unread opens the next chat with unread messages.
func (g *gajim) unread(ctx context.Context) error {
	return g.act(ctx, g.win, func() error { return g.keys(ctx, "ctrl+Tab") })
}

func (g *gajim) desk(ctx context.Context) error { return g.unread(ctx) }

func (g *gajim) take(ctx context.Context, number string) error { return g.say(ctx, number) }

func (g *gajim) conversation(ctx context.Context, _ string) error { return g.unread(ctx) }

// stats goes from the visitor's chat to the desk's, and asks for one's statistics, which come with a picture.
func (g *gajim) stats(ctx context.Context) error {
	return each(
		func() error { return g.act(ctx, g.win, func() error { return g.keys(ctx, "ctrl+Page_Down") }) },
		func() error {
			return g.act(ctx, g.win, func() error {
				return each(func() error { return g.say(ctx, "stats") }, func() error { return until(ctx, "the picture", g.previewed) })
			})
		},
		func() error { return g.shot(ctx, g.win, "stats") },
	)
}

// previewed reports whether Gajim has fetched a picture of a chat and made it small.
func (g *gajim) previewed() (bool, error) {
	pictures, err := filepath.Glob(filepath.Join(g.home, ".cache/gajim/downloads.thumb/*"))
	return len(pictures) > 0, err
}

// command asks for one's statistics, and opens the form from the desk's menu in the contact list.
func (g *gajim) command(ctx context.Context) error {
	var win string // the window in front
	click := func(x, y, button int) func() error {
		return func() error {
			return g.act(ctx, win, func() error { return g.click(ctx, win, x, y, button) })
		}
	}
	dialog := func(title string) func() error {
		return func() (err error) { win, err = g.window(ctx, title); return err }
	}
	shot := func(name string) func() error {
		return func() error { return g.shot(ctx, win, name) }
	}
	types := func(text string) func() error {
		return func() error {
			return g.act(ctx, win, func() error { return g.text(ctx, text) })
		}
	}
	row, err := g.row("canned-add")
	if err != nil {
		return err
	}
	return each(
		func() error { return g.stats(ctx) },
		dialog("^Gajim$"),
		click(35, -32, 1),  // the user's own picture opens the contact list
		click(150, 180, 3), // the desk's menu
		func() error { return g.click(ctx, win, 235, 165, 1) }, // Execute Command…
		dialog("^Command List$"),
		click(138, 84+33*row, 1), // Stored answers: Store an answer, or change it
		shot("commands"),
		click(-68, -41, 1), // Execute
		dialog("^Stage$"),
		click(348, 105, 1), // One word
		types("open"),
		click(348, 180, 1), // The answer
		types(opening),
		shot("form"),
		click(-74, -41, 1), // Complete
		dialog("^Completed$"),
		shot("result"),
	)
}
