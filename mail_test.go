package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/config"
)

// mailConfig is a config with mail.
func mailConfig() config.Config {
	c := config.Default()
	c.Email.From = "Example Support <support@example.org>"
	c.Email.SMTP = config.NewSecret("smtps://support%40example.org@mail.example.org:465")
	c.Email.IMAP = config.NewSecret("imaps://support%40example.org:p%23ss@mail.example.org:993/INBOX")
	return c
}

// What [email] says reaches relay and mailbox: a token counts where the URL has a user and no password.
func TestMail_OptionsOfTheConfig(t *testing.T) {
	c := mailConfig()
	c.Email.Since, c.Email.TokenCommand = 48*time.Hour, []string{"echo", "t0ken"}
	relay, err := relayOf(c)
	if err != nil {
		t.Fatal(err)
	}
	if relay.Addr != "mail.example.org:465" || relay.Account.User != "support@example.org" || relay.Hello != "example.org" || relay.Account.Token == nil {
		t.Errorf("relay %+v", relay)
	}
	if token, err := relay.Account.Token(t.Context()); token != "t0ken" || err != nil {
		t.Errorf("token %q, %v", token, err)
	}
	mailbox, err := mailboxOf(c, c.Email.IMAP)
	if err != nil {
		t.Fatal(err)
	}
	if mailbox.Server.Addr() != "mail.example.org:993" || mailbox.Account.Password != "p#ss" || mailbox.Account.Token != nil || mailbox.Since != 48*time.Hour {
		t.Errorf("mailbox %s, since %v", mailbox.Server, mailbox.Since)
	}
	c.Email.Trust = "/nowhere/ca.pem"
	if _, err := mailboxes(c); err == nil || !strings.Contains(err.Error(), "email.trust") {
		t.Errorf("trust: %v", err)
	}
}

// With dkim_key every mail is signed for the sender's domain.
func TestMail_IsSigned(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	c := mailConfig()
	for _, signed := range []bool{false, true} {
		if signed {
			c.Email.DKIMKey = config.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
		}
		post, err := postOf(c)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := post.Compose(bridge.Draft{Kind: bridge.AnswerMail, Conversation: bridge.Conversation{Number: 1}, To: "anna@example.net", ReplyTo: "support@example.org", MessageID: "m.1@example.org",
			References: []string{"c.1@example.org"}, At: time.Now(), Lines: []bridge.Entry{{Event: bridge.Event{Type: bridge.EventMessage, From: bridge.FromOperator, Name: "Xavi", Text: "Yes.", At: time.Now()}}}})
		if err != nil {
			t.Fatal(err)
		}
		notice, err := post.Notify(bridge.NoticeDraft{Notice: bridge.Notice{At: time.Now(), Title: phrase.Say("%s", "a"), Text: phrase.Say("%s", "b"), Operator: bridge.Operator{JID: "olga@example.org"}},
			To: "olga@example.org", MessageID: "m.2@example.org"})
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range [][]byte{answer, notice} {
			head, _, _ := strings.Cut(string(raw), "From: ")
			if got := strings.HasPrefix(head, "DKIM-Signature:") && strings.Contains(head, "d=example.org") && strings.Contains(head, "s=porchlight"); got != signed {
				t.Errorf("signed: %v, want %v\n%s", got, signed, raw)
			}
		}
	}
}
