package main

import (
	"cmp"
	"context"
	"fmt"

	"porchlight/email/dkim"
	"porchlight/email/imap"
	"porchlight/email/smtp"
)

// mail says whether the relay takes our mail and whether the mailbox can be read, and which records
// the DNS has to have so that our mail is believed. It sends nothing, and changes nothing in the mailbox.
func (c *checker) mail(ctx context.Context) {
	if c.cfg.Email.SMTP.Reveal() == "" {
		c.ok("SMTP", "off")
		if c.cfg.Email.IMAP.Reveal() != "" {
			c.warn("IMAP", "off, because email.smtp is empty: without a relay nothing that comes could be answered")
			return
		}
		c.ok("IMAP", "off")
		return
	}
	post, err := postOf(c.cfg)
	if err != nil {
		c.fail("SMTP", "%v", err)
		return
	}
	relay, err := relayOf(c.cfg)
	if err != nil {
		c.fail("SMTP", "%v", err)
	} else {
		c.relay(ctx, relay, post.Addresses("").Support)
		c.records(post.Addresses("").Support, relay.Addr)
	}
	if c.cfg.Email.IMAP.Reveal() == "" {
		c.ok("IMAP", "off: what visitors answer by mail goes to %s and is not read by porchlight", post.Addresses("").Support)
		return
	}
	c.mailbox(ctx)
}

// relay tries the relay up to the recipient of a mail, which is then not sent.
func (c *checker) relay(ctx context.Context, o smtp.Options, from string) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	o.CommandLimit = checkLimit / 2 // so that the relay's silence is told as such
	found, err := smtp.Check(ctx, o, from)
	if err != nil {
		c.fail("SMTP", "%s: %v. %s", o.Addr, err, smtp.Remedy(o, err))
		return
	}
	c.ok("SMTP", "%s takes mail from %s: %s", o.Addr, from, found)
}

// mailbox opens the mailbox.
func (c *checker) mailbox(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	o, err := mailboxOf(c.cfg)
	if err != nil {
		c.fail("IMAP", "%v", err)
		return
	}
	found, err := imap.Check(ctx, o)
	if err != nil {
		c.fail("IMAP", "%v", err)
		return
	}
	news := "it says at once that mail has come (IDLE)"
	if !found.Idle {
		news = "it has no IDLE, so it is asked for mail again and again"
	}
	c.ok("IMAP", "%s: %d mails, logged in by %s, %s", o.Server, found.Mails, cmp.Or(found.Mechanism, "nothing"), news)
}

// records prints the records for the domain of the sender. Name servers are not asked for them.
func (c *checker) records(from, relay string) {
	key, err := keyOf(c.cfg)
	if err != nil {
		c.fail("DNS", "%v", err)
		return
	}
	list, err := dkim.Records(from, relay, key)
	if err != nil {
		c.fail("DNS", "email.from: %v", err)
		return
	}
	for _, r := range list {
		name := fmt.Sprint(r)
		if r.Value == "" {
			name = r.Name
		}
		c.needs("DNS", "%s (%s)", name, r.Note)
	}
}
