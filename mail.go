package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"

	"porchlight/bridge"
	"porchlight/config"
	"porchlight/email"
	"porchlight/email/imap"
	"porchlight/email/login"
	"porchlight/email/smtp"
)

// postOf is what writes mails, nil while the channel is off.
func postOf(cfg config.Config) (*email.Post, error) {
	if cfg.Email.SMTP.Reveal() == "" {
		return nil, nil
	}
	p, err := email.NewPost(cfg.Email.From)
	if err != nil {
		return nil, fmt.Errorf("email.from: %w", err)
	}
	return p, nil
}

// withMail lets answers go by mail, if the channel is on.
func withMail(cfg config.Config, o *bridge.Options) error {
	p, err := postOf(cfg)
	if err == nil && p != nil {
		o.Mail = bridge.MailOptions{Post: p, Address: p.Address()}
	}
	return err
}

// mailChannel is the mail channel, nil while it is off.
func mailChannel(cfg config.Config, b *bridge.Bridge, p *program) (*email.Channel, error) {
	if cfg.Email.SMTP.Reveal() == "" {
		return nil, nil
	}
	relay, err := relayOf(cfg)
	if err != nil {
		return nil, err
	}
	o := email.Options{Relay: relay, Authserv: cfg.Email.Authserv, Log: p.log}
	if cfg.Email.IMAP.Reveal() != "" {
		mailbox, err := mailboxOf(cfg)
		if err != nil {
			return nil, err
		}
		mailbox.Clock = b
		o.Mailboxes = []email.Mailbox{{IMAP: mailbox}}
	}
	return email.New(b, o), nil
}

// relayOf is the server for outgoing mail. Errors never show the URL, which holds a password.
func relayOf(cfg config.Config) (smtp.Options, error) {
	u, account, err := serverOf("email.smtp", cfg.Email.SMTP)
	if err != nil {
		return smtp.Options{}, err
	}
	kinds := map[string]struct {
		security smtp.Security
		port     string
	}{"smtp": {smtp.StartTLS, "587"}, "smtps": {smtp.TLS, "465"}, "smtp+insecure": {smtp.Insecure, "25"}}
	kind, ok := kinds[u.Scheme]
	if !ok || u.Hostname() == "" {
		return smtp.Options{}, fmt.Errorf("email.smtp: write smtps://USER:PASSWORD@HOST:PORT, or smtp:// for STARTTLS")
	}
	_, hello, _ := strings.Cut(cfg.Email.From, "@")
	return smtp.Options{Addr: net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), kind.port)), Security: kind.security, Account: account, Hello: strings.TrimRight(hello, "> ")}, nil
}

// mailboxOf is the mailbox for incoming mail.
func mailboxOf(cfg config.Config) (imap.Options, error) {
	u, account, err := serverOf("email.imap", cfg.Email.IMAP)
	if err != nil {
		return imap.Options{}, err
	}
	server, err := imap.ParseURL(u.String())
	if err != nil {
		return imap.Options{}, fmt.Errorf("email.imap: %w", err)
	}
	return imap.Options{Server: server, Account: account}, nil
}

// serverOf takes the account out of a server's URL.
func serverOf(key string, s config.Secret) (*url.URL, login.Account, error) {
	u, err := url.Parse(s.Reveal())
	if err != nil {
		return nil, login.Account{}, fmt.Errorf("%s: this is no URL; a special character in a password is written as %%xx", key)
	}
	var account login.Account
	if u.User != nil {
		account.User = u.User.Username()
		account.Password, _ = u.User.Password()
	}
	u.User = nil
	return u, account, nil
}

// carryMail runs the mail channel until ctx ends. Without one it returns at once.
func (p *program) carryMail(ctx context.Context) error {
	if p.mail == nil {
		return nil
	}
	return p.mail.Run(ctx)
}
