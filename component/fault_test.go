package component_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component"
	"porchlight/component/stream"
	"porchlight/component/stream/streamtest"
)

// lines is a log whose lines the test reads.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// newFaultyScript makes a script, and also returns its log.
func newFaultyScript(t *testing.T) (*script, lines) {
	log := make(lines, 1000)
	return newScript(t, func(o *component.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) }), log
}

// has waits for a line of the log with all parts.
func (l lines) has(t *testing.T, parts ...string) {
	t.Helper()
	for end := time.After(streamtest.Patience); ; {
		select {
		case line := <-l:
			if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(line, p) }) {
				return
			}
		case <-end:
			t.Fatalf("the log has no line with %q", parts)
		}
	}
}

// The desk goes offline with the component, also if the store can't be read then.
func TestScript_GoodbyeWithoutTheStore(t *testing.T) {
	s, log := newFaultyScript(t)
	s.come("xavi@example.org")
	s.down.Store(true)
	s.end()
	for _, to := range []string{"olga@example.org", "xavi@example.org"} {
		s.conn.Expect(func(e *stream.Element) bool {
			return e.Local == "presence" && e.Get("from") == "desk@"+s.domain+"/desk" && e.Get("to") == to && e.Get("type") == "unavailable"
		})
	}
	log.has(t, "say goodbye", "disk I/O error")
}

// While the store can't be read, nothing is said about a visitor that may be wrong: a probe
// gets no answer, and an IQ gets an error that says to try again. Both are logged.
func TestScript_WhatCantBeReadIsNotAbsent(t *testing.T) {
	const xavi = "xavi@example.org"
	s, log := newFaultyScript(t)
	c := s.active()
	to := string(c.Visitor)
	if err := s.bridge.Attach(t.Context(), c.Number); err != nil {
		t.Fatal(err)
	}
	s.shows(xavi, c.Visitor, "", "")
	probe := func() { s.conn.Send(fmt.Sprintf("<presence type='probe' from='%s/phone' to='%s'/>", xavi, to)) }
	ofVisitor := func(e *stream.Element) bool { return strings.HasPrefix(e.Get("from"), to) && e.Local != "message" }
	for _, payload := range []string{
		"<query xmlns='http://jabber.org/protocol/disco#info'/>", "<vCard xmlns='vcard-temp'/>", "<query xmlns='jabber:iq:last'/>", "<x xmlns='urn:unknown'/>",
	} {
		s.down.Store(true)
		probe()
		s.conn.Send(fmt.Sprintf("<iq type='get' id='q' from='%s/phone' to='%s'>%s</iq>", xavi, to, payload))
		e := s.conn.Expect(ofVisitor)
		if fault := e.Child("", "error"); e.Local != "iq" || e.Get("id") != "q" || fault.Get("type") != "wait" || fault.Child("urn:ietf:params:xml:ns:xmpp-stanzas", "internal-server-error") == nil {
			t.Errorf("%s: got %s", payload, e.Append(nil))
		}
		log.has(t, "show presence", to, "disk I/O error")
		log.has(t, "handle stanza", "kind=iq", "disk I/O error")
		s.down.Store(false)
		probe()
		if e := s.conn.Expect(ofVisitor); e.Local != "presence" || e.Get("type") != "" {
			t.Errorf("after the fault: got %s", e.Append(nil))
		}
	}
}

// If an operator can't be told what the page has shown, that is logged.
func TestScript_WhatWasSeenAndCantBeTold(t *testing.T) {
	s, log := newFaultyScript(t)
	c := s.active()
	conv, err := s.bridge.Conversation(t.Context(), c.Number)
	if err != nil {
		t.Fatal(err)
	}
	s.down.Store(true)
	s.bridge.VisitorSaw(conv, conv.Seq)
	log.has(t, "tell what was seen", fmt.Sprint("conversation=", c.Number), "disk I/O error")
}

// When the bridge could not tell of everything, the logs are read, and what an operator has
// had comes no second time.
func TestScript_ReadsWhatNobodyTold(t *testing.T) {
	const xavi = "xavi@example.org"
	s := newScript(t)
	c := s.active()
	if _, _, err := s.bridge.VisitorWrites(t.Context(), c.Number, "m1", "told"); err != nil {
		t.Fatal(err)
	}
	s.conn.Expect(s.body("told"))
	s.deaf.Store(true) // nothing more is proved
	for text, write := range map[string]func(bridge.Tx) error{
		"untold words": func(tx bridge.Tx) error {
			conv, err := tx.Conversation(c.Number)
			if err != nil {
				return err
			}
			conv.Seq++
			return errors.Join(tx.SaveConversation(conv, conv.Seq-1),
				tx.Append(bridge.Event{Conversation: c.Number, Seq: conv.Seq, Type: bridge.EventMessage, At: s.now(), From: bridge.FromVisitor, Text: "untold words"}))
		},
		"untold notice": func(tx bridge.Tx) error {
			return tx.AppendDesk(&bridge.DeskEntry{Operator: xavi, Kind: bridge.DeskNotice, At: s.now(), Phrase: phrase.Say("untold notice")})
		},
	} {
		if err := s.store.Update(t.Context(), write); err != nil {
			t.Fatal(err)
		}
		s.comp.Reread()
		s.conn.Expect(func(e *stream.Element) bool {
			if e.Local == "message" && e.ChildText("", "body") == "told" {
				t.Error("a message was sent again")
			}
			return s.body(text)(e)
		})
	}
}
