package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/operator"
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
			_, err := t.tmux(ctx, "new-session", "-d", "-x", "120", "-y", "200", "env", "HOME="+home, "profanity")
			return err
		},
	)
	if err != nil {
		return nil, err
	}
	return t, t.shows(ctx, "Profanity logs in", "Support desk")
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

// shows waits for some texts, wherever lines are broken. A program that ends takes the terminal with it.
func (t *terminal) shows(ctx context.Context, what string, texts ...string) error {
	last, missing := []byte("nothing"), ""
	err := until(ctx, what, func() (bool, error) {
		now, err := t.tmux(ctx, "capture-pane", "-p")
		if err != nil {
			return false, fmt.Errorf("%s: Profanity has ended: %w", what, err)
		}
		last = now
		shown := oneLine(string(now))
		i := slices.IndexFunc(texts, func(text string) bool { return !strings.Contains(shown, oneLine(text)) })
		if i >= 0 {
			missing = texts[i]
		}
		return i < 0, nil
	})
	if err != nil {
		return errors.Join(err, fmt.Errorf("%q is missing; the terminal shows\n%s", missing, last))
	}
	return t.record(what, last)
}

// oneLine is a text without line breaks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// record keeps what the terminal showed beside the home, for whoever wants to look at it (-keep).
func (t *terminal) record(what string, shown []byte) error {
	f, err := os.OpenFile(filepath.Join(filepath.Dir(t.home), "forms.txt"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "=== %s\n%s\n", what, bytes.TrimRight(shown, "\n "))
	return errors.Join(err, f.Close())
}

// forms opens each form of each declared command, the second step of those that have one, too: those of the desk, and those of
// a visitor whom the operator talks to. Profanity must show everything that the form has, and must not crash.
func (p *profanity) forms(ctx context.Context, f *office) error {
	if err := f.people(ctx); err != nil {
		return fmt.Errorf("bring visitors: %w", err)
	}
	t, err := newTerminal(ctx, p.screen)
	if err != nil {
		return err
	}
	list := f.menu()
	for _, c := range list {
		if err := t.opens(ctx, f.x, c); err != nil {
			return err
		}
	}
	fmt.Printf("profanity: %d commands with forms opened\n", len(list))
	return t.edits(ctx)
}

// edits changes an operator with a form of two steps: whom, and then the whole record. Then it sets hours, in a time zone
// that the form's list does not have.
func (t *terminal) edits(ctx context.Context) error {
	return each(
		func() error { return t.says(ctx, "/cmd exec operator-edit "+demo.Desk) },
		func() error { return t.shows(ctx, "the first step", "Whom") },
		func() error { return t.says(ctx, "/field1 olga@localhost") },
		func() error { return t.says(ctx, "/form submit") },
		func() error { return t.shows(ctx, "the second step", "At most at once") },
		func() error { return t.says(ctx, "/field9 3") }, // Profanity counts the headings, too
		func() error { return t.says(ctx, "/form submit") },
		func() error { return t.says(ctx, "/msg "+demo.Desk) },
		func() error { return t.shows(ctx, "the answer", "Olga: limit none → 3.") },
		func() error { return t.says(ctx, "/cmd exec hours-set "+demo.Desk) },
		func() error { return t.shows(ctx, "the first step about hours", "Whose hours") },
		func() error { return t.says(ctx, "/form submit") },
		func() error {
			return t.shows(ctx, "the list of time zones and the field beside it", "if it is not in the list")
		},
		func() error { return t.says(ctx, "/field1 9-17") },
		func() error { return t.says(ctx, "/field10 Asia/Kathmandu") },
		func() error { return t.says(ctx, "/form submit") },
		func() error { return t.says(ctx, "/msg "+demo.Desk) },
		func() error { return t.shows(ctx, "the hours", "Mon 9:00–17:00") },
		func() error { return t.shows(ctx, "their time zone", "Asia/Kathmandu, next") },
	)
}

// opens opens a form and the one behind it, leaves it, and checks that Profanity still follows commands. What the forms have is
// asked for beside Profanity.
func (t *terminal) opens(ctx context.Context, x *operator.Client, c menuItem) error {
	what := "the form " + c.Name + " of " + c.at
	form, err := first(x, c)
	if err != nil {
		return err
	}
	todo := []func() error{
		func() error { return t.says(ctx, "/cmd exec "+c.Name+" "+c.at) },
		func() error { return t.showsForm(ctx, form, what) },
	}
	if c.Steps() == 2 {
		var fields []string
		if value := needed[c.Name]; value != "" {
			fields = append(fields, c.Fields[0].Name+"="+value)
			todo = append(todo, func() error { return t.says(ctx, "/field1 "+value) })
		}
		second, err := step(x, c.at, c.Name, filledIn(form, fields...))
		if err != nil {
			return err
		}
		todo = append(todo, func() error { return t.says(ctx, "/form submit") },
			func() error { return t.showsForm(ctx, second.Child(nsData, "x"), "the second step of "+what) })
	}
	return each(append(todo,
		func() error { return t.says(ctx, "/form cancel") },
		func() error { return t.says(ctx, "/msg "+demo.Desk) },
		func() error { return t.says(ctx, "/clear") },
		func() error { return t.says(ctx, "still here after "+c.Name) },
		func() error { return t.shows(ctx, "a line after "+what, "still here after "+c.Name) },
	)...)
}

// first is the first form of a command.
func first(x *operator.Client, c menuItem) (*stream.Element, error) {
	answer, err := step(x, c.at, c.Name, nil)
	if err != nil {
		return nil, err
	}
	if form := answer.Child(nsData, "x"); form != nil {
		return form, nil
	}
	return nil, fmt.Errorf("%s of %s has no form here: %s", c.Name, c.at, answer.Append(nil))
}

// showsForm waits until Profanity shows a form with its title, its headings and all its labels.
func (t *terminal) showsForm(ctx context.Context, form *stream.Element, what string) error {
	texts := []string{form.ChildText(nsData, "title"), "Use '/form submit' to save changes."}
	for field := range form.All(nsData, "field") {
		switch label := field.Get("label"); {
		case field.Get("type") == "fixed":
			texts = append(texts, field.ChildText(nsData, "value"))
		case field.Get("type") == "hidden":
		case label == "":
			return fmt.Errorf("%s: the field %s has no label", what, field.Get("var"))
		default:
			texts = append(texts, label)
		}
	}
	return t.shows(ctx, what, texts...)
}
