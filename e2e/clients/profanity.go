package main

import (
	"context"
	_ "embed"
	"errors"

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

func (p *profanity) start(ctx context.Context) (err error) {
	err = errors.Join(
		p.write(".config/profanity/profrc", profanitySettings),
		p.write(".local/share/profanity/accounts", profanityAccounts),
		p.run(ctx, "xterm", "-T", "Profanity", "-fa", "DejaVu Sans Mono", "-fs", "11", "-geometry", "100x22", "+bc", "-b", "6",
			"-bg", "#1d1f21", "-fg", "#d0d0d0", "-e", "profanity"))
	if err != nil {
		return err
	}
	p.win, err = p.window(ctx, "Profanity|profanity|Console")
	return err
}

func (p *profanity) front() string { return p.win }

// line types a line and waits for what it does.
func (p *profanity) line(ctx context.Context, text string) error {
	return p.act(ctx, p.win, func() error { return p.say(ctx, text) })
}

func (p *profanity) say(ctx context.Context, text string) error {
	return errors.Join(p.text(ctx, text), p.keys(ctx, "Return"))
}

func (p *profanity) desk(ctx context.Context) error { return p.line(ctx, "/msg "+demo.Desk) }

func (p *profanity) conversation(ctx context.Context, jid string) error {
	return p.line(ctx, "/msg "+jid)
}

func (p *profanity) command(ctx context.Context) error {
	for _, text := range []string{"/msg " + demo.Desk, "/cmd exec canned-add " + demo.Desk, "/field1 hours", "/field2 add " + hours} {
		if err := p.line(ctx, text); err != nil {
			return err
		}
	}
	if err := p.shot(ctx, p.win, "form"); err != nil {
		return err
	}
	if err := p.line(ctx, "/form submit"); err != nil {
		return err
	}
	// The console is in front then, and the result is where the command came from.
	if err := p.desk(ctx); err != nil {
		return err
	}
	return p.shot(ctx, p.win, "result")
}
