// Package picture learns the picture that each operator has published of themselves: in their vCard (XEP-0054), or as an
// avatar of their account (XEP-0084).
package picture

import (
	"context"
	"log/slog"
	"sync"

	"porchlight/bridge"
	"porchlight/bridge/portraits"
	"porchlight/component/safe"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// Link is the part of the connection to the server that the pictures need.
type Link interface {
	// Ask sends an IQ and returns the answer. The error is a *stanza.Refusal if it was refused.
	Ask(ctx context.Context, typ, from, to string, payload *stream.Element) (*stream.Element, error)
}

// Pictures brings the portraits that are kept in line with what operators have published, over one link. What a client's
// presence says of the picture (XEP-0153) only says when to look: some clients say what is not so. The goroutine of Run
// does the work; the other methods only queue it and wait for nothing, so any goroutine may call them.
type Pictures struct {
	link Link
	keep *portraits.Portraits
	from string // the address that asks: operators let the desk see their presence, and so their avatar
	log  *slog.Logger
	work chan struct{}

	mu    sync.Mutex
	told  map[string]string           // what each client has told last, by full JID
	queue map[bridge.OperatorJID]bool // whose picture is to be looked at
	left  map[bridge.OperatorJID]bool // whose picture was not wanted when they were looked at
}

// New makes the Pictures of one link; desk is the desk's address. Without a keep it does nothing.
func New(link Link, keep *portraits.Portraits, desk string, log *slog.Logger) *Pictures {
	return &Pictures{link: link, keep: keep, from: desk, log: log, work: make(chan struct{}, 1),
		told: make(map[string]string), queue: make(map[bridge.OperatorJID]bool), left: make(map[bridge.OperatorJID]bool)}
}

// Seen takes what the presence of an operator's client says of the picture (XEP-0153 §3.1): its hash, or that there is
// none. A client that says nothing knows nothing of it.
func (p *Pictures) Seen(o bridge.OperatorJID, from stream.JID, presence *stream.Element) {
	if p.keep == nil {
		return
	}
	update := presence.Child(stanza.NSVCardPhoto, "x")
	p.mu.Lock()
	defer p.mu.Unlock()
	if presence.Get("type") == "unavailable" {
		delete(p.told, from.String())
		return
	}
	if update == nil || update.Child(stanza.NSVCardPhoto, "photo") == nil {
		return
	}
	p.hear(o, from.String(), update.ChildText(stanza.NSVCardPhoto, "photo"))
}

// Heard takes an event of an operator's account about the avatar (XEP-0084 §3.3), and reports whether el is one.
func (p *Pictures) Heard(o bridge.OperatorJID, from stream.JID, el *stream.Element) bool {
	items := el.Child(stanza.NSEvent, "event").Child(stanza.NSEvent, "items")
	if items.Get("node") != stanza.NSAvatarMeta || p.keep == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hear(o, from.Bare(), infoOf(items.Child(stanza.NSEvent, "item")).Get("id"))
	return true
}

// hear queues an operator if somebody tells of another picture than the one that is kept, and has not told of it before.
// The caller holds the lock.
func (p *Pictures) hear(o bridge.OperatorJID, teller, hash string) {
	before, known := p.told[teller]
	if len(hash) > mostHash || known && before == hash {
		return
	}
	p.told[teller] = hash
	if hash != p.keep.Source(o) {
		p.queue[o] = true
		p.wake()
	}
}

// mostHash is the length of the hashes that are remembered; a SHA-1 has 40 digits.
const mostHash = 64

// Changed has it looked at again whose picture is wanted: the settings or the team may have changed.
func (p *Pictures) Changed() { p.wake() }

func (p *Pictures) wake() {
	select {
	case p.work <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, with the link. One goroutine calls it, once.
func (p *Pictures) Run(ctx context.Context) {
	for p.keep != nil {
		p.tidy(ctx)
		for o, ok := p.next(); ok && ctx.Err() == nil; o, ok = p.next() {
			if err := safe.Do(func() error { return p.look(ctx, o) }); err != nil && ctx.Err() == nil {
				p.log.Warn("an operator's picture could not be learned", "operator", o, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-p.work:
		}
	}
}

// tidy forgets the portraits that are not wanted any more, and queues the operators whose portraits are wanted again.
func (p *Pictures) tidy(ctx context.Context) {
	for _, o := range p.keep.Kept() {
		if p.keep.Wanted(o) {
			continue
		}
		p.leave(o)
		if err := p.keep.Forget(ctx, o); err != nil && ctx.Err() == nil {
			p.log.Error("forget an operator's picture", "operator", o, "err", err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for o := range p.left {
		if p.keep.Wanted(o) {
			delete(p.left, o)
			p.queue[o] = true
		}
	}
}

// leave notes that an operator's picture is not wanted now.
func (p *Pictures) leave(o bridge.OperatorJID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left[o] = true
}

// next takes an operator from the queue.
func (p *Pictures) next() (bridge.OperatorJID, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for o := range p.queue {
		delete(p.queue, o)
		return o, true
	}
	return "", false
}

// look keeps the picture that an operator has published, or forgets the one that is there no more. One that visitors can't
// be shown is kept without its bytes.
func (p *Pictures) look(ctx context.Context, o bridge.OperatorJID) error {
	if !p.keep.Wanted(o) {
		p.leave(o)
		return nil
	}
	raw, err := p.fetch(ctx, o)
	switch {
	case err != nil:
		return err
	case len(raw) == 0:
		return p.keep.Forget(ctx, o)
	}
	source := hashOf(raw)
	if source == p.keep.Source(o) {
		return nil
	}
	media, drawn, err := Redraw(raw)
	if err != nil {
		p.log.Info("an operator's picture can't be shown", "operator", o, "err", err)
	}
	return p.keep.Keep(ctx, o, source, media, drawn)
}
