package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/config"
	"porchlight/email"
	"porchlight/email/dkim"
	"porchlight/email/imap"
	"porchlight/email/login"
	"porchlight/email/smtp"
)

// postOf is what writes mails, nil while the channel is off.
func postOf(cfg config.Config) (*email.Post, error) {
	if cfg.Email.SMTP.Reveal() == "" {
		return nil, nil
	}
	key, err := keyOf(cfg)
	if err != nil {
		return nil, err
	}
	departments := make(map[string]string)
	for _, m := range cfg.Email.Mailboxes {
		if m.From != "" {
			departments[m.Department] = m.From
		}
	}
	p, err := email.NewPost(cfg.Email.From, departments, key)
	if err != nil {
		return nil, fmt.Errorf("email.from: %w", err)
	}
	return p, nil
}

// keyOf is the key with which mail is signed, nil if the relay does that.
func keyOf(cfg config.Config) (*dkim.Key, error) {
	text := cfg.Email.DKIMKey.Reveal()
	if text == "" {
		return nil, nil
	}
	from, err := mail.ParseAddress(cfg.Email.From)
	if err != nil {
		return nil, fmt.Errorf("email.from: %w", err)
	}
	key, err := dkim.NewKey(from.Address, cfg.Email.DKIMSelector, []byte(text))
	if err != nil {
		return nil, fmt.Errorf("email.dkim_key: %w", err)
	}
	return key, nil
}

// withMail lets answers go by mail, if the channel is on. It returns what fetches the files that go with them, nil
// if none do.
func withMail(cfg config.Config, o *bridge.Options) (uploads *email.Uploads, err error) {
	p, err := postOf(cfg)
	if err == nil && p != nil {
		o.Mail = bridge.MailOptions{Post: p, Acknowledge: cfg.Email.Acknowledge, Addresses: p.Addresses(cfg.Email.Subaddress), KeepRaw: cfg.Email.KeepRaw}
		if cfg.Email.Language != "en" { // mail is English unless somebody says otherwise
			o.Mail.Language = cfg.Email.Language
		}
		if len(cfg.Email.UploadHosts) > 0 {
			uploads = email.NewUploads(cfg.Email.UploadHosts, o.Clock, o.Log)
			o.Mail.Uploads = uploads
		}
	}
	return uploads, err
}

// mailChannel is the mail channel, nil while it is off.
func mailChannel(cfg config.Config, b *bridge.Bridge, uploads *email.Uploads, p *program) (*email.Channel, error) {
	if cfg.Email.SMTP.Reveal() == "" {
		return nil, nil
	}
	relay, err := relayOf(cfg)
	if err != nil {
		return nil, err
	}
	o := email.Options{Relay: relay, Authserv: cfg.Email.Authserv, Uploads: uploads, PerMinute: cfg.Email.PerMinute, Log: p.log}
	if o.Mailboxes, err = mailboxes(cfg); err != nil {
		return nil, err
	}
	there := b.Team.Departments()
	for i, m := range o.Mailboxes {
		o.Mailboxes[i].IMAP.Clock = b
		if m.Department != "" && !slices.ContainsFunc(there, func(d bridge.Department) bool { return d.Name == m.Department }) {
			p.log.Warn("email.mailboxes names a department that is not there; until it is, mail to its mailbox goes to the department that is asked when none is named", "department", m.Department)
		}
	}
	return email.New(b, o), nil
}

// mailboxes lists the mailboxes for incoming mail, that of no department first.
func mailboxes(cfg config.Config) ([]email.Mailbox, error) {
	var all []email.Mailbox
	if cfg.Email.IMAP.Reveal() != "" {
		o, err := mailboxOf(cfg, cfg.Email.IMAP)
		if err != nil {
			return nil, fmt.Errorf("email.imap: %w", err)
		}
		all = append(all, email.Mailbox{IMAP: o})
	}
	for _, m := range cfg.Email.Mailboxes {
		o, err := mailboxOf(cfg, m.IMAP)
		if err != nil {
			return nil, fmt.Errorf("email.mailboxes: imap of %s: %w", m.Department, err)
		}
		all = append(all, email.Mailbox{Department: m.Department, IMAP: o})
	}
	return all, nil
}

// relayOf is the server for outgoing mail. Errors never show the URL, which holds a password.
func relayOf(cfg config.Config) (smtp.Options, error) {
	o, err := smtp.ParseURL(cfg.Email.SMTP.Reveal())
	if err != nil {
		return smtp.Options{}, fmt.Errorf("email.smtp: %w", err)
	}
	if o.Roots, err = trusted(cfg.Email.Trust); err != nil {
		return smtp.Options{}, err
	}
	o.Account = withToken(cfg, o.Account)
	_, hello, _ := strings.Cut(cfg.Email.From, "@")
	o.Hello = strings.TrimRight(hello, "> ")
	return o, nil
}

// mailboxOf is the mailbox of a URL, which errors never show, since it holds a password.
func mailboxOf(cfg config.Config, secret config.Secret) (imap.Options, error) {
	u, err := url.Parse(secret.Reveal())
	if err != nil {
		return imap.Options{}, errors.New("this is no URL; a special character in a password is written as %xx")
	}
	var account login.Account
	if u.User != nil {
		account.User = u.User.Username()
		account.Password, _ = u.User.Password()
	}
	u.User = nil
	server, err := imap.ParseURL(u.String())
	if err != nil {
		return imap.Options{}, err
	}
	roots, err := trusted(cfg.Email.Trust)
	if err != nil {
		return imap.Options{}, err
	}
	return imap.Options{Server: server, Account: withToken(cfg, account), Roots: roots, Since: cfg.Email.Since}, nil
}

// withToken gives an account that has no password the token of the config, if there is one.
func withToken(cfg config.Config, a login.Account) login.Account {
	switch {
	case a.User == "" || a.Password != "":
	case len(cfg.Email.TokenCommand) > 0:
		a.Token = login.FromCommand(cfg.Email.TokenCommand[0], cfg.Email.TokenCommand[1:]...)
	case cfg.Email.TokenPath != "":
		a.Token = login.FromFile(cfg.Email.TokenPath)
	}
	return a
}

// trusted are the authorities that the system trusts and those in a file, nil if there is no file.
func trusted(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("email.trust: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("email.trust: read the system's authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("email.trust: there is no certificate (-----BEGIN CERTIFICATE-----) in %s", file)
	}
	return pool, nil
}

// carryMail runs the mail channel until ctx ends. Without one it returns at once.
func (p *program) carryMail(ctx context.Context) error {
	if p.mail == nil {
		return nil
	}
	return p.mail.Run(ctx)
}
