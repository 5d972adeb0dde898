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

// app is a client, driven as its user would. All its methods return when the
// window shows what they did.
type app interface {
	// start starts it with a fresh profile, and logs in.
	start(ctx context.Context) error
	// front is the window that is in the pictures.
	front() string
	// desk opens the chat with the desk, after an offer came.
	desk(ctx context.Context) error
	// conversation opens the chat with the visitor who came last.
	conversation(ctx context.Context, jid string) error
	// say writes into the chat that is open.
	say(ctx context.Context, text string) error
	// command stores an answer, with the client's own form where it has one.
	command(ctx context.Context) error
}

// What the people of the story say.
const (
	question = "Does the brass lamp fit a 60 mm pipe?"
	answer   = "It does, up to 63 mm. The ring is in the box."
	thanks   = "Great, then I'll order it. Thank you!"
	hours    = "We are here from 9 to 5."
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
	if err := w.onDuty(ctx, 1); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	if err := colleague(ctx, w, s, a); err != nil {
		return fmt.Errorf("colleague: %w", err)
	}
	if err := own(ctx, w, s, a); err != nil {
		return fmt.Errorf("conversation: %w", err)
	}
	return a.command(ctx)
}

// colleague is the first half: Ben asks, and Olga takes it.
func colleague(ctx context.Context, w *world, s *screen, a app) error {
	name, host, _ := strings.Cut(demo.Operator, "@")
	olga, err := operator.Login(w.xmpp, host, name, demo.Password, "phone", "")
	if err != nil {
		return err
	}
	defer olga.Close(true)
	if err := w.onDuty(ctx, 2); err != nil {
		return err
	}
	err = s.act(ctx, a.front(), func() error {
		ben, err := ask(ctx, w, "Ben", "Do you ship to Norway?", "/shipping", "Shipping – The Lamp Shop")
		if err != nil {
			return err
		}
		go present(ctx, ben)
		_, err = olga.Expect("offer", operator.Body(demo.Desk, "#1 Ben"), stepLimit)
		return err
	})
	if err != nil {
		return err
	}
	if err := a.desk(ctx); err != nil {
		return err
	}
	if err := s.shot(ctx, a.front(), "offer"); err != nil {
		return err
	}
	return s.act(ctx, a.front(), func() error {
		if err := olga.Chat(demo.Desk, "take", "1"); err != nil {
			return err
		}
		_, err := olga.Expect("success", operator.Body(demo.Desk, "#1 is yours"), stepLimit)
		return err
	})
}

// present has a visitor's page open as long as ctx lasts.
func present(ctx context.Context, v *visitor.Conversation) {
	if page, err := v.Stream(ctx, 0); err == nil {
		for err == nil {
			_, err = page.Next()
		}
		page.Close()
	}
}

// own is the second half: Anna asks, and is answered.
func own(ctx context.Context, w *world, s *screen, a app) error {
	var anna *visitor.Conversation
	err := s.act(ctx, a.front(), func() (err error) {
		anna, err = ask(ctx, w, "Anna", question, "/brass", "Brass lamp – The Lamp Shop")
		return err
	})
	if err != nil {
		return err
	}
	if err := s.shot(ctx, a.front(), "taken"); err != nil {
		return err
	}
	page, err := anna.Stream(ctx, 0)
	if err != nil {
		return err
	}
	defer page.Close()
	if err := s.act(ctx, a.front(), func() error { return a.say(ctx, "2") }); err != nil {
		return err
	}
	if err := heard(page, func(e visitor.Event) bool { return e.Type == "operator" && e.Action == "joined" }); err != nil {
		return fmt.Errorf("take: %w", err)
	}
	if err := a.conversation(ctx, anna.Visitor); err != nil {
		return err
	}
	if err := s.act(ctx, a.front(), func() error { return a.say(ctx, answer) }); err != nil {
		return err
	}
	if err := heard(page, func(e visitor.Event) bool { return e.Type == "message" && e.Text == answer }); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	err = s.act(ctx, a.front(), func() error {
		if err := anna.Post(ctx, "/seen", map[string]int64{"seq": page.Last}); err != nil {
			return err
		}
		_, err := anna.Write(ctx, "thanks", thanks)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.shot(ctx, a.front(), "conversation"); err != nil {
		return err
	}
	if err := s.act(ctx, a.front(), func() error { return a.say(ctx, "!close") }); err != nil {
		return err
	}
	if err := heard(page, func(e visitor.Event) bool { return e.Type == "state" && e.State == "closed" }); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return s.shot(ctx, a.front(), "closed")
}

// heard reads the visitor's page until it shows something.
func heard(page *visitor.Stream, what func(visitor.Event) bool) error {
	late := time.AfterFunc(stepLimit, page.Close)
	defer late.Stop()
	_, err := page.Until(what)
	return err
}
