package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"porchlight/demo"
)

// terminal is Profanity in a terminal whose text can be read; the text of a window can't.
type terminal struct {
	*screen
	socket string
}

// newTerminal starts a further Profanity, with a profile of its own.
func newTerminal(ctx context.Context, s *screen) (*terminal, error) {
	t := &terminal{screen: s, socket: filepath.Join(s.home, "run/tmux")}
	home := filepath.Join(s.home, "forms")
	err := each(
		func() error { return s.write("forms/.config/profanity/profrc", profanitySettings) },
		func() error {
			return s.write("forms/.local/share/profanity/accounts", strings.Replace(profanityAccounts, "resource=profanity", "resource=forms", 1))
		},
		func() error {
			return s.run(ctx, "tmux", "-S", t.socket, "-D", "-f", "/dev/null")
		},
		func() error {
			return until(ctx, "the terminal", func() (bool, error) {
				_, err := os.Stat(t.socket)
				return err == nil, nil
			})
		},
		func() error {
			_, err := t.tmux(ctx, "new-session", "-d", "-x", "120", "-y", "60", "env", "HOME="+home, "profanity")
			return err
		},
	)
	if err != nil {
		return nil, err
	}
	return t, t.shows(ctx, "Support desk", "Profanity logs in")
}

func (t *terminal) tmux(ctx context.Context, args ...string) ([]byte, error) {
	return t.tool(ctx, "tmux", append([]string{"-S", t.socket}, args...)...)
}

// says types a line into the terminal.
func (t *terminal) says(ctx context.Context, line string) error {
	if _, err := t.tmux(ctx, "send-keys", "-l", "--", line); err != nil {
		return err
	}
	_, err := t.tmux(ctx, "send-keys", "Enter")
	return err
}

// shows waits for a text. A program that ends takes the terminal with it.
func (t *terminal) shows(ctx context.Context, text, what string) error {
	last := []byte("nothing")
	err := until(ctx, what, func() (bool, error) {
		now, err := t.tmux(ctx, "capture-pane", "-p")
		if err != nil {
			return false, fmt.Errorf("%s: Profanity has ended: %w", what, err)
		}
		last = now
		return strings.Contains(string(now), text), nil
	})
	if err != nil {
		return errors.Join(err, fmt.Errorf("the terminal shows\n%s", last))
	}
	return nil
}

// forms opens each form of the desk, and of a visitor whom the operator talks to. Profanity must
// show each form, and must not crash.
func (p *profanity) forms(ctx context.Context) error {
	x, err := p.lister()
	if err != nil {
		return err
	}
	defer x.Close(false)
	uma, err := ask(ctx, p.world, "Uma", question, "/brass", "Brass lamp – The Lamp Shop")
	if err != nil {
		return err
	}
	if err := x.Chat(uma.Visitor, "hello", answer); err != nil { // takes the request
		return err
	}
	t, err := newTerminal(ctx, p.screen)
	if err != nil {
		return err
	}
	n := 0
	for _, at := range []string{demo.Desk, uma.Visitor} {
		nodes, err := withForms(x, at)
		if err != nil {
			return err
		}
		for _, node := range nodes {
			if err := t.opens(ctx, node, at); err != nil {
				return err
			}
			n++
		}
	}
	fmt.Printf("profanity: %d forms opened\n", n)
	if n < 30 {
		return errors.New("there are more forms than that")
	}
	return t.edits(ctx)
}

// edits changes an operator with a form of two steps: whom, and then the whole record. Then it sets hours, in a time zone
// that the form's list does not have.
func (t *terminal) edits(ctx context.Context) error {
	return each(
		func() error { return t.says(ctx, "/cmd exec operator-edit "+demo.Desk) },
		func() error { return t.shows(ctx, "Whom", "the first step") },
		func() error { return t.says(ctx, "/field1 olga@localhost") },
		func() error { return t.says(ctx, "/form submit") },
		func() error { return t.shows(ctx, "At most at once", "the second step") },
		func() error { return t.says(ctx, "/field9 3") }, // Profanity counts the headings, too
		func() error { return t.says(ctx, "/form submit") },
		func() error { return t.says(ctx, "/msg "+demo.Desk) },
		func() error { return t.shows(ctx, "Olga: limit none → 3.", "the answer") },
		func() error { return t.says(ctx, "/cmd exec hours-set "+demo.Desk) },
		func() error { return t.shows(ctx, "Whose hours", "the first step about hours") },
		func() error { return t.says(ctx, "/form submit") },
		func() error {
			return t.shows(ctx, "if it is not in the list", "the list of time zones and the field beside it")
		},
		func() error { return t.says(ctx, "/field1 9-17") },
		func() error { return t.says(ctx, "/field10 Asia/Kathmandu") },
		func() error { return t.says(ctx, "/form submit") },
		func() error { return t.says(ctx, "/msg "+demo.Desk) },
		func() error { return t.shows(ctx, "Mon 9:00–17:00", "the hours") },
		func() error { return t.shows(ctx, "Asia/Kathmandu, next", "their time zone") },
	)
}

// opens opens a form, leaves it, and checks that Profanity still follows commands.
func (t *terminal) opens(ctx context.Context, node, at string) error {
	what := "the form " + node + " of " + at
	return each(
		func() error { return t.says(ctx, "/cmd exec "+node+" "+at) },
		func() error { return t.shows(ctx, "Use '/form submit' to save changes.", what) },
		func() error { return t.says(ctx, "/form cancel") },
		func() error { return t.says(ctx, "/msg "+demo.Desk) },
		func() error { return t.says(ctx, "/clear") },
		func() error { return t.says(ctx, "still here after "+node) },
		func() error { return t.shows(ctx, "still here after "+node, "a line after "+what) },
	)
}
