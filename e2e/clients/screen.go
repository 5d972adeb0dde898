package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/mattn/go-sqlite3" // the profiles are SQLite databases
)

const (
	stepLimit = 40 * time.Second // the limit of every wait
	typingGap = "12"             // the time between two keys, in ms
)

// screen is a screen that nobody sees, and the home folder of the clients' user.
type screen struct {
	home     string
	pictures string // the pictures' paths up to the "-" before their names
	looks    string // likewise of those that are only looked at; "": none
	env      []string
	started  []*exec.Cmd
}

// newScreen starts an X server with a window manager and a message bus.
func newScreen(ctx context.Context, dir string) (*screen, error) {
	s := &screen{home: filepath.Join(dir, "home")}
	s.env = []string{"HOME=" + s.home, "XDG_RUNTIME_DIR=" + s.home + "/run", "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TZ=UTC",
		"DBUS_SESSION_BUS_ADDRESS=unix:path=" + s.home + "/run/bus", "NO_AT_BRIDGE=1", "GTK_A11Y=none", "GSK_RENDERER=cairo"}
	for _, gtk := range []string{"gtk-3.0", "gtk-4.0"} { // nothing may blink or glide in a picture
		if err := s.write(".config/"+gtk+"/settings.ini", "[Settings]\ngtk-cursor-blink=0\ngtk-enable-animations=0\n"); err != nil {
			return nil, err
		}
	}
	if err := s.write("run/empty", ""); err != nil {
		return nil, err
	}
	display, number, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer display.Close()
	x := exec.CommandContext(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp")
	x.ExtraFiles = []*os.File{number}
	err = x.Start()
	number.Close()
	if err != nil {
		return nil, fmt.Errorf("start Xvfb: %w", err)
	}
	s.started = append(s.started, x)
	told := make([]byte, 16)
	n, err := display.Read(told)
	if err != nil {
		return nil, fmt.Errorf("read display's number: %w", err)
	}
	s.env = append(s.env, "DISPLAY=:"+strings.TrimSpace(string(told[:n])))
	if err := s.run(ctx, "dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=unix:path="+s.home+"/run/bus"); err != nil {
		return nil, err
	}
	err = until(ctx, "the message bus", func() (bool, error) {
		_, err := os.Stat(s.home + "/run/bus")
		return err == nil, nil
	})
	if err != nil {
		return nil, err
	}
	return s, s.run(ctx, "openbox")
}

// stop ends everything that runs on the screen.
func (s *screen) stop() {
	for i := len(s.started) - 1; i >= 0; i-- {
		s.started[i].Process.Kill()
		s.started[i].Wait()
	}
}

// write writes a file below the home of the clients' user.
func (s *screen) write(name, text string) error {
	file := filepath.Join(s.home, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o600)
}

// database makes an SQLite database below the home.
func (s *screen) database(ctx context.Context, name, statements string) error {
	if err := s.write(name, ""); err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", filepath.Join(s.home, name))
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statements); err != nil {
		return fmt.Errorf("fill %s: %w", name, err)
	}
	return nil
}

// run starts a program as the user nobody, to whom it gives the home first. The program's output
// goes to a file beside the home.
func (s *screen) run(ctx context.Context, name string, args ...string) error {
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return fmt.Errorf("look up who shall run %s: %w", name, err)
	}
	uid, _ := strconv.Atoi(nobody.Uid) // user ids are numbers on Linux
	gid, _ := strconv.Atoi(nobody.Gid)
	err = filepath.WalkDir(s.home, func(file string, _ os.DirEntry, err error) error {
		return errors.Join(err, os.Lchown(file, uid, gid))
	})
	if err != nil {
		return fmt.Errorf("give home away: %w", err)
	}
	log, err := os.Create(filepath.Join(filepath.Dir(s.home), name+".log"))
	if err != nil {
		return err
	}
	defer log.Close() // the process has a descriptor of its own
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.home, s.env, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	s.started = append(s.started, cmd)
	return nil
}

// tool runs one of the tools that act on the screen, and returns its output.
func (s *screen) tool(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = s.env
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, said.Bytes())
	}
	return out, nil
}

func (s *screen) xdotool(ctx context.Context, args ...string) error {
	_, err := s.tool(ctx, "xdotool", args...)
	return err
}

// window waits for a window whose title matches a regular expression, and puts the window in
// front.
func (s *screen) window(ctx context.Context, title string) (id string, err error) {
	err = until(ctx, "window "+title, func() (bool, error) {
		out, _ := s.tool(ctx, "xdotool", "search", "--onlyvisible", "--name", title) // an error means that there is no such window
		id, _, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
		return id != "", ctx.Err()
	})
	if err != nil {
		return "", err
	}
	return id, s.xdotool(ctx, "windowactivate", "--sync", id)
}

// place gives a window its size, in pixels, in the corner of the screen.
func (s *screen) place(ctx context.Context, win string, width, height int) error {
	return s.act(ctx, win, func() error {
		return s.xdotool(ctx, "windowsize", "--sync", win, strconv.Itoa(width), strconv.Itoa(height), "windowmove", win, "0", "0")
	})
}

// say types a line into whatever has the focus.
func (s *screen) say(ctx context.Context, line string) error {
	if err := s.text(ctx, line); err != nil {
		return err
	}
	return s.keys(ctx, "Return")
}

// text types into whatever has the focus, and keys presses keys there.
func (s *screen) text(ctx context.Context, text string) error {
	return s.xdotool(ctx, "type", "--delay", typingGap, "--", text)
}

func (s *screen) keys(ctx context.Context, keys ...string) error {
	return s.xdotool(ctx, append([]string{"key", "--delay", typingGap}, keys...)...)
}

// press presses a mouse button at a place in a window. Negative coordinates count from the right
// and from the bottom. The pointer stays there.
func (s *screen) press(ctx context.Context, win string, x, y, button int) error {
	out, err := s.tool(ctx, "xdotool", "getwindowgeometry", "--shell", win)
	if err != nil {
		return err
	}
	size := map[string]int{}
	for line := range strings.Lines(string(out)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		size[name], _ = strconv.Atoi(value)
	}
	if x < 0 {
		x += size["WIDTH"]
	}
	if y < 0 {
		y += size["HEIGHT"]
	}
	return s.xdotool(ctx, "mousemove", "--window", win, strconv.Itoa(x), strconv.Itoa(y), "click", strconv.Itoa(button))
}

// click presses a mouse button at a place and then takes the pointer away, so that the picture
// shows no tool tip.
func (s *screen) click(ctx context.Context, win string, x, y, button int) error {
	if err := s.press(ctx, win, x, y, button); err != nil {
		return err
	}
	return s.xdotool(ctx, "mousemove", "1279", "899")
}
