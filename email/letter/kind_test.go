package letter

import (
	"strings"
	"testing"
)

// What kind a mail is, and whether an automatic answer may go to its writer.
func TestRead_Kind(t *testing.T) {
	for _, c := range []struct {
		name, fields string
		kind         Kind
		quiet        bool
	}{
		{"a person's", "", Normal, false},
		{"a person's, said so", "Auto-Submitted: no\r\n", Normal, false},
		{"a person's, said so with a comment", "Auto-Submitted: No (a person)\r\n", Normal, false},
		{"an automatic answer", "Auto-Submitted: auto-replied\r\n", Automatic, true},
		{"an automatic answer with parameters", "Auto-Submitted: Auto-Replied; owner-email=x\r\n", Automatic, true},
		{"a program's", "Auto-Submitted: auto-generated\r\n", Generated, true},
		{"a notice", "Auto-Submitted: auto-notified; owner-email=x\r\n", Generated, true},
		{"an empty return path", "Return-Path: <>\r\n", Automatic, true},
		{"an empty return path with a blank", "Return-Path: < >\r\n", Automatic, true},
		{"a return path", "Return-Path: <ann@example.org>\r\n", Normal, false},
		{"bulk", "Precedence: bulk\r\n", Automatic, true},
		{"junk", "Precedence: Junk\r\n", Automatic, true},
		{"auto_reply", "Precedence: auto_reply\r\n", Automatic, true},
		{"list", "Precedence: list\r\n", List, true},
		{"a list's", "List-Id: <a.example.org>\r\n", List, true},
		{"a list's, marked bulk", "List-Id: <a.example.org>\r\nPrecedence: bulk\r\n", List, true},
		{"an automatic answer through a list", "List-Id: <a.example.org>\r\nAuto-Submitted: auto-replied\r\n", Automatic, true},
		{"X-Autoreply", "X-Autoreply: yes\r\n", Automatic, true},
		{"X-Autoreply: no", "X-Autoreply: no\r\n", Normal, false},
		{"X-Autorespond", "X-Autorespond: Your order\r\n", Automatic, true},
		{"suppressed", "X-Auto-Response-Suppress: All\r\n", Normal, true},
		{"suppressed: none", "X-Auto-Response-Suppress: None\r\n", Normal, false},
	} {
		mail := c.fields
		if !strings.Contains(mail, "From:") {
			mail += "From: ann@example.org\r\n"
		}
		if l := Read([]byte(mail+"\r\nHello\r\n"), Options{}); l.Kind != c.kind || l.Quiet != c.quiet {
			t.Errorf("%s: %s, quiet %v", c.name, l.Kind, l.Quiet)
		}
	}
	if l := Read([]byte("Subject: x\r\n\r\nHello\r\n"), Options{}); !l.Quiet || l.From != (Address{}) {
		t.Error("a mail of nobody may be answered")
	}
}

// Who wrote is the first From address and nothing else.
func TestRead_People(t *testing.T) {
	for _, c := range []struct {
		name, fields, from, replyTo string
	}{
		{"from", "From: A@x.org\r\nSender: b@x.org\r\nReply-To: c@x.org\r\n", "a@x.org", "c@x.org"},
		{"several", "From: a@x.org, b@x.org\r\nFrom: c@x.org\r\n", "a@x.org", ""},
		{"the same answer", "From: a@x.org\r\nReply-To: A@X.org\r\n", "a@x.org", ""},
		{"no from", "Sender: b@x.org\r\nReply-To: c@x.org\r\n", "b@x.org", "c@x.org"},
		{"only an answer", "Reply-To: c@x.org\r\n", "", "c@x.org"},
	} {
		if l := Read([]byte(c.fields+"\r\n"), Options{}); l.From.Addr != c.from || l.ReplyTo.Addr != c.replyTo {
			t.Errorf("%s: from %q, reply to %q", c.name, l.From.Addr, l.ReplyTo.Addr)
		}
	}
}

func TestRead_Language(t *testing.T) {
	for fields, want := range map[string]string{
		"Content-Language: de-DE, en\r\n":                       "de-DE",
		"Accept-Language: pt-BR;q=0.9, en\r\n":                  "pt-BR",
		"Content-Language: fr\r\nAccept-Language: de\r\n":       "fr",
		"Content-Language: <script>\r\nAccept-Language: de\r\n": "de",
		"": "",
	} {
		if l := Read([]byte("From: a@x.org\r\n"+fields+"\r\n"), Options{}); l.Language != want {
			t.Errorf("%q: %q", fields, l.Language)
		}
	}
}
