package main

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"
	"slices"
)

//go:embed profiles/gajim.sql
var gajimSettings string

// gajim is Gajim 1.7.3. The places to click at are right for that version alone.
type gajim struct {
	*screen
	*world
	win    string
	dialog string // the window that is in front
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

// newest opens the chat with an address, from the contact list, too: which chats are unread by now depends on what has come so far.
func (g *gajim) newest(ctx context.Context, jid string) error {
	return each(
		g.opens(ctx, "^Gajim$"),
		func() error { return g.keys(ctx, "ctrl+n") },
		g.opens(ctx, "^Start / Join Chat$"),
		g.typed(ctx, jid),
		func() error { return g.keys(ctx, "Return") },
		g.opens(ctx, "^Gajim$"),
	)
}

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

// presses, typed and key return actions for later in the dialog that is in front: each acts, and waits until
// the dialog has changed. opens waits for a dialog, which is in front then.
func (g *gajim) presses(ctx context.Context, x, y, button int) func() error {
	return func() error {
		return g.act(ctx, g.dialog, func() error { return g.click(ctx, g.dialog, x, y, button) })
	}
}

func (g *gajim) typed(ctx context.Context, text string) func() error {
	return func() error { return g.act(ctx, g.dialog, func() error { return g.text(ctx, text) }) }
}

func (g *gajim) key(ctx context.Context, keys ...string) func() error {
	return func() error { return g.act(ctx, g.dialog, func() error { return g.keys(ctx, keys...) }) }
}

func (g *gajim) opens(ctx context.Context, title string) func() error {
	return func() (err error) { g.dialog, err = g.window(ctx, title); return err }
}

func (g *gajim) pictured(ctx context.Context, name string) func() error {
	return func() error { return g.shot(ctx, g.dialog, name) }
}

// commands opens the list of the desk's commands from the contact list.
func (g *gajim) commands(ctx context.Context) error {
	return each(
		g.opens(ctx, "^Gajim$"),
		g.presses(ctx, 150, 180, 3),                                 // the desk's menu
		func() error { return g.click(ctx, g.dialog, 235, 165, 1) }, // Execute Command…
		g.opens(ctx, "^Command List$"),
	)
}

// chooses returns an action for later: it chooses a command by its place in the list, which is longer than the window.
func (g *gajim) chooses(ctx context.Context, row int) func() error {
	return func() error {
		return each(g.presses(ctx, 138, 84, 1), g.key(ctx, slices.Repeat([]string{"Down"}, row)...))
	}
}

// command asks for one's statistics, and fills in a form.
func (g *gajim) command(ctx context.Context) error {
	row, err := g.row("canned-add")
	if err != nil {
		return err
	}
	return each(
		func() error { return g.stats(ctx) },
		g.opens(ctx, "^Gajim$"),
		g.presses(ctx, 35, -32, 1), // the user's own picture opens the contact list
		func() error { return g.commands(ctx) },
		g.chooses(ctx, row), // Stored answers: Store an answer, or change it
		g.pictured(ctx, "commands"),
		g.presses(ctx, -68, -41, 1), // Execute
		g.opens(ctx, "^Stage$"),
		g.presses(ctx, 348, 202, 1), // One word
		g.typed(ctx, "open"),
		g.presses(ctx, 348, 282, 1), // The answer
		g.typed(ctx, opening),
		g.pictured(ctx, "form"),
		g.presses(ctx, -74, -41, 1), // Complete
		g.opens(ctx, "^Completed$"),
		g.pictured(ctx, "result"),
		func() error { return g.keys(ctx, "Escape") }, // closes the result
	)
}

// forms changes an operator with a form of two steps: whom, and then the whole record.
func (g *gajim) forms(ctx context.Context, _ *office) error {
	row, err := g.row("operator-edit")
	if err != nil {
		return err
	}
	return each(
		g.opens(ctx, "^Gajim$"),
		g.presses(ctx, 35, -32, 1), // to the contact list
		func() error { return g.commands(ctx) },
		g.chooses(ctx, row),
		g.presses(ctx, -68, -41, 1), // Execute
		g.opens(ctx, "^Stage$"),     // Whom: Xavi
		g.presses(ctx, -57, -41, 1), // Next
		g.presses(ctx, 376, 298, 1), // About
		g.typed(ctx, "Knows all about lamps"),
		g.pictured(ctx, "edit"),
		g.presses(ctx, -74, -41, 1), // Complete
		g.opens(ctx, "^Completed$"),
		g.pictured(ctx, "edited"),
	)
}
