package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
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
	cfg, err := demoConfig(e, o, dir, secret, server.ComponentAddr())
	if err != nil {
		return err
	}
	talk := make(chan error, 1)
	p, err := build(ctx, cfg, e, parts{
		log: log, home: shop.Handler(""),
		prepare: func(ctx context.Context, store bridge.Store, opts bridge.Options) error {
			return demoTeam(ctx, store, opts, o)
		},
		ready: func(ctx context.Context, _ net.Addr) {
			if err := demo.Banner(e.stdout, cfg.Web.PublicURL+"/", server.ClientAddr()); err != nil {
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
func demoConfig(e *env, o demo.Options, dir, secret, component string) (config.Config, error) {
	web, err := xmppd.FreeAddr(o.Web)
	if err != nil {
		return config.Config{}, err
	}
	c := config.Default()
	c.SuperOperators = []string{demo.SuperOperator}
	c.XMPP.Domain, c.XMPP.Secret, c.XMPP.Server, c.XMPP.Rooms = demo.Domain, config.NewSecret(secret), component, demo.Rooms
	c.Web.Listen, c.Web.PublicURL = web, "http://"+web
	c.Store.Path = filepath.Join(dir, "porchlight.db")
	c.Limits.OffersAtOnce = 0 // whoever tries the demo makes requests in a hurry
	c.Limits.ConversationsPerMinute, c.Limits.MessagesPerMinute, c.Limits.RequestsPerMinute = 0, 0, 0
	c.Limits.ConnectionsPerAddress, c.Limits.UploadsPerAddress, c.Limits.StreamsPerAddress = 0, 0, 0
	return c.Overlay(o.Config, e.environ)
}
