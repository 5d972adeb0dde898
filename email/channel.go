package email

import (
	"context"
	"log/slog"
	"net/url"
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

// name is the mailbox's URL, with the user if it belongs to a department, since departments may have
// their mailboxes on one server.
func (m Mailbox) name() string {
	text := m.IMAP.Server.String()
	if scheme, rest, ok := strings.Cut(text, "://"); ok && m.Department != "" {
		return scheme + "://" + url.User(m.IMAP.Account.User).String() + "@" + rest
	}
	return text
}

// Options say by which servers mail comes and goes.
type Options struct {
	Relay     smtp.Options
	Mailboxes []Mailbox
	Authserv  string   // the authserv-id of our own mail server (RFC 8601); "": nobody's word on senders counts
	Uploads   *Uploads // nil: operators' files go as links
	PerMinute int      // mails that the relay is asked to take within a minute; 0: no limit
	Log       *slog.Logger
}

// Channel carries mail between its servers and the bridge.
type Channel struct {
	bridge  *bridge.Bridge
	opts    Options
	log     *slog.Logger
	relay   *smtp.Relay
	inboxes map[string]*inbox // by the name under which the store knows it; never changed
	came    chan struct{}     // has room for one: mail has come
	health  health
}

// New prepares a channel; Run opens it.
func New(b *bridge.Bridge, o Options) *Channel {
	c := &Channel{bridge: b, opts: o, log: o.Log, relay: smtp.New(o.Relay), inboxes: make(map[string]*inbox), came: make(chan struct{}, 1)}
	for _, m := range o.Mailboxes {
		c.inboxes[m.name()] = &inbox{Mailbox: m, channel: c, name: m.name()}
	}
	return c
}

// Run carries mail until ctx ends, and then returns nil. It may be called once.
func (c *Channel) Run(ctx context.Context) error {
	var owned sync.WaitGroup
	owned.Go(func() { c.sort(ctx) })
	owned.Go(func() { c.send(ctx) })
	if c.opts.Uploads != nil {
		owned.Go(func() { c.opts.Uploads.Run(ctx) })
	}
	for _, in := range c.inboxes {
		o := in.IMAP
		o.Report, o.Log = in, c.log
		owned.Go(func() {
			if err := imap.New(o, in).Run(ctx); err != nil {
				c.log.Error("read mailbox", "mailbox", in.name, "err", err)
			}
		})
	}
	owned.Wait()
	return nil
}

// department is the department to which a mailbox's mail goes, "" if the mailbox is not read any more.
func (c *Channel) department(mailbox string) string {
	if in := c.inboxes[mailbox]; in != nil {
		return in.Department
	}
	return ""
}

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
