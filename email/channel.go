package email

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"porchlight/bridge"
	"porchlight/email/imap"
	"porchlight/email/smtp"
)

// Mailbox is a mailbox that is read.
type Mailbox struct {
	Department string // whose mail it is; "": that of requests that name none
	IMAP       imap.Options
}

// Options say by which servers mail comes and goes.
type Options struct {
	Relay     smtp.Options
	Mailboxes []Mailbox
	Authserv  string // the authserv-id of our own mail server (RFC 8601); "": nobody's word on senders counts
	Log       *slog.Logger
}

// Channel carries mail between its servers and the bridge.
type Channel struct {
	bridge  *bridge.Bridge
	opts    Options
	log     *slog.Logger
	relay   *smtp.Relay
	inboxes map[string]Mailbox
	came    chan struct{} // has room for one: mail has come
	health  health
}

// New prepares a channel; Run opens it.
func New(b *bridge.Bridge, o Options) *Channel {
	c := &Channel{bridge: b, opts: o, log: o.Log, relay: smtp.New(o.Relay), inboxes: make(map[string]Mailbox), came: make(chan struct{}, 1)}
	for _, m := range o.Mailboxes {
		c.inboxes[m.IMAP.Server.String()] = m
	}
	c.health.unread.Store(int64(len(c.inboxes)))
	return c
}

// Run carries mail until ctx ends, and then returns nil. It may be called once.
func (c *Channel) Run(ctx context.Context) error {
	var owned sync.WaitGroup
	owned.Go(func() { c.sort(ctx) })
	owned.Go(func() { c.send(ctx) })
	for name, m := range c.inboxes {
		in := &inbox{channel: c, name: name}
		o := m.IMAP
		o.Report, o.Log = in, c.log
		owned.Go(func() {
			if err := imap.New(o, in).Run(ctx); err != nil {
				c.log.Error("read mailbox", "mailbox", name, "err", err)
			}
		})
	}
	owned.Wait()
	return nil
}

// department is the department to which a mailbox's mail goes.
func (c *Channel) department(mailbox string) string { return c.inboxes[mailbox].Department }

// wakeSorter says that mail has come. It does not wait.
func (c *Channel) wakeSorter() {
	select {
	case c.came <- struct{}{}:
	default:
	}
}

// domain is the domain of an address.
func domain(address string) string {
	_, d, _ := strings.Cut(address, "@")
	return d
}
