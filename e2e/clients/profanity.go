package main

import (
	"context"
	_ "embed"

	"porchlight/demo"
)

var (
	//go:embed profiles/profrc
	profanitySettings string

	//go:embed profiles/accounts
	profanityAccounts string
)

// profanity is Profanity in a terminal.
type profanity struct {
	*screen
	*world
	win string
}

func (p *profanity) start(ctx context.Context) error {
	return each(
		func() error { return p.write(".config/profanity/profrc", profanitySettings) },
		func() error { return p.write(".local/share/profanity/accounts", profanityAccounts) },
		func() error {
			return p.run(ctx, "xterm", "-T", "Profanity", "-fa", "DejaVu Sans Mono", "-fs", "11", "-geometry", "100x22", "+bc", "-b", "6",
				"-bg", "#1d1f21", "-fg", "#d0d0d0", "-e", "profanity")
		},
		func() (err error) { p.win, err = p.window(ctx, "Profanity|profanity|Console"); return err },
		func() error { return p.onDuty(ctx, 1) },
	)
}

func (p *profanity) front() string { return p.win }

// line types a line and waits until the window has changed.
func (p *profanity) line(ctx context.Context, text string) error {
	return p.act(ctx, p.win, func() error { return p.say(ctx, text) })
}

func (p *profanity) desk(ctx context.Context) error { return p.line(ctx, "/msg "+demo.Desk) }

func (p *profanity) take(ctx context.Context, number string) error { return p.say(ctx, number) }

func (p *profanity) conversation(ctx context.Context, jid string) error {
	return p.line(ctx, "/msg "+jid)
}

// newest does not wait for the window to change: the chat may be in front.
func (p *profanity) newest(ctx context.Context, jid string) error { return p.say(ctx, "/msg "+jid) }

// command fills in the form. After the form was submitted the console is in front, and the result
// is in the window in which the command was given.
func (p *profanity) command(ctx context.Context) error {
	return each(
		func() error { return p.desk(ctx) },
		func() error { return p.line(ctx, "/cmd exec canned-add "+demo.Desk) },
		func() error { return p.line(ctx, "/field1 open") },
		func() error { return p.line(ctx, "/field2 add "+opening) },
		func() error { return p.shot(ctx, p.win, "form") },
		func() error { return p.line(ctx, "/form submit") },
		func() error { return p.desk(ctx) },
		func() error { return p.shot(ctx, p.win, "result") },
	)
}
