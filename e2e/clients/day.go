package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// said is a line of the operator's, with a part of what is answered to it.
type said struct{ line, want string }

// workday is the rest of a working day in one client. What is answered is read beside the client, by another client of the same operator.
type workday struct {
	*office
	*screen
	app
	opener
	beside *operator.Client
}

// day plays the rest of a working day: the operator takes whoever has waited longest, looks around at the desk, keeps this and that
// with the visitor, puts her off, and answers a colleague. How it looks somebody has to look at (-look).
func day(ctx context.Context, f *office, s *screen, a app, o opener) error {
	name, host, _ := strings.Cut(demo.SuperOperator, "@")
	beside, err := operator.Login(f.xmpp, host, name, demo.Password, "beside", "")
	if err != nil {
		return err
	}
	defer beside.Close(true)
	d := &workday{office: f, screen: s, app: a, opener: o, beside: beside}
	return each(
		func() error { return f.visit(ctx, "/cart", "Your cart – The Lamp Shop") },
		func() error { return d.rosa(ctx) },
		func() error { return d.ida(ctx) },
	)
}

// rosa is the day's first half: Rosa's request is taken.
func (d *workday) rosa(ctx context.Context) error {
	rosa, err := d.comes(ctx, nil, "Rosa", question)
	if err != nil {
		return err
	}
	return each(
		func() error { return d.heard(demo.Desk, fmt.Sprintf("#%d Rosa", rosa.Number)) },
		func() error { return d.newest(ctx, demo.Desk) },
		func() error { return d.glance(ctx, d.front(), "link") },
		func() error {
			return d.lines(ctx, demo.Desk, said{"queue", "Rosa"}, said{"next", "is yours"}, said{"mine", "Yours: "}, said{"visitors", "on the site"}, said{"search lamp", "Found"},
				said{"settings form", "fields = "}, said{"operators", "operators, "}, said{"department-edit support first=10m next=5m", "Back: "})
		},
		func() error { return d.meets(ctx, rosa) },
		func() error {
			return d.lines(ctx, rosa.Visitor, said{"!set phone +34 600 000 000", "Back: "}, said{"!tag refund vip", "#refund"}, said{"!info", "Phone: "}, said{"!later 2h", "is put off until "})
		},
	)
}

// ida is the second half: Olga, who talks to Ida, asks Xavi, who answers, and reads along.
func (d *workday) ida(ctx context.Context) error {
	ida, err := d.asked(ctx, "Ida")
	if err != nil {
		return err
	}
	n := ida.Number
	return each(
		func() error { return d.heard(demo.Desk, fmt.Sprintf("Olga asks you about #%d", n)) },
		func() error { return d.newest(ctx, demo.Desk) },
		func() error {
			return d.lines(ctx, demo.Desk, said{fmt.Sprintf("answer %d We do, in a week.", n), "was passed on"}, said{"export Rosa", "1 conversation"},
				said{"erase Anna", "1 conversation"}, said{fmt.Sprint("watch ", n), "You watch"})
		},
		func() error { return d.meets(ctx, ida) },
		func() error { return d.glance(ctx, d.front(), "watched") },
	)
}

// meets lets something come to a visitor's chat, and opens it.
func (d *workday) meets(ctx context.Context, c *visitor.Conversation) error {
	return each(
		func() error { _, err := c.Write(ctx, rand.Text(), "Are you there?"); return err },
		func() error { return d.heard(c.Visitor, "Are you there?") },
		func() error { return d.newest(ctx, c.Visitor) },
	)
}

// lines says one line after the other in the chat that is open, waits for what is answered, and takes a look at it.
func (d *workday) lines(ctx context.Context, at string, list ...said) error {
	for _, l := range list {
		d.beside.Forget()
		err := d.act(ctx, d.front(), func() error {
			return each(func() error { return d.say(ctx, l.line) }, func() error { return d.heard(at, l.want) })
		})
		if err != nil {
			return fmt.Errorf("%q: %w", l.line, err)
		}
		word, _, _ := strings.Cut(strings.TrimPrefix(l.line, "!"), " ")
		if err := d.glance(ctx, d.front(), word); err != nil {
			return err
		}
	}
	return nil
}

// heard waits until the desk or a visitor has said something.
func (d *workday) heard(from, text string) error {
	_, err := d.beside.Expect(text, operator.Body(from, text), stepLimit)
	return err
}
