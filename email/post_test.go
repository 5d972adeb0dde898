package email_test

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/email"
	"porchlight/email/letter"
)

// An address with a domain in Unicode is in ASCII wherever mail names it, so that answers are known.
func TestNewPost_UnicodeDomain(t *testing.T) {
	post, err := email.NewPost("Bücher <support@bücher.example>", map[string]string{"sales": "sales@BÜCHER.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a := post.Addresses("+"); a.Support != "support@xn--bcher-kva.example" || a.Departments["sales"] != "sales@xn--bcher-kva.example" {
		t.Errorf("its addresses are %+v", a)
	}
}

// What a server of the site said bears the site's name in a mail, and nobody else's.
func TestCompose_WhatTheSiteSays(t *testing.T) {
	post, err := email.NewPost("Lamps <support@example.org>", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	said := func(from bridge.Role, name, text string, data bridge.Data) bridge.Entry {
		return bridge.Entry{Event: bridge.Event{Type: bridge.EventMessage, From: from, Name: name, Text: text, Data: data, At: time.Unix(1_700_000_000, 0)}}
	}
	raw, err := post.Compose(bridge.Draft{Kind: bridge.AnswerMail, Conversation: bridge.Conversation{Number: 12}, Request: bridge.Request{Name: "Anna"}, To: "anna@example.net", At: time.Unix(1_700_000_100, 0), MessageID: "m@example.org",
		Lines: []bridge.Entry{said(bridge.FromOperator, "Xavi", "Soon.", nil), said(bridge.FromSystem, "", "Order 17 has left.", bridge.Message{Key: "shop"})}})
	if err != nil {
		t.Fatal(err)
	}
	text := letter.Read(raw, letter.Options{}).Text
	if !strings.Contains(text, "Xavi:\nSoon.") || !strings.Contains(text, "Lamps:\nOrder 17") {
		t.Errorf("the mail says\n%s", text)
	}
}
