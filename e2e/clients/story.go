package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"porchlight/demo"
	"porchlight/e2e/operator"
	"porchlight/e2e/visitor"
)

// app is a client that is driven as its user drives it. All its methods return when the window
// shows the effect.
type app interface {
	// start starts the client with a fresh profile, and waits until its user is on duty.
	start(ctx context.Context) error
	// front is the window that the pictures show.
	front() string
	// desk opens the chat with the desk, after an offer has come.
	desk(ctx context.Context) error
	// take takes the newest offer, whose number is given.
	take(ctx context.Context, number string) error
	// conversation opens the chat with the visitor who came last.
	conversation(ctx context.Context, jid string) error
	// command stores an answer, with the client's own form if it shows forms.
	command(ctx context.Context) error
}

// opener is a client in which the chat can be opened to which the latest message has come, with the desk or a visitor of the address.
type opener interface {
	newest(ctx context.Context, jid string) error
}

// former is a client in which every form can be opened.
type former interface {
	forms(ctx context.Context, f *office) error
}

// The words that the people of the story say.
const (
	question = "Does the brass lamp fit a 60 mm pipe?"
	answer   = "It does, up to 63 mm. The ring is in the box."
	thanks   = "Great, then I'll order it. Thank you!"
	opening  = "We are here from 9 to 5."
)

func ask(ctx context.Context, w *world, name, reason, path, title string) (*visitor.Conversation, error) {
	return w.visitors.Ask(ctx, visitor.Inquiry{Name: name, Reason: reason, Language: "en",
		Page: &visitor.Page{URL: w.visitors.Base + path, Title: title}})
}

// play plays the story.
func play(ctx context.Context, w *world, s *screen, a app) error {
	if err := a.start(ctx); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	if err := colleague(ctx, w, s, a); err != nil {
		return fmt.Errorf("colleague: %w", err)
	}
	if err := own(ctx, w, s, a); err != nil {
		return fmt.Errorf("conversation: %w", err)
	}
	if err := a.command(ctx); err != nil {
		return fmt.Errorf("command: %w", err)
	}
	f, err := newOffice(ctx, w)
	if err != nil {
		return fmt.Errorf("prepare an office: %w", err)
	}
	defer f.close()
	if o, ok := a.(opener); ok {
		if err := day(ctx, f, s, a, o); err != nil {
			return fmt.Errorf("day: %w", err)
		}
	}
	if a, ok := a.(former); ok {
		if err := a.forms(ctx, f); err != nil {
			return fmt.Errorf("forms: %w", err)
		}
	}
	return nil
}

// colleague is the first half of the story: Ben asks, and Olga takes the request.
func colleague(ctx context.Context, w *world, s *screen, a app) error {
	name, host, _ := strings.Cut(demo.Operator, "@")
	olga, err := operator.Login(w.xmpp, host, name, demo.Password, "phone", "")
	if err != nil {
		return err
	}
	defer olga.Close(true)
	got := func(body string) error {
		_, err := olga.Expect(body, operator.Body(demo.Desk, body), stepLimit)
		return err
	}
	return each(
		func() error { return w.onDuty(ctx, 2) },
		func() error {
			return s.act(ctx, a.front(), func() error {
				if _, err := ask(ctx, w, "Ben", "Do you ship to Norway?", "/shipping", "Shipping – The Lamp Shop"); err != nil {
					return err
				}
				return got("#1 Ben")
			})
		},
		func() error { return a.desk(ctx) },
		func() error { return s.shot(ctx, a.front(), "offer") },
		func() error {
			return s.act(ctx, a.front(), func() error {
				if err := olga.Chat(demo.Desk, "take", "1"); err != nil {
					return err
				}
				return got("#1 is yours")
			})
		},
	)
}

// own is the second half: Anna asks, is answered, and the conversation is closed.
func own(ctx context.Context, w *world, s *screen, a app) error {
	var anna *visitor.Conversation
	err := s.act(ctx, a.front(), func() (err error) {
		anna, err = ask(ctx, w, "Anna", question, "/brass", lamp)
		return err
	})
	if err != nil {
		return err
	}
	page, err := anna.Stream(ctx, 0)
	if err != nil {
		return err
	}
	defer page.Close()
	does := func(do func(context.Context, string) error, what string, effect func(visitor.Event) bool) func() error {
		return func() error {
			if err := s.act(ctx, a.front(), func() error { return do(ctx, what) }); err != nil {
				return err
			}
			return heard(page, what, effect)
		}
	}
	return each(
		func() error { return s.shot(ctx, a.front(), "taken") },
		does(a.take, "2", func(e visitor.Event) bool { return e.Type == "operator" && e.Action == "joined" }),
		func() error { return a.conversation(ctx, anna.Visitor) },
		does(s.say, answer, func(e visitor.Event) bool { return e.Type == "message" && e.Text == answer }),
		func() error {
			return s.act(ctx, a.front(), func() error {
				if err := anna.Post(ctx, "/seen", map[string]int64{"seq": page.Last}); err != nil {
					return err
				}
				_, err := anna.Write(ctx, "", thanks)
				return err
			})
		},
		func() error { return s.shot(ctx, a.front(), "conversation") },
		does(s.say, "!close", func(e visitor.Event) bool { return e.Type == "state" && e.State == "closed" }),
	)
}

// heard reads the visitor's page until it shows the effect of something.
func heard(page *visitor.Stream, what string, effect func(visitor.Event) bool) error {
	late := time.AfterFunc(stepLimit, page.Close)
	defer late.Stop()
	if _, err := page.Until(effect); err != nil {
		return fmt.Errorf("wait for the effect of %q: %w", what, err)
	}
	return nil
}
