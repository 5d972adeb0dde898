// Package roster keeps visitors in the rosters of the operators who talk to them, where
// the operators' server allows it (XEP-0356).
package roster

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Link is the part of the connection to the server that the rosters need.
type Link interface {
	// Ask sends an IQ and returns the answer. The error is a *stanza.Refusal if it was refused.
	Ask(ctx context.Context, typ, from, to string, payload *stream.Element) (*stream.Element, error)
}

// Rosters keeps visitors in the rosters of the operators who talk to them, as far as
// the operators' servers have allowed it over this link (Privileged Entity, XEP-0356,
// in its present version or the one before). Clients then show the visitor's name and
// treat the visitor as a contact. Rosters remembers no roster: it asks for the roster
// each time and sends only the difference. The goroutine of Run does the work; the
// other methods only queue work for it and wait for nothing, so any goroutine may call
// them.
type Rosters struct {
	link   Link
	bridge *bridge.Bridge
	domain string // the component's
	log    *slog.Logger
	work   chan struct{}

	mu     sync.Mutex
	grants map[string]bool // domains whose server lets us change rosters
	queue  []contact       // each at most once; one without visitor stands for the whole roster
}

// contact is a visitor in an operator's roster.
type contact struct {
	operator bridge.OperatorJID
	visitor  bridge.VisitorJID
}

// New makes the Rosters of one link, for a component's domain.
func New(link Link, b *bridge.Bridge, domain string, log *slog.Logger) *Rosters {
	return &Rosters{link: link, bridge: b, domain: domain, log: log, work: make(chan struct{}, 1), grants: make(map[string]bool)}
}

// Granted takes a server's message that we may change its users' rosters, or may no
// longer (XEP-0356 §4.2), and reports whether el is such a message. It remembers only
// the domains of operators, so that no stranger fills our memory.
func (r *Rosters) Granted(from stream.JID, el *stream.Element) bool {
	if el.Local != "message" || el.Get("type") == "error" || from.Local != "" || from.Resource != "" {
		return false
	}
	p := el.Child(stanza.NSPrivilege, "privilege")
	if p == nil {
		p = el.Child(stanza.NSPrivilegeOld, "privilege")
	}
	if p == nil {
		return false
	}
	may := slices.ContainsFunc(p.Children, func(perm *stream.Element) bool {
		return perm.Local == "perm" && perm.Get("access") == "roster" && perm.Get("type") == "both"
	})
	var here []bridge.OperatorJID
	for _, o := range r.bridge.Team.Operators() {
		if server(o.JID) == from.Domain {
			here = append(here, o.JID)
		}
	}
	if len(here) == 0 {
		return true
	}
	r.mu.Lock()
	r.grants[from.Domain] = may
	r.mu.Unlock()
	r.log.Info("roster access", "domain", from.Domain, "granted", may)
	for _, o := range here {
		r.Look(o, "")
	}
	return true
}

// Changed queues the operators who left a conversation. When one joins, or the
// conversation closes, the feed of the log calls Look, which also happens after a gap.
func (r *Rosters) Changed(ch bridge.Change) {
	for _, e := range ch.Events {
		if e.Shuts() {
			r.Look(e.Operator, ch.Conversation.Visitor)
		}
	}
}

// Look queues a contact to be looked at, if the operator's server allows it.
func (r *Rosters) Look(o bridge.OperatorJID, v bridge.VisitorJID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := (contact{o, v}); r.grants[server(o)] && !slices.Contains(r.queue, c) {
		r.queue = append(r.queue, c)
		select {
		case r.work <- struct{}{}:
		default:
		}
	}
}

// next takes the first of the queue.
func (r *Rosters) next() (contact, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 {
		return contact{}, false
	}
	c := r.queue[0]
	r.queue = r.queue[1:]
	return c, true
}

// Run works until ctx ends, with the link. One goroutine calls it, once.
func (r *Rosters) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.work:
		}
		for c, ok := r.next(); ok && ctx.Err() == nil; c, ok = r.next() {
			if err := safe.Do(func() error { return r.settle(ctx, c) }); err != nil && ctx.Err() == nil {
				r.failed(c.operator, err)
			}
		}
	}
}

// failed gives up on a domain whose server refuses what it has granted (ejabberd 23.01
// answers every change with internal-server-error), until the server grants it again.
func (r *Rosters) failed(o bridge.OperatorJID, err error) {
	switch stanza.Refused(err) {
	case "internal-server-error", "forbidden", "not-allowed", "service-unavailable":
		r.mu.Lock()
		delete(r.grants, server(o))
		r.queue = slices.DeleteFunc(r.queue, func(c contact) bool { return server(c.operator) == server(o) })
		r.mu.Unlock()
		r.log.Warn("rosters are left alone: the server refuses what it has granted", "domain", server(o), "err", err)
	default:
		r.log.Warn("a visitor could not be put into a roster, or taken out", "operator", o, "err", err)
	}
}

// settle brings an operator's roster in line with the store, for one visitor or for all.
func (r *Rosters) settle(ctx context.Context, c contact) error {
	answer, err := r.link.Ask(ctx, "get", r.domain, string(c.operator), stream.New(stanza.NSRoster, "query"))
	if err != nil {
		return err
	}
	has := make(map[bridge.VisitorJID]*stream.Element)
	if q := answer.Child(stanza.NSRoster, "query"); q != nil {
		for _, item := range q.Children {
			has[bridge.VisitorJID(item.Get("jid"))] = item
		}
	}
	visitors := []bridge.VisitorJID{c.visitor}
	if c.visitor == "" {
		if visitors, err = r.all(ctx, c.operator, has); err != nil {
			return err
		}
	}
	for _, v := range visitors {
		if err := r.put(ctx, contact{c.operator, v}, has[v]); err != nil {
			return err
		}
	}
	return nil
}

// all lists the visitors whom an operator has to do with, and those whom we have put
// into the roster.
func (r *Rosters) all(ctx context.Context, o bridge.OperatorJID, has map[bridge.VisitorJID]*stream.Element) ([]bridge.VisitorJID, error) {
	var list []bridge.VisitorJID
	for v, item := range has {
		if r.ours(item) && strings.HasSuffix(string(v), "@"+r.domain) {
			list = append(list, v)
		}
	}
	cards, err := r.bridge.Concerns(ctx, o)
	for _, card := range cards {
		if _, ok := has[card.Visitor]; !ok {
			list = append(list, card.Visitor)
		}
	}
	return list, err
}

// put puts a visitor into a roster, or takes them out (XEP-0356 §4.3). It leaves alone
// a contact that the operator has made or moved.
func (r *Rosters) put(ctx context.Context, c contact, item *stream.Element) error {
	name, talks, err := r.talks(ctx, c)
	if err != nil || talks == (item != nil) || item != nil && !r.ours(item) {
		return err
	}
	want := stream.New("", "item").With("jid", string(c.visitor), "subscription", "remove")
	if talks {
		want = want.With("subscription", "both", "name", name)
		want.Children = append(want.Children, stream.Text("", "group", r.group(r.voice(c.operator))))
	}
	_, err = r.link.Ask(ctx, "set", r.domain, string(c.operator), stream.New(stanza.NSRoster, "query", want))
	if !talks && stanza.Refused(err) == "item-not-found" {
		return nil // the contact is gone already
	}
	return err
}

// talks reports whether an operator takes part in a visitor's conversation, and
// what the visitor is called.
func (r *Rosters) talks(ctx context.Context, c contact) (name string, talks bool, err error) {
	conv, err := r.bridge.ByVisitor(ctx, c.visitor)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return "", false, nil
	}
	if err != nil || conv.State == bridge.Closed {
		return "", false, err
	}
	parts, err := r.bridge.Participants(ctx, conv.Number)
	if err != nil || !slices.ContainsFunc(parts, func(p bridge.Participant) bool { return p.Operator == c.operator && !p.Left }) {
		return "", false, err
	}
	card, err := r.bridge.Card(ctx, conv.Number)
	return r.voice(c.operator).Visitor(card.Request.Called()), true, err
}

// voice speaks an operator's language.
func (r *Rosters) voice(o bridge.OperatorJID) voice.Voice {
	operator, _ := r.bridge.Team.Operator(o)
	return voice.For(r.bridge, operator)
}

// group returns the roster group that visitors are in.
func (r *Rosters) group(v voice.Voice) string { return v.Say("Live support") }

// ours reports whether we have made an item: it is in our group alone. The group may
// have its name in any language, since operators change theirs.
func (r *Rosters) ours(item *stream.Element) bool {
	if len(item.Children) != 1 || item.Children[0].Local != "group" {
		return false
	}
	return slices.ContainsFunc(phrase.DeskLanguages(), func(l *phrase.Language) bool { return item.Children[0].Text == r.group(voice.In(r.bridge, l.Tag)) })
}

// server returns the domain of an operator's address.
func server(o bridge.OperatorJID) string {
	_, d, _ := strings.Cut(string(o), "@")
	return d
}
