package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
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
	if slices.Equal(args, []string{demoNodeArg}) {
		return demoNode(ctx, e)
	}
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
	logs := io.Writer(logFile) // the terminal belongs to the chat
	if o.NoConsole {
		logs = e.stderr
	}
	return runDemo(ctx, e, o, dir, logs)
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

// stage is what a demo has around its porchlight, or its porchlights.
type stage struct {
	e      *env
	o      demo.Options
	at     demoAt
	server *xmppd.Server
	post   *mailbox.Servers
	logs   io.Writer
	log    *slog.Logger
	talk   chan error // closed when the operator in the terminal has ended
}

func runDemo(ctx context.Context, e *env, o demo.Options, dir string, logs io.Writer) error {
	s := &stage{e: e, o: o, logs: logs, log: slog.New(slog.NewTextHandler(logs, nil)), talk: make(chan error, 1)}
	secret := rand.Text()
	var err error
	s.server, err = xmppd.Start(ctx, xmppd.Config{Kind: o.Server, Dir: dir, ClientAddr: o.XMPP, Host: demo.Host,
		Component: demo.Domain, Secret: secret, Accounts: demo.Accounts(), Log: s.log})
	if err != nil {
		return err
	}
	defer s.server.Stop()
	s.post, err = mailbox.Start(mailbox.Config{Address: demo.Support, User: demo.Mailbox, Password: demo.Password,
		SMTP: "127.0.0.1:2525", IMAP: "127.0.0.1:1143", Log: s.log})
	if err != nil {
		return err
	}
	defer s.post.Close()
	s.at = demoAt{Dir: dir, Secret: secret, Component: s.server.ComponentAddr(), SMTP: s.post.SMTPAddr(), IMAP: s.post.IMAPAddr()}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go watchServers(ctx, cancel, "the XMPP server ended: %w", s.server.Done())
	if o.Nodes > 1 || o.Store != "" {
		err = s.several(ctx, cancel)
	} else {
		err = s.alone(ctx, cancel)
	}
	if why := context.Cause(ctx); !errors.Is(why, context.Canceled) {
		err = errors.Join(err, why)
	}
	return err
}

// watchServers ends the demo with an error when one of its servers ends by itself.
func watchServers(ctx context.Context, cancel context.CancelCauseFunc, format string, done <-chan error) {
	select {
	case <-ctx.Done():
	case err := <-done:
		cancel(fmt.Errorf(format, err))
	}
}

// alone runs one porchlight in this process until ctx ends.
func (s *stage) alone(ctx context.Context, cancel context.CancelCauseFunc) error {
	web, err := xmppd.FreeAddr(s.o.Web)
	if err != nil {
		return err
	}
	s.at.Web = web
	cfg, err := s.at.config(s.e, s.o)
	if err != nil {
		return err
	}
	p, err := build(ctx, cfg, s.e, parts{
		log: s.log, home: demoSites(s.post.Handler()),
		prepare: func(ctx context.Context, store bridge.Store, opts bridge.Options) error {
			return demoTeam(ctx, store, opts, s.o)
		},
		ready: func(ctx context.Context, _ net.Addr) {
			url := cfg.Web.PublicURL + "/"
			s.present(ctx, cfg, demo.Places{Web: url, Mail: url + "mail"})
		},
	})
	if err != nil {
		return err
	}
	err = p.run(ctx)
	cancel(nil)
	return errors.Join(err, <-s.talk)
}

// present says that the demo runs and where, and begins the chat in the terminal.
func (s *stage) present(ctx context.Context, cfg config.Config, at demo.Places) {
	awaitMailbox(ctx, cfg, s.post)
	at.XMPP, at.SMTP, at.IMAP = s.server.ClientAddr(), s.post.SMTPAddr(), s.post.IMAPAddr()
	if err := demo.Banner(s.e.stdout, at); err != nil {
		s.log.Error("print banner", "err", err)
	}
	if s.o.NoConsole {
		close(s.talk)
		return
	}
	go func() {
		defer close(s.talk)
		s.talk <- console.Run(ctx, console.Config{Addr: s.server.ClientAddr(), JID: demo.SuperOperator, Password: demo.Password,
			Desk: demo.Desk, In: s.e.stdin, Out: s.e.stdout, Log: s.log})
	}()
}

// demoSites serves what is not porchlight's: the shop, and the mail below /mail.
func demoSites(mails http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/mail", mails)
	mux.Handle("/mail/", mails)
	mux.Handle("/", shop.Handler(""))
	return mux
}

// mailboxURL is the demo's own mailbox as the config names it.
func mailboxURL(imap string) string {
	return "imap+insecure://" + demo.Mailbox + ":" + demo.Password + "@" + imap
}

// awaitMailbox waits until porchlight reads the demo's own mailbox, since it does not read mail that was there before.
// It waits for a few seconds at most, and not at all if the user's config names another mailbox.
func awaitMailbox(ctx context.Context, cfg config.Config, post *mailbox.Servers) {
	if cfg.Email.IMAP.Reveal() != mailboxURL(post.IMAPAddr()) {
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

// demoAt is what one porchlight of the demo has to know of the rest.
type demoAt struct {
	Dir, Secret, Component, Web, SMTP, IMAP string
	// Of one of several nodes: its name, the database, the address of the page with the mails, and the web addresses of all.
	Node, Store, Mail string
	Webs              []string
}

// config is the configuration of one porchlight of the demo; the user's own config wins over it. Limits per client
// address are off, because all visitors of the demo share one address.
func (a demoAt) config(e *env, o demo.Options) (config.Config, error) {
	c := config.Default()
	c.SuperOperators = []string{demo.SuperOperator}
	c.XMPP.Domain, c.XMPP.Secret, c.XMPP.Server, c.XMPP.Rooms = demo.Domain, config.NewSecret(a.Secret), a.Component, demo.Rooms
	c.Web.Listen, c.Web.PublicURL = a.Web, "http://"+a.Web
	c.Store.Path = filepath.Join(a.Dir, "porchlight.db")
	if a.Store != "" {
		c.Store.Path, c.Store.URL, c.Cluster.Node = "", config.NewSecret(a.Store), a.Node
		c.Web.PublicURL = "http://" + a.Webs[0] // all nodes are one site
		for _, web := range a.Webs {
			c.Web.AllowedOrigins = append(c.Web.AllowedOrigins, "http://"+web)
		}
	}
	c.Email.From = "Porchlight Demo <" + demo.Support + ">"
	c.Email.SMTP, c.Email.IMAP = config.NewSecret("smtp+insecure://"+a.SMTP), config.NewSecret(mailboxURL(a.IMAP))
	c.Limits.OffersAtOnce = 0 // whoever tries the demo makes requests in a hurry
	c.Limits.ConversationsPerMinute, c.Limits.MessagesPerMinute, c.Limits.RequestsPerMinute = 0, 0, 0
	c.Limits.ConnectionsPerAddress, c.Limits.UploadsPerAddress, c.Limits.StreamsPerAddress = 0, 0, 0
	return c.Overlay(o.Config, e.environ)
}
