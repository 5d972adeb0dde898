package smtp_test

import (
	"strings"
	"testing"

	"porchlight/email/login"
	"porchlight/email/smtp"
)

// A URL says where the relay is, how the connection is encrypted, and who we are.
func TestParseURL(t *testing.T) {
	for text, want := range map[string]smtp.Options{
		"smtp://mail.example.org:587":                       {Addr: "mail.example.org:587", Security: smtp.StartTLS},
		"smtps://sup%40example.org:p%23s:s@[2001:db8::1]:1": {Addr: "[2001:db8::1]:1", Security: smtp.TLS, Account: login.Account{User: "sup@example.org", Password: "p#s:s"}},
		"smtp+insecure://127.0.0.1:25":                      {Addr: "127.0.0.1:25", Security: smtp.Insecure},
	} {
		got, err := smtp.ParseURL(text)
		if err != nil || got.Addr != want.Addr || got.Security != want.Security || got.Account.User != want.Account.User || got.Account.Password != want.Account.Password {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "imap://u:hunter2@h:1", "smtp://u:hunter2@h", "smtp://u:hunter2%zz@h:1", "smtp://u:hunter2@:25"} {
		if got, err := smtp.ParseURL(text); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %+v, %v", text, got, err)
		}
	}
}
