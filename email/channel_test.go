package email_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"strings"
	"sync"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/db/sqlite"
	"porchlight/db/sqlite/sqlitetest"
	"porchlight/email"
	"porchlight/email/imap"
	"porchlight/email/imap/imaptest"
	"porchlight/email/login"
	"porchlight/email/smtp"
	"porchlight/email/smtp/smtptest"
)

// house is a channel between Dovecot, a relay and a bridge.
type house struct {
	*bridge.Bridge
	channel *email.Channel
	t       *testing.T
	dovecot *imaptest.Dovecot // nil: no mailbox is read
	relay   *smtptest.Sink
	logged  said
}

// said is what was logged. Any goroutine may write to it.
type said struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// times counts a text in the log.
func (s *said) times(text string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Count(s.text.String(), text)
}

// open starts a channel that ends with the test.
func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dovecot: imaptest.StartFor(t)}
	server, err := imap.ParseURL("imap+insecure://" + h.dovecot.PlainAddr)
	if err != nil {
		t.Fatal(err)
	}
	h.begin(smtptest.Options{}, smtp.Options{}, bridge.SystemClock{},
		imap.Options{Server: server, Account: login.Account{User: "support", Password: imaptest.Password}, Since: time.Hour})
	return h
}

// begin starts the channel with a relay that offers something, to which we come in some way.
func (h *house) begin(offered smtptest.Options, relay smtp.Options, clock bridge.Clock, boxes ...imap.Options) {
	t := h.t
	t.Helper()
	var err error
	if h.relay, err = smtptest.Listen(offered); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.relay.Close)
	store, err := sqlite.Open(t.Context(), sqlitetest.New(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	log := slog.New(slog.NewTextHandler(io.MultiWriter(t.Output(), &h.logged), nil))
	h.Bridge = newBridge(t, store, clock, log)
	relay.Addr, relay.Security = h.relay.Addr(), smtp.Insecure
	o := email.Options{Relay: relay, Log: log}
	for _, b := range boxes {
		b.Clock = h.Bridge
		o.Mailboxes = append(o.Mailboxes, email.Mailbox{IMAP: b})
	}
	h.channel = email.New(h.Bridge, o)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- h.channel.Run(ctx) }()
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		<-done
		<-done
	})
}

// newBridge opens a bridge whose answers go by mail.
func newBridge(t *testing.T, store bridge.Store, clock bridge.Clock, log *slog.Logger) *bridge.Bridge {
	t.Helper()
	post, err := email.NewPost("Example Support <support@example.org>", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bridge.Open(t.Context(), store, bridge.Options{Domain: "support.example.org", PublicURL: "https://chat.example.org", SuperOperators: []bridge.OperatorJID{"xavi@example.org"},
		Timing: bridge.Timing{Reopen: time.Hour}, Limits: bridge.Limits{Message: 8192, Name: 80, Email: 254, Reason: 4096, URL: 2048, Waiting: 1000, File: 1 << 20, Files: 50},
		Mail: bridge.MailOptions{Post: post, Addresses: post.Addresses("+")}, Clock: clock, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// until waits for a condition.
func (h *house) until(what string, ok func() bool) {
	h.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("%s: not within a minute", what)
		}
	}
}

// A mail becomes a conversation, and what an operator says in it comes to its sender by mail.
func TestChannel_ThereAndBack(t *testing.T) {
	h := open(t)
	mail := "From: Anna <anna@example.net>\r\nTo: support@example.org\r\nSubject: Course\r\nMessage-ID: <1@example.net>\r\n\r\nHow?\r\n"
	if err := h.dovecot.Deliver("support", []byte(mail)); err != nil {
		t.Fatal(err)
	}
	var c bridge.Conversation
	h.until("the mail is a conversation", func() bool {
		var err error
		c, err = h.Conversation(t.Context(), 1)
		return err == nil
	})
	if _, err := h.OperatorWrites(t.Context(), "xavi@example.org", c.Visitor, bridge.Said{ID: "1", Text: "So."}); err != nil {
		t.Fatal(err)
	}
	got := h.relay.Await(t.Context(), 1)
	if len(got) != 1 || got[0].To != "anna@example.net" {
		t.Fatalf("sent %s", fmt.Sprint(got))
	}
	for _, use := range []bridge.LinkUse{bridge.LinkResume, bridge.LinkFeedback} {
		if n := strings.Count(unwrapped(t, got[0].Raw), "https://chat.example.org/chat/"+string(use)+"/1-"); n != 2 {
			t.Errorf("the link for %s stands %d times in the mail, want once in the text and once in the HTML", use, n)
		}
	}
}

// unwrapped are the texts of a mail with its lines as they were before they were encoded.
func unwrapped(t *testing.T, raw []byte) string {
	t.Helper()
	all, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}
