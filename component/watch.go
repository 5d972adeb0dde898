package component

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/component/stanza"
)

// watchEvery is how often watch asks bridge.Reach which operators to ask for a sign of
// life.
const watchEvery = time.Second

// watch asks operators for signs of life when bridge.Reach wants one, and tells Reach what
// comes: every stanza is a sign of life, and every error says that something did not
// arrive. watch pings the client itself (XEP-0199): the server may still show a client as
// available that it only waits for, or that sent presence to the desk alone and went away.
// A ping to the bare JID asks the server, which answers for its users (RFC 6121 §8.5.1).
type watch struct {
	line    *line
	bridge  *bridge.Bridge
	faces   *faces
	self    string // what the ids of our questions begin with, over every link
	bounced *atomic.Int64
	log     *slog.Logger
}

// run asks for signs of life until ctx ends, with the link.
func (w *watch) run(ctx context.Context) {
	w.strangers()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		checks, err := w.bridge.Reach.Due(ctx)
		if err != nil && ctx.Err() == nil {
			w.log.Error("who can be reached", "err", err)
		}
		for _, check := range checks {
			if _, ok := w.bridge.Team.Operator(check.Operator); ok {
				w.ask(check)
			}
		}
	}
}

// strangers sends a message without content to each operator who has never come online, to
// find out whether the account exists. Servers answer no question about that, but a message
// to an account that does not exist comes back.
func (w *watch) strangers() {
	for _, o := range w.bridge.Team.Operators() {
		if !o.Greeted {
			w.line.Send(stanza.Knock("chat", w.faces.domain.desk(), string(o.JID), w.self+stanza.NewID()))
		}
	}
}

func (w *watch) ask(check bridge.Check) {
	to := string(check.Operator)
	if check.Probe {
		w.line.Send(stanza.Presence(w.faces.domain.desk(), to, "probe"))
		return
	}
	if check.Resource != "" {
		to += "/" + check.Resource
	}
	w.line.Send(stanza.Ping(w.faces.domain.deskFull(), to, w.self+stanza.NewID()))
}

// heard takes in a stanza of an operator before it is handled.
func (w *watch) heard(ctx context.Context, p packet) {
	answer := p.el.Local == "iq" && strings.HasPrefix(p.el.Get("id"), w.self) && stanza.IsAnswer(p.el)
	var err error
	switch {
	case p.el.Get("type") == "error":
		err = w.failed(ctx, p, answer)
	case p.el.Local == "presence": // the handler of presence tells Reach more
	default:
		s := bridge.Sign{Operator: p.operator.JID, Resource: p.from.Resource, Answer: answer}
		if w.faces.entity(p.bare()) == entityVisitor {
			s.Visitor = bridge.VisitorJID(p.bare())
			s.Receipt = p.el.Child(stanza.NSReceipts, "received") != nil
		}
		err = w.bridge.Reach.Seen(ctx, s)
	}
	// Forbidden: the operator was disabled or deleted after the stanza had come. The store
	// knows that before Team does, so Team is not asked.
	if err == nil || ctx.Err() != nil || phrase.CodeOf(err) == phrase.CodeForbidden {
		return
	}
	w.log.Error("sign of life", "operator", p.operator.JID, "err", err)
}

// offlineText is what ejabberd says of a message that it does not keep for an account which is offline (bounce_offline_message
// in src/ejabberd_sm.erl). Its error for an account that does not exist has the same condition and no text.
const offlineText = "User session not found"

// failed takes in an error that came back for something we sent. An error that answers a
// question of ours is a sign of life, unless it says that the server was not found.
func (w *watch) failed(ctx context.Context, p packet, answer bool) error {
	reach, o := w.bridge.Reach, p.operator.JID
	f := bridge.Fault{Condition: stanza.Condition(p.el), Text: stanza.ErrorText(p.el)}
	switch {
	case p.el.Local == "iq" && f.Server():
		return reach.Failed(ctx, o, f, "", "")
	case p.el.Local == "iq" && !answer:
		return nil
	case p.el.Local == "iq" && p.from.Resource != "" && f.Condition != "feature-not-implemented":
		if reach.Refused(o, p.from.Resource) {
			w.ask(bridge.Check{Operator: o, Probe: true})
		}
		return nil
	case p.el.Local == "iq":
		return reach.Seen(ctx, bridge.Sign{Operator: o, Resource: p.from.Resource, Answer: true})
	case p.el.Local == "presence":
		return reach.Failed(ctx, o, f, "", "")
	case strings.HasPrefix(p.el.Get("id"), w.self) && f.Text == offlineText:
		return nil
	}
	w.bounced.Add(1)
	var v bridge.VisitorJID
	if w.faces.entity(p.bare()) == entityVisitor {
		v = bridge.VisitorJID(p.bare())
	}
	return reach.Failed(ctx, o, f, v, p.el.Get("id"))
}
