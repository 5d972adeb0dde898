package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"porchlight/bridge"
	"porchlight/config"
	"porchlight/demo"
	"porchlight/demo/console"
	"porchlight/demo/mailbox"
	"porchlight/demo/sample"
	"porchlight/demo/shop"
	"porchlight/demo/xmppd"
)

func demoCommand(ctx context.Context, e *env, args []string) error {
	var o demo.Options
	f := flags(e, "demo")
	o.Flags(f)
	if err := parse(f, args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP) // comes when the demo's terminal is closed
	defer stop()
	dir, clean, err := demoDir(o.Dir)
	if err != nil {
		return err
	}
	defer clean()
	logFile, err := os.OpenFile(filepath.Join(dir, "porchlight.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	defer logFile.Close()
	log := slog.New(slog.NewTextHandler(logFile, nil)) // the terminal belongs to the chat
	if o.NoConsole {
		log = slog.New(slog.NewTextHandler(e.stderr, nil))
	}
	return runDemo(ctx, e, o, dir, log)
}

// demoDir returns the folder that keeps the demo's state. clean removes the folder if it is a
// temporary one.
func demoDir(wanted string) (dir string, clean func(), err error) {
	if wanted != "" {
		return wanted, func() {}, os.MkdirAll(wanted, 0o755)
	}
	dir, err = os.MkdirTemp("", "porchlight-demo-")
	return dir, func() { os.RemoveAll(dir) }, err
}

func runDemo(ctx context.Context, e *env, o demo.Options, dir string, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	secret := rand.Text()
	server, err := xmppd.Start(ctx, xmppd.Config{Kind: o.Server, Dir: dir, ClientAddr: o.XMPP, Host: demo.Host,
		Component: demo.Domain, Secret: secret, Accounts: demo.Accounts(), Log: log})
	if err != nil {
		return err
	}
	defer server.Stop()
	post, err := mailbox.Start(mailbox.Config{Address: demo.Support, User: demo.Mailbox, Password: demo.Password,
		SMTP: "127.0.0.1:2525", IMAP: "127.0.0.1:1143", Log: log})
	if err != nil {
		return err
	}
	defer post.Close()
	cfg, err := demoConfig(e, o, dir, secret, server.ComponentAddr(), post)
	if err != nil {
		return err
	}
	talk := make(chan error, 1)
	p, err := build(ctx, cfg, e, parts{
		log: log, home: demoSites(post),
		prepare: func(ctx context.Context, store bridge.Store, opts bridge.Options) error {
			return demoTeam(ctx, store, opts, o)
		},
		ready: func(ctx context.Context, _ net.Addr) {
			awaitMailbox(ctx, cfg, post)
			err := demo.Banner(e.stdout, demo.Places{Web: cfg.Web.PublicURL + "/", XMPP: server.ClientAddr(), SMTP: post.SMTPAddr(), IMAP: post.IMAPAddr()})
			if err != nil {
				log.Error("print banner", "err", err)
			}
			if o.NoConsole {
				close(talk)
				return
			}
			go func() {
				defer close(talk)
				talk <- console.Run(ctx, console.Config{Addr: server.ClientAddr(), JID: demo.SuperOperator, Password: demo.Password,
					Desk: demo.Desk, In: e.stdin, Out: e.stdout, Log: log})
			}()
		},
	})
	if err != nil {
		return err
	}
	gone := make(chan error, 1)
	go func() {
		select {
		case <-ctx.Done():
			gone <- nil
		case err := <-server.Done():
			gone <- fmt.Errorf("the XMPP server ended: %w", err)
			cancel()
		}
	}()
	err = p.run(ctx)
	cancel()
	return errors.Join(err, <-talk, <-gone)
}

// demoSites serves what is not porchlight's: the shop, and the mail below /mail.
func demoSites(post *mailbox.Servers) http.Handler {
	mux := http.NewServeMux()
	mails := post.Handler()
	mux.Handle("/mail", mails)
	mux.Handle("/mail/", mails)
	mux.Handle("/", shop.Handler(""))
	return mux
}

// mailboxURL is the demo's own mailbox as the config names it.
func mailboxURL(post *mailbox.Servers) string {
	return "imap+insecure://" + demo.Mailbox + ":" + demo.Password + "@" + post.IMAPAddr()
}

// awaitMailbox waits until porchlight reads the demo's own mailbox, since it does not read mail that was there before.
// It waits for a few seconds at most, and not at all if the user's config names another mailbox.
func awaitMailbox(ctx context.Context, cfg config.Config, post *mailbox.Servers) {
	if cfg.Email.IMAP.Reveal() != mailboxURL(post) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	select {
	case <-post.Opened():
	case <-ctx.Done():
	}
}

// settingEntered says in the database that operators were entered into it.
const settingEntered = "operators_entered"

// demoTeam puts the demo's departments and operators into the database at its first start, and the sample
// if it is wanted. Later starts leave everything as the desk's commands have made it.
func demoTeam(ctx context.Context, store bridge.Store, opts bridge.Options, o demo.Options) error {
	err := store.Update(ctx, func(tx bridge.Tx) error {
		entered, err := tx.Setting(settingEntered)
		if err != nil || entered != "" {
			return err
		}
		if err := enter(tx, opts.Clock.Now()); err != nil {
			return err
		}
		return tx.SaveSetting(settingEntered, "yes")
	})
	if err != nil {
		return fmt.Errorf("enter operators: %w", err)
	}
	if !o.Sample {
		return nil
	}
	err = sample.Make(ctx, store, opts)
	if errors.Is(err, sample.ErrNotEmpty) {
		return fmt.Errorf("--sample fills a folder that has no conversations, but %s has some; choose another --dir, or leave --sample out", o.Dir)
	}
	return err
}

// enter stores the demo's departments and operators, except for those that are there already: folders of
// earlier versions have operators.
func enter(tx bridge.Tx, now time.Time) error {
	departments, err := tx.Departments()
	if err != nil {
		return err
	}
	for name, title := range demo.Departments() {
		if slices.ContainsFunc(departments, func(k bridge.Department) bool { return k.Name == name }) {
			continue
		}
		if err := tx.SaveDepartment(bridge.Department{Name: name, Title: title}); err != nil {
			return err
		}
	}
	known, err := tx.Operators()
	if err != nil {
		return err
	}
	for _, o := range []bridge.Operator{
		{JID: demo.SuperOperator, Name: "Xavi", Enabled: true, CreatedAt: now},
		{JID: demo.Operator, Name: "Olga", Enabled: true, Departments: bridge.Circle{"sales", "support"}, CreatedAt: now},
	} {
		if slices.ContainsFunc(known, func(k bridge.Operator) bool { return k.JID == o.JID }) {
			continue
		}
		if err := tx.SaveOperator(o); err != nil {
			return err
		}
	}
	return nil
}

// demoConfig is the demo's configuration; the user's own config wins over it. Limits per client
// address are off, because all visitors of the demo share one address.
func demoConfig(e *env, o demo.Options, dir, secret, component string, post *mailbox.Servers) (config.Config, error) {
	web, err := xmppd.FreeAddr(o.Web)
	if err != nil {
		return config.Config{}, err
	}
	c := config.Default()
	c.SuperOperators = []string{demo.SuperOperator}
	c.XMPP.Domain, c.XMPP.Secret, c.XMPP.Server, c.XMPP.Rooms = demo.Domain, config.NewSecret(secret), component, demo.Rooms
	c.Web.Listen, c.Web.PublicURL = web, "http://"+web
	c.Store.Path = filepath.Join(dir, "porchlight.db")
	c.Email.From = "Porchlight Demo <" + demo.Support + ">"
	c.Email.SMTP, c.Email.IMAP = config.NewSecret("smtp+insecure://"+post.SMTPAddr()), config.NewSecret(mailboxURL(post))
	c.Limits.OffersAtOnce = 0 // whoever tries the demo makes requests in a hurry
	c.Limits.ConversationsPerMinute, c.Limits.MessagesPerMinute, c.Limits.RequestsPerMinute = 0, 0, 0
	c.Limits.ConnectionsPerAddress, c.Limits.UploadsPerAddress, c.Limits.StreamsPerAddress = 0, 0, 0
	return c.Overlay(o.Config, e.environ)
}
