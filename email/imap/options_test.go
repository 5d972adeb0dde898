package imap

import (
	"strings"
	"testing"
)

func TestParseURL(t *testing.T) {
	for text, want := range map[string]Server{
		"imaps://mail.example.org":              {TLS, "mail.example.org", "993", "INBOX"},
		"imaps://mail.example.org/":             {TLS, "mail.example.org", "993", "INBOX"},
		"imap://mail.example.org:1143/Support":  {StartTLS, "mail.example.org", "1143", "Support"},
		"imap+insecure://127.0.0.1/a%20b/Tisch": {Insecure, "127.0.0.1", "143", "a b/Tisch"},
		"imaps://[::1]:993/INBOX":               {TLS, "::1", "993", "INBOX"},
	} {
		got, err := ParseURL(text)
		if err != nil || got != want {
			t.Errorf("%s is %+v, %v; want %+v", text, got, err, want)
		}
		if again, err := ParseURL(got.String()); err != nil || again != want {
			t.Errorf("%s is written %s, which is %+v, %v", text, got, again, err)
		}
	}
}

func TestParseURL_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"mail.example.org":               "begins with imaps://",
		"pop3://mail.example.org":        "begins with imaps://",
		"imaps:///INBOX":                 "imaps://HOST/MAILBOX",
		"imaps://mail.example.org/?a=b":  "imaps://HOST/MAILBOX",
		"imaps://ann:s3cret@example.org": "options of their own",
		"imaps://ann:s3cret@a:b:c/":      "read the mailbox's URL",
	} {
		_, err := ParseURL(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s gives %v, want %q", text, err, want)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the error shows the password: %v", text, err)
		}
	}
}
