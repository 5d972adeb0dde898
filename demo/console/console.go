// Package console is an operator's chat client for the terminal, made for `porchlight demo`.
// It shows what the desk and the visitors write, and sends what is typed. It logs in like
// any other client, and knows only the desk's address of porchlight.
package console

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
)

// Config says which account logs in where, and how the human reads and types.
type Config struct {
	Addr     string // host:port for XMPP clients; it must be on loopback, since the console uses no TLS
	JID      string // bare JID of the operator
	Password string
	Desk     string       // bare JID of the desk
	In       io.Reader    // what the human types, line by line
	Out      io.Writer    // what the human sees
	Log      *slog.Logger // default: nothing is logged
}

// Run logs in and chats. It returns nil when the human leaves (/quit or the end of In) or
// ctx ends. It returns an error when the login fails, when the server ends the stream, and
// when In or Out fails.
//
// Nothing can interrupt a read from In. The goroutine that reads In ends only when the next
// line comes after Run has returned, or when In ends.
func Run(ctx context.Context, cfg Config) error {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s, err := dial(ctx, cfg)
	if err != nil {
		return err
	}
	defer s.close()
	cfg.Log.Info("console logged in", "jid", s.jid)
	c := &console{stream: s, out: cfg.Out, own: bare(cfg.JID), desk: bare(cfg.Desk), partner: bare(cfg.Desk),
		known: []string{bare(cfg.Desk)}, typing: map[string]bool{}, presence: map[string]string{}}
	c.notice("logged in as " + s.jid + "; /help tells what can be typed")
	c.send(presence{})
	return c.chat(ctx, readLines(cfg.In, s.closed))
}

// console is the state of the chat. Only the goroutine of Run touches it.
type console struct {
	stream    *stream
	out       io.Writer
	own, desk string
	partner   string            // bare JID of the one who gets what is typed
	known     []string          // bare JIDs of those who can be called by name
	took      bool              // the next visitor who writes is the one just taken
	typing    map[string]bool   // who is typing, by bare JID
	presence  map[string]string // what was last shown of somebody, by bare JID
	err       error             // the first error
}

// chat handles one thing at a time until somebody ends it.
func (c *console) chat(ctx context.Context, typed <-chan line) error {
	for c.err == nil {
		select {
		case <-ctx.Done():
			return nil
		case st, ok := <-c.stream.in:
			if !ok {
				c.notice("the server ended the connection: " + clean(c.stream.err.Error()))
				return fmt.Errorf("chat as %s: %w", c.own, c.stream.err)
			}
			c.arrived(st)
		case l := <-typed:
			if l.err == io.EOF {
				return nil
			}
			if l.err != nil {
				return fmt.Errorf("read input: %w", l.err)
			}
			if quit := c.typed(l.text); quit {
				return nil
			}
		}
	}
	return c.err
}

func (c *console) send(v any) { c.broke(c.stream.send(v)) }

func (c *console) broke(err error) {
	if c.err == nil {
		c.err = err
	}
}

// say sends text to the partner.
func (c *console) say(text string) {
	if len(text) > maxText {
		c.notice(fmt.Sprintf("not sent: more than %d bytes", maxText))
		return
	}
	if c.partner == c.desk {
		c.took = takes.MatchString(text)
	}
	c.send(message{To: c.partner, Type: "chat", ID: newID(), Body: text, Request: &empty{}, Active: &empty{}})
}

// turn makes somebody the partner, and says so.
func (c *console) turn(to string) {
	if c.partner != to {
		c.partner = to
		c.notice("now talking to " + c.name(to))
	}
}

// meet remembers somebody, who can be called by name from then on.
func (c *console) meet(jid string) {
	if !slices.Contains(c.known, jid) {
		c.known = append(c.known, jid)
	}
}

// name returns the name by which somebody is shown and called: the local part of their
// address if it is of the desk's domain or our own, else the whole address.
func (c *console) name(jid string) string {
	local, domain, ok := strings.Cut(jid, "@")
	if ok && (domain == domainOf(c.desk) || domain == domainOf(c.own)) {
		return clean(local)
	}
	return clean(jid)
}

// bare cuts the resource off a JID (RFC 7622 §3.1). It refuses nothing that the server has
// let through.
func bare(jid string) string {
	b, _, _ := strings.Cut(jid, "/")
	return b
}

func domainOf(bare string) string {
	return bare[strings.IndexByte(bare, '@')+1:]
}
