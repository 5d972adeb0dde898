package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"

	"porchlight/demo"
)

//go:embed profiles/converse.html
var conversePage string

// converseVersion is the version that is fetched. The places to click at are right for it alone.
const converseVersion = "14.0.0"

// chromiumPreferences leave the window's frame to the window manager, and switch off the questions
// about notifications and the password.
const chromiumPreferences = `{"browser": {"custom_chrome_frame": false}, "credentials_enable_service": false,
	"profile": {"default_content_setting_values": {"notifications": 2}}}`

// converse is Converse in a Chromium that shows nothing else.
type converse struct {
	*screen
	*world
	win string
}

// converseFolder is where Converse is kept between two runs.
func converseFolder() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "porchlight", "converse.js-"+converseVersion), err
}

// fetchConverse gets Converse by npm, since Debian has no package of it, unless it was fetched
// before.
func fetchConverse(ctx context.Context) error {
	folder, err := converseFolder()
	if err != nil {
		return err
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(folder), "fetch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, args := range [][]string{
		{"npm", "pack", "--silent", "converse.js@" + converseVersion},
		{"tar", "-xzf", "converse.js-" + converseVersion + ".tgz", "package/dist"},
	} {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w: %s", args, err, out)
		}
	}
	return os.Rename(filepath.Join(dir, "package"), folder)
}

// serve serves Converse's files until ctx ends, and returns their address.
func (c *converse) serve(ctx context.Context) (string, error) {
	folder, err := converseFolder()
	if err != nil {
		return "", err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	mux := http.NewServeMux()
	mux.Handle("/dist/", http.FileServer(http.Dir(folder)))
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, fmt.Sprintf(conversePage, c.socket)) })
	s := &http.Server{Handler: mux}
	context.AfterFunc(ctx, func() { s.Close() })
	go s.Serve(l)
	return "http://" + l.Addr().String() + "/", nil
}

func (c *converse) start(ctx context.Context) error {
	page, err := c.serve(ctx)
	if err != nil {
		return fmt.Errorf("serve Converse: %w", err)
	}
	return each(
		func() error { return c.write(".config/chromium/Default/Preferences", chromiumPreferences) },
		func() error {
			return c.run(ctx, "chromium", "--no-sandbox", "--test-type", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
				"--disable-component-update", "--disable-sync", "--disable-features=Translate", "--lang=en", "--app="+page)
		},
		func() (err error) { c.win, err = c.window(ctx, "^Converse$"); return err },
		func() error { return c.place(ctx, c.win, 900, 560) },
		c.fill(ctx, 440, 303, demo.SuperOperator),
		c.fill(ctx, 440, 381, demo.Password),
		c.does(ctx, func() error { return c.keys(ctx, "Return") }),
		func() error { return c.onDuty(ctx, 1) },
	)
}

// does returns an action for later: it does one thing after the other, and waits until the window
// has changed. at presses a place, fill also types a text there.
func (c *converse) does(ctx context.Context, todo ...func() error) func() error {
	return func() error { return c.act(ctx, c.win, func() error { return each(todo...) }) }
}

func (c *converse) at(ctx context.Context, x, y int) func() error {
	return c.does(ctx, func() error { return c.click(ctx, c.win, x, y, 1) })
}

func (c *converse) fill(ctx context.Context, x, y int, text string) func() error {
	return c.does(ctx, func() error { return c.click(ctx, c.win, x, y, 1) }, func() error { return c.text(ctx, text) })
}

func (c *converse) front() string { return c.win }

// unread opens the uppermost chat with unread messages.
func (c *converse) unread(ctx context.Context) func() error { return c.at(ctx, 130, 223) }

// box puts the cursor into the field for messages.
func (c *converse) box(ctx context.Context) func() error { return c.at(ctx, 600, 525) }

func (c *converse) desk(ctx context.Context) error { return each(c.unread(ctx), c.box(ctx)) }

func (c *converse) take(ctx context.Context, number string) error { return c.say(ctx, number) }

// conversation opens the chat, and dismisses the question whether the visitor shall be a contact.
func (c *converse) conversation(ctx context.Context, _ string) error {
	return each(c.unread(ctx), c.at(ctx, 644, 137), c.box(ctx))
}
