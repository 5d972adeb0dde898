// Package portraits keeps the picture that each operator has published of themselves, and says which of them visitors
// see, and who is there for them. How a picture is learned, and what makes it fit to be shown, is its caller's business.
package portraits

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// Portrait is an operator's picture. A picture that visitors can't be shown has neither Name nor bytes: it is kept so
// that it is not fetched again.
type Portrait struct {
	Operator bridge.OperatorJID
	Source   string // what the operator's server calls it: the SHA-1 of what was published, in hexadecimal digits (XEP-0153 §3.1)
	Name     string // the file's name in the address; it holds a hash of the bytes
	Media    string // image/png or image/jpeg
	Bytes    []byte
	Learned  time.Time
}

// mostBytes is the size of a portrait. What makes portraits brings them far below that.
const mostBytes = 64 << 10

// extensions are the kinds of picture that are kept, with what their names end in.
var extensions = map[string]string{"image/png": ".png", "image/jpeg": ".jpg"}

// Portraits knows the portraits. Its methods may be called by any goroutine; those that take a context may wait for the
// store.
type Portraits struct {
	store  Store
	bridge *bridge.Bridge
	turns  atomic.Int64 // looks at the store, in their order

	mu   sync.RWMutex
	turn int64                           // the look that of is from
	of   map[bridge.OperatorJID]Portrait // without their bytes
}

// New makes a Portraits.
func New(store Store, b *bridge.Bridge) *Portraits { return &Portraits{store: store, bridge: b} }

// Load reads which portraits there are, at the start.
func (p *Portraits) Load(ctx context.Context) error {
	var list []Portrait
	turn := p.turns.Add(1)
	err := p.store.ViewPortraits(ctx, func(r Reader) (err error) {
		list, err = r.Portraits()
		return err
	})
	if err == nil {
		p.mirror(list, turn)
	}
	return err
}

// mirror takes in what a look at the store has read, unless a later one is in already.
func (p *Portraits) mirror(list []Portrait, turn int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if turn < p.turn {
		return
	}
	p.turn, p.of = turn, make(map[bridge.OperatorJID]Portrait)
	for _, x := range list {
		p.of[x.Operator] = x
	}
}

// change changes portraits in a transaction.
func (p *Portraits) change(ctx context.Context, f func(Tx) error) error {
	var list []Portrait
	var turn int64
	err := p.store.UpdatePortraits(ctx, func(tx Tx) error {
		err := f(tx)
		if err != nil {
			return err
		}
		turn = p.turns.Add(1) // updates run one after the other, so one that begins later sees no less
		list, err = tx.Portraits()
		return err
	})
	if err == nil {
		p.mirror(list, turn)
		p.bridge.Nodes.Changed()
	}
	return err
}

// Keep stores what an operator has published: its source, and the bytes and the media type that visitors get; no bytes if
// it can't be shown.
func (p *Portraits) Keep(ctx context.Context, o bridge.OperatorJID, source, media string, bytes []byte) error {
	x := Portrait{Operator: o, Source: source, Learned: p.bridge.Now()}
	if ending, ok := extensions[media]; ok && len(bytes) > 0 && len(bytes) <= mostBytes {
		sum := sha256.Sum256(bytes)
		x.Name, x.Media, x.Bytes = hex.EncodeToString(sum[:12])+ending, media, bytes
	}
	return p.change(ctx, func(tx Tx) error { return tx.SavePortrait(x) })
}

// Forget deletes an operator's portrait, if there is one.
func (p *Portraits) Forget(ctx context.Context, o bridge.OperatorJID) error {
	return p.change(ctx, func(tx Tx) error { return tx.DeletePortrait(o) })
}

// Source is what the operator's server calls the picture that is kept of an operator, "" if none is.
func (p *Portraits) Source(o bridge.OperatorJID) string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.of[o].Source
}

// Kept lists the operators of whom a portrait is kept, in no order.
func (p *Portraits) Kept() (list []bridge.OperatorJID) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for o := range maps.Keys(p.of) {
		list = append(list, o)
	}
	return list
}

// Wanted reports whether visitors may see an operator's picture: the operator is enabled, and neither they nor the site
// have switched that off.
func (p *Portraits) Wanted(o bridge.OperatorJID) bool {
	op, ok := p.bridge.Team.Operator(o)
	return ok && !op.NoFace && p.bridge.Settings.On(setting.Faces)
}

// Address is where visitors find an operator's portrait, a path below public_url; "" if they see none. A nil Portraits
// has none.
func (p *Portraits) Address(o bridge.OperatorJID) string {
	if p == nil {
		return ""
	}
	p.mu.RLock()
	name := p.of[o].Name
	p.mu.RUnlock()
	if name == "" || !p.Wanted(o) {
		return ""
	}
	return Path + name
}

// Path is where portraits lie, below public_url.
const Path = "/faces/"

// Find finds a portrait by its name. CodeNotFound says that there is none, or that visitors don't see it.
func (p *Portraits) Find(ctx context.Context, name string) (x Portrait, err error) {
	if o, ok := p.whose(name); ok {
		err = p.store.ViewPortraits(ctx, func(r Reader) (err error) {
			x, err = r.Portrait(o)
			return err
		})
	}
	if err == nil && x.Name != name || name == "" { // also: it has changed meanwhile
		err = phrase.Fail(phrase.CodeNotFound, "There is no such picture.")
	}
	return x, err
}

// whose finds an operator whose portrait has a name, and whom visitors see.
func (p *Portraits) whose(name string) (bridge.OperatorJID, bool) {
	for _, o := range p.Kept() {
		if p.Address(o) == Path+name {
			return o, true
		}
	}
	return "", false
}
