package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"porchlight/component/stream"
	"porchlight/config"
	"porchlight/db"
)

// errCheck says that a line of the check said no.
var errCheck = errors.New("something does not work; see above")

// checkLimit bounds each of the checks.
const checkLimit = 10 * time.Second

// checkCommand tries everything that the config names and says a line about
// each. It disturbs nothing: while a porchlight runs on the same database, that
// one is asked, since a second component would take its place at the server.
func checkCommand(ctx context.Context, e *env, args []string) error {
	cfg, f, err := configured(e, "check", args)
	if err != nil {
		return err
	}
	failed := false
	say := func(what, good string, err error) {
		if err != nil {
			failed = true
			fmt.Fprintf(e.stdout, "%-9s FAIL  %s\n", what, strings.ReplaceAll(err.Error(), "\n", "; "))
			return
		}
		fmt.Fprintf(e.stdout, "%-9s ok    %s\n", what, good)
	}
	say("config", f.Lookup("config").Value.String(), nil)
	clock, err := clockFrom(e.environ)
	if err != nil {
		return err
	}
	store, err := db.Open(ctx, cfg.Store.Path, db.Options{Clock: clock, Log: slog.New(slog.DiscardHandler)})
	running := errors.Is(err, db.ErrInUse)
	switch {
	case running:
		say("database", cfg.Store.Path+", in use by a running porchlight", nil)
		say("XMPP", "linked, says the running porchlight", askRunning(ctx, cfg.Web.Listen))
	case err != nil:
		say("database", "", err)
		say("XMPP", cfg.XMPP.Server+" accepts "+cfg.XMPP.Domain, tryLink(ctx, cfg))
	default:
		say("database", cfg.Store.Path, store.Close())
		say("XMPP", cfg.XMPP.Server+" accepts "+cfg.XMPP.Domain, tryLink(ctx, cfg))
	}
	for _, mail := range []struct{ what, url string }{{"SMTP", cfg.Email.SMTP.Reveal()}, {"IMAP", cfg.Email.IMAP.Reveal()}} {
		if mail.url == "" {
			say(mail.what, "off", nil)
		} else {
			say(mail.what, "", errors.New("this version has no mail channel yet; leave the key empty"))
		}
	}
	if failed {
		return errCheck
	}
	return nil
}

// askRunning asks a running porchlight whether it is ready.
func askRunning(ctx context.Context, listen string) error {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+listen+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask the running porchlight: %w", err)
	}
	defer resp.Body.Close()
	var answer struct{ Reasons []string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return fmt.Errorf("ask the running porchlight: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New("the running porchlight says: " + strings.Join(answer.Reasons, "; "))
	}
	return nil
}

// tryLink connects as the component and disconnects again.
func tryLink(ctx context.Context, cfg config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	conn, err := stream.Dial(ctx, stream.Config{Addr: cfg.XMPP.Server, Domain: cfg.XMPP.Domain, Secret: cfg.XMPP.Secret.Reveal(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("%w (compare xmpp.domain and xmpp.secret with the server's component section)", err)
	}
	done := make(chan struct{})
	go func() { // ends with the connection
		defer close(done)
		for {
			var refused *stream.StanzaError
			if _, err := conn.Next(); err != nil && !errors.As(err, &refused) {
				return
			}
		}
	}()
	err = conn.Close(ctx)
	<-done
	return err
}
