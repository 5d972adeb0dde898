package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/email"
	"porchlight/email/dkim"
	"porchlight/email/imap"
	"porchlight/email/smtp"
)

// mail says whether the relay takes our mail and whether the mailbox can be read, and which records
// the DNS has to have so that our mail is believed. It sends nothing, and changes nothing in the mailbox.
func (c *checker) mail(ctx context.Context) {
	if c.cfg.Email.SMTP.Reveal() == "" {
		c.ok("SMTP", "off")
		if c.cfg.Email.IMAP.Reveal() != "" || len(c.cfg.Email.Mailboxes) > 0 {
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
		senders := c.senders(post)
		for _, from := range senders {
			c.relay(ctx, relay, from)
		}
		for i, from := range senders {
			if !slices.ContainsFunc(senders[:i], func(earlier string) bool { return sameDomain(earlier, from) }) {
				c.records(from, relay.Addr)
			}
		}
	}
	if c.cfg.Email.IMAP.Reveal() == "" {
		c.ok("IMAP", "off: what visitors answer by mail goes to %s and is not read by porchlight", post.Addresses("").Support)
	}
	list, err := mailboxes(c.cfg)
	if err != nil {
		c.fail("IMAP", "%v", err)
		return
	}
	for _, m := range list {
		c.mailbox(ctx, m)
	}
}

// senders lists the addresses from which mail goes, each once.
func (c *checker) senders(post *email.Post) []string {
	addresses := post.Addresses("")
	list := []string{addresses.Support}
	for _, m := range c.cfg.Email.Mailboxes {
		if from := addresses.Of(m.Department); !slices.Contains(list, from) {
			list = append(list, from)
		}
	}
	return list
}

// sameDomain reports whether two addresses are of one domain.
func sameDomain(a, b string) bool {
	return strings.EqualFold(a[strings.LastIndexByte(a, '@')+1:], b[strings.LastIndexByte(b, '@')+1:])
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

// mailbox opens a mailbox.
func (c *checker) mailbox(ctx context.Context, m email.Mailbox) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	of := ""
	if m.Department != "" {
		of = " of the department " + m.Department
	}
	found, err := imap.Check(ctx, m.IMAP)
	if err != nil {
		c.fail("IMAP", "mailbox%s: %v", of, err)
		return
	}
	news := "it says at once that mail has come (IDLE)"
	if !found.Idle {
		news = "it has no IDLE, so it is asked for mail again and again"
	}
	c.ok("IMAP", "%s%s: %d mails, logged in by %s, %s", m.IMAP.Server, of, found.Mails, cmp.Or(found.Mechanism, "nothing"), news)
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
