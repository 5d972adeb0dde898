package bridge_test

import (
	"strings"
	"testing"

	"porchlight/bridge"
)

// Of a mail with many characters or many lines the chat shows the beginning. Then all of the mail is in a file, as it
// is when lines were cut that its sender may have written.
func TestMail_WhatIsNotShownIsInAFile(t *testing.T) {
	o := newOffice(t).halted()
	o.come(xavi)
	long, many := strings.Repeat("€", 1600), strings.Repeat("x\n\n", 200)
	for _, c := range []struct {
		name, text, said string
		hidden           int
		shown            string
		file             bool
	}{
		{"a short one", "Hello", "Hello", 0, "Hello", false},
		{"a plain quote", "Hello\n> How?", "Hello", 0, "Hello", false},
		{"doubtful lines", "Hello\n> How?", "Hello", 1, "Hello", true},
		{"many characters", long, "", 0, strings.Repeat("€", 1500), true},
		{"many lines", many, "", 0, strings.TrimRight(many[:3*30], "\n"), true},
	} {
		l := anna(c.name, c.name, c.text)
		l.From, l.Said, l.Hidden = strings.ReplaceAll(c.name, " ", ".")+"@example.net", c.said, c.hidden
		m := o.gets(l)
		events, err := o.Events(t.Context(), m.Conversation, 0, 100)
		o.must(bridge.Conversation{}, err)
		shown, file := "", false
		for _, e := range events {
			switch e.Type {
			case bridge.EventMessage:
				shown = e.Text
				if h := e.Data.(bridge.Message).Mail; h.Hidden != int64(c.hidden) || (h.More > 0) != (len(shown) < len(strings.TrimSpace(c.said+c.text)) && c.said == "") {
					t.Errorf("%s: the heading is %+v", c.name, h)
				}
			case bridge.EventFile:
				file = e.Data.(bridge.SentFile).Name == "mail.txt"
			}
		}
		if strings.TrimRight(shown, "\n") != c.shown || file != c.file {
			t.Errorf("%s: shown are %d bytes %.50q, file %v", c.name, len(shown), shown, file)
		}
	}
}
