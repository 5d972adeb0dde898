package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"porchlight/email/smtp/smtptest"
)

// kills returns the ways in which the bridge ends: at any moment, at the moment at which the relay has taken a mail,
// at the moment at which a mail has come, and by a power cut.
func (w *mailWorld) kills(n, cuts int, r *rand.Rand) []fault {
	var all []fault
	again := func(ctx context.Context, down time.Duration) error {
		w.book.broke()
		if err := pause(ctx, down); err != nil {
			return err
		}
		return w.bridge.Start(ctx)
	}
	for i := range n {
		down := time.Duration(10+r.IntN(200)) * time.Millisecond
		all = append(all, fault{"kill the bridge", func(ctx context.Context) error {
			switch i % 3 {
			case 1:
				w.relay.await(ctx)
			case 2:
				w.comes(2_000_000+i, said{from: fmt.Sprintf("k%d@example.net", i)}, support, "")
			}
			w.bridge.Kill()
			return again(ctx, down)
		}})
	}
	for range cuts {
		all = append(all, fault{"cut the power", func(ctx context.Context) error {
			w.relay.await(ctx)
			if err := w.bridge.Cut(func() error { return w.disk.copy(ctx) }); err != nil {
				return err
			}
			if err := w.disk.back(ctx); err != nil {
				return err
			}
			return again(ctx, 0)
		}})
	}
	return all
}

// refusal is an answer of the relay with words of its own.
func refusal(at string, code int, enhanced [3]int, words string) smtptest.Rule {
	return smtptest.Rule{At: at, Fault: smtptest.Refuse, Code: code, Enhanced: enhanced, Text: words}
}

// troubles returns what goes wrong with the relay, the IMAP server and the XMPP link.
func (w *mailWorld) troubles(n int, r *rand.Rand) []fault {
	var all []fault
	add := func(name string, do func(context.Context) error) { all = append(all, fault{name, do}) }
	for i := range n {
		d := time.Duration(300+r.IntN(1200)) * time.Millisecond
		fails := func(rules ...smtptest.Rule) func(context.Context) error {
			return func(ctx context.Context) error { return w.relay.fails(ctx, d, rules...) }
		}
		switch i % 15 {
		case 0:
			add("451 for a recipient", fails(refusal("RCPT", 451, [3]int{4, 7, 1}, "greylisted")))
		case 1:
			add("421 to a sender", fails(refusal("MAIL", 421, [3]int{4, 3, 2}, "too busy")))
		case 2:
			add("452 to a mail", fails(refusal("DATA", 452, [3]int{4, 3, 1}, "disk full")))
		case 3:
			add("550 for a recipient", fails(refusal("RCPT", 550, [3]int{5, 1, 1}, fmt.Sprintf("no such user, refusal-%d.", i))))
		case 4:
			add("554 to a mail", fails(refusal("DATA", 554, [3]int{5, 6, 0}, fmt.Sprintf("I do not like it, refusal-%d.", i))))
		case 5:
			add("530 for us", fails(refusal("MAIL", 530, [3]int{5, 7, 0}, "log in first")))
		case 6:
			add("hang up within a mail", fails(smtptest.Rule{At: "DATA", Fault: smtptest.DropEarly}))
		case 7, 8:
			add("hang up after a mail", fails(smtptest.Rule{At: "DATA", Fault: smtptest.DropLate, Times: 5}))
		case 9:
			at := [...]string{"MAIL", "RCPT", "DATA"}[r.IntN(3)]
			add("stall the relay", func(ctx context.Context) error {
				err := w.relay.fails(ctx, d, smtptest.Rule{At: at, Fault: smtptest.Stall})
				w.relay.now().Hangup()
				w.book.broke()
				return err
			})
		case 10:
			add("restart the relay", func(ctx context.Context) error {
				err := w.relay.restart(ctx, d)
				w.book.broke()
				return err
			})
		case 11, 12:
			add("kick the IMAP session", func(context.Context) error { return w.dovecot.Kick(mailbox) })
		case 13:
			add("restart the IMAP server", func(ctx context.Context) error { return w.away(w.dovecot.Restart) })
		case 14:
			if i%2 == 0 {
				add("cut the XMPP link", func(context.Context) error { w.link.cut(false); return nil })
				continue
			}
			add("number all mails anew", func(context.Context) error {
				return w.away(func() error { return w.dovecot.Renumber(mailbox) })
			})
		}
	}
	return all
}

// away does something for which the IMAP server goes away.
func (w *mailWorld) away(do func() error) error {
	w.present.Lock()
	defer w.present.Unlock()
	return do()
}
