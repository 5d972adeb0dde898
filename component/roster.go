package component

import (
	"context"
	"slices"
	"strings"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// rosters keeps visitors in the rosters of those who talk to them, where the
// operators' server allows it: so clients show the visitor's name, and treat
// them as a contact. The roster itself is what is remembered; each time it is
// asked for and only the difference sent. Servers let us do that by Privileged Entity (XEP-0356), of
// which they speak one version or the other. One goroutine per link does that; what
// comes from elsewhere only queues for it, and waits for nothing.
type rosters struct {
	c    *Component
	work chan struct{}

	mu     sync.Mutex
	grants map[string]bool // domains whose server allows it, over this link
	queue  []contact       // each once; without visitor: all of the operator's
}

// contact is a visitor in an operator's roster.
type contact struct {
	operator bridge.OperatorJID
	visitor  bridge.VisitorJID
}

func newRosters(c *Component) *rosters {
	return &rosters{c: c, work: make(chan struct{}, 1), grants: make(map[string]bool)}
}

// forget drops what an earlier link allowed.
func (r *rosters) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.grants, r.queue = make(map[string]bool), nil
}

// granted takes a server's word that we may change its users' rosters, or may
// not any more (XEP-0356 §4.2), and reports whether el is one. It runs in the
// reader. Only operators' domains count, so that no stranger fills our memory.
func (r *rosters) granted(from stream.JID, el *stream.Element) bool {
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
	for _, o := range r.c.bridge.Operators() {
		if domain(o.JID) == from.Domain {
			here = append(here, o.JID)
		}
	}
	if len(here) == 0 {
		return true
	}
	r.mu.Lock()
	r.grants[from.Domain] = may
	r.mu.Unlock()
	r.c.log.Info("roster access", "domain", from.Domain, "granted", may)
	for _, o := range here {
		r.look(o, "")
	}
	return true
}

// changed queues what a change may have changed of who talks to whom. Who joins
// and that it is over is told by feed, too, which forgets nothing.
func (r *rosters) changed(ch bridge.Change) {
	for _, e := range ch.Events {
		if e.Leaves() {
			r.look(e.Operator, ch.Conversation.Visitor)
		}
	}
}

// look queues a contact to be looked at, if the operator's server allows it.
func (r *rosters) look(o bridge.OperatorJID, v bridge.VisitorJID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := (contact{o, v}); r.grants[domain(o)] && !slices.Contains(r.queue, c) {
		r.queue = append(r.queue, c)
		select {
		case r.work <- struct{}{}:
		default:
		}
	}
}

// next takes the first of the queue.
func (r *rosters) next() (contact, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 {
		return contact{}, false
	}
	c := r.queue[0]
	r.queue = r.queue[1:]
	return c, true
}

// run works until ctx, which is the link's, ends.
func (r *rosters) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.work:
		}
		for c, ok := r.next(); ok && ctx.Err() == nil; c, ok = r.next() {
			if err := guarded(func() error { return r.settle(ctx, c) }); err != nil && ctx.Err() == nil {
				r.failed(c.operator, err)
			}
		}
	}
}

// failed gives up on a domain whose server can't do what it allows (ejabberd
// 23.01 says internal-server-error to every change), until it says again that it
// allows it.
func (r *rosters) failed(o bridge.OperatorJID, err error) {
	switch stanza.Refused(err) {
	case "internal-server-error", "forbidden", "not-allowed", "service-unavailable":
		r.mu.Lock()
		delete(r.grants, domain(o))
		r.queue = slices.DeleteFunc(r.queue, func(c contact) bool { return domain(c.operator) == domain(o) })
		r.mu.Unlock()
		r.c.log.Warn("rosters are left alone: the server refuses what it has granted", "domain", domain(o), "err", err)
	default:
		r.c.log.Warn("a visitor could not be put into a roster, or taken out", "operator", o, "err", err)
	}
}

// settle brings an operator's roster in line: as to one visitor, or to all.
func (r *rosters) settle(ctx context.Context, c contact) error {
	answer, err := r.c.ask(ctx, "get", r.c.opts.Domain, string(c.operator), stream.New(stanza.NSRoster, "query"))
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

// all lists the visitors that an operator talks to, and those of ours that are
// in the roster.
func (r *rosters) all(ctx context.Context, o bridge.OperatorJID, has map[bridge.VisitorJID]*stream.Element) ([]bridge.VisitorJID, error) {
	var list []bridge.VisitorJID
	for v, item := range has {
		if r.ours(item) && strings.HasSuffix(string(v), "@"+r.c.opts.Domain) {
			list = append(list, v)
		}
	}
	cards, err := r.c.bridge.Concerns(ctx, o)
	for _, card := range cards {
		if _, ok := has[card.Visitor]; !ok {
			list = append(list, card.Visitor)
		}
	}
	return list, err
}

// put puts a visitor into a roster, or takes them out (XEP-0356 §4.3). A contact
// that the operator has made or moved is theirs, and is not touched.
func (r *rosters) put(ctx context.Context, c contact, item *stream.Element) error {
	name, talks, err := r.talks(ctx, c)
	if err != nil || talks == (item != nil) || item != nil && !r.ours(item) {
		return err
	}
	want := stream.New("", "item").With("jid", string(c.visitor), "subscription", "remove")
	if talks {
		want = want.With("subscription", "both", "name", name)
		want.Children = append(want.Children, stream.Text("", "group", r.group(r.c.voice(c.operator))))
	}
	_, err = r.c.ask(ctx, "set", r.c.opts.Domain, string(c.operator), stream.New(stanza.NSRoster, "query", want))
	if !talks && stanza.Refused(err) == "item-not-found" {
		return nil // gone meanwhile, which is what was wanted
	}
	return err
}

// talks reports whether an operator takes part in a visitor's conversation, and
// what the visitor is called.
func (r *rosters) talks(ctx context.Context, c contact) (name string, talks bool, err error) {
	conv, err := r.c.bridge.ByVisitor(ctx, c.visitor)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return "", false, nil
	}
	if err != nil || conv.State == bridge.Closed {
		return "", false, err
	}
	parts, err := r.c.bridge.Participants(ctx, conv.Number)
	if err != nil || !slices.ContainsFunc(parts, func(p bridge.Participant) bool { return p.Operator == c.operator && !p.Left }) {
		return "", false, err
	}
	card, err := r.c.bridge.Card(ctx, conv.Number)
	return r.c.voice(c.operator).Visitor(card.Request.Called()), true, err
}

// group is where visitors stand in a roster.
func (r *rosters) group(v voice.Voice) string { return v.Say("Live support") }

// ours reports whether we have made an item: it is in our group and in no other,
// whatever the operator's language was.
func (r *rosters) ours(item *stream.Element) bool {
	if len(item.Children) != 1 || item.Children[0].Local != "group" {
		return false
	}
	return slices.ContainsFunc(phrase.Languages(), func(l *phrase.Language) bool { return item.Children[0].Text == r.group(voice.In(r.c.bridge, l.Tag)) })
}

// domain is an operator's server.
func domain(o bridge.OperatorJID) string {
	_, d, _ := strings.Cut(string(o), "@")
	return d
}
