package bridge

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge/phrase"
)

// Block is a visitor, or a range of addresses, that is not served.
type Block struct {
	Target string // a visitor's JID, or a prefix such as 192.0.2.0/24
	Name   string // of the visitor, for people
	Reason string // for operators only
	By     OperatorJID
	At     time.Time
	Ends   time.Time // zero: never
}

// blocks holds them all in memory, since every message asks.
type blocks struct {
	turns atomic.Int64 // as of team
	mu    sync.RWMutex
	turn  int64
	list  []Block
	known map[VisitorJID]Block
	wide  []wideBlock
}

// wideBlock is one of a range of addresses.
type wideBlock struct {
	Block
	prefix netip.Prefix
}

// LoadBlocks reads again who is blocked.
func (b *Bridge) LoadBlocks(ctx context.Context) error {
	turn := b.blocks.turns.Add(1)
	var list []Block
	err := b.store.View(ctx, func(r Reader) (err error) {
		list, err = r.Blocks()
		return err
	})
	if err != nil {
		return err
	}
	known, wide := make(map[VisitorJID]Block), []wideBlock(nil)
	for _, x := range list {
		if prefix, err := netip.ParsePrefix(x.Target); err == nil {
			wide = append(wide, wideBlock{x, prefix})
		} else {
			known[VisitorJID(x.Target)] = x
		}
	}
	b.blocks.mu.Lock()
	defer b.blocks.mu.Unlock()
	if turn > b.blocks.turn {
		b.blocks.turn, b.blocks.list, b.blocks.known, b.blocks.wide = turn, list, known, wide
	}
	return nil
}

// holds reports whether the block has not ended.
func (x Block) holds(now time.Time) bool { return x.Ends.IsZero() || now.Before(x.Ends) }

// Blocks lists those that have not ended, oldest first.
func (b *Bridge) Blocks() []Block {
	b.blocks.mu.RLock()
	defer b.blocks.mu.RUnlock()
	var list []Block
	for _, x := range b.blocks.list {
		if x.holds(b.clock.Now()) {
			list = append(list, x)
		}
	}
	return list
}

// blocked refuses a visitor who is blocked, or comes from where all are; "" for
// what is not known of them. An address may be cut to its range.
func (b *Bridge) blocked(v VisitorJID, address string) error {
	b.blocks.mu.RLock()
	defer b.blocks.mu.RUnlock()
	if x, ok := b.blocks.known[v]; ok && x.holds(b.clock.Now()) {
		return turnedAway()
	}
	if len(b.blocks.wide) == 0 || address == "" {
		return nil
	}
	from, err := around(address)
	for _, x := range b.blocks.wide {
		if err == nil && x.holds(b.clock.Now()) && x.prefix.Overlaps(from) {
			return turnedAway()
		}
	}
	return nil
}

func turnedAway() error {
	return phrase.Fail(phrase.CodeForbidden, "You can't get support here at the moment.")
}

// rangesBlocked reports whether it matters where somebody comes from.
func (b *Bridge) rangesBlocked() bool {
	b.blocks.mu.RLock()
	defer b.blocks.mu.RUnlock()
	return len(b.blocks.wide) > 0
}

// BlockVisitor blocks the visitor of a conversation for a time (0: for good), and
// ends all that is open of theirs. With the range, everybody whose address is near theirs is
// blocked as well, which CodeConflict refuses where addresses are not kept.
func (b *Bridge) BlockVisitor(ctx context.Context, jid OperatorJID, v VisitorJID, wide bool, d time.Duration, reason string) ([]Block, error) {
	o, err := b.enabled(jid)
	if err != nil {
		return nil, err
	}
	card, err := b.CardFor(ctx, o, v)
	if err != nil {
		return nil, err
	}
	now := b.clock.Now()
	one := Block{Target: string(v), Name: card.Request.Name, Reason: cleanText(reason), By: jid, At: now}
	if d > 0 {
		one.Ends = now.Add(d)
	}
	list := []Block{one}
	if wide {
		prefix, err := around(card.Request.Address)
		if err != nil {
			return nil, err
		}
		one.Target = prefix.String()
		list = append(list, one)
	}
	_, err = b.operatorDoes(ctx, jid, func(r Reader) (Conversation, error) {
		for _, x := range list {
			if err := r.(Tx).SaveBlock(x); err != nil { // within act r is always one
				return Conversation{}, err
			}
		}
		return r.LatestConversation(v)
	}, exactly(Action{Type: OperatorBlocks}))
	if err != nil {
		return nil, err
	}
	for _, earlier := range card.Earlier {
		if earlier.State == Closed {
			continue
		}
		if _, err := b.act(ctx, byNumber(earlier.Number), exactly(Action{Type: OperatorBlocks, Operator: jid})); err != nil {
			return nil, err
		}
	}
	return list, b.LoadBlocks(ctx)
}

// around is the range that a block of an address covers: what one household or
// office usually has, a /24 of IPv4 or a /64 of IPv6. A range stays as it is.
func around(address string) (netip.Prefix, error) {
	if prefix, err := netip.ParsePrefix(address); err == nil {
		return prefix, nil
	}
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}, phrase.Fail(phrase.CodeConflict, "This visitor's address is not known: addresses are kept only with privacy.keep_addresses = true in the config. Nobody was blocked.")
	}
	bits := 64
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		bits = 24
	}
	return addr.Prefix(bits)
}

// Touching lists the blocks by which a visitor is not served: their own, and those
// of where they asked from the last time.
func (b *Bridge) Touching(ctx context.Context, v VisitorJID) ([]Block, error) {
	var from netip.Prefix
	err := b.store.View(ctx, func(r Reader) error {
		c, err := r.LatestConversation(v)
		if err != nil {
			return err
		}
		q, err := r.Request(c.Number)
		from, _ = around(q.Address) // the zero prefix overlaps nothing
		return err
	})
	if err != nil && phrase.CodeOf(err) != phrase.CodeNotFound {
		return nil, err
	}
	var list []Block
	for _, x := range b.Blocks() {
		if prefix, err := netip.ParsePrefix(x.Target); x.Target == string(v) || err == nil && prefix.Overlaps(from) {
			list = append(list, x)
		}
	}
	return list, nil
}

// UnblockVisitor ends all the blocks by which a visitor is not served and returns
// them; CodeNotFound if there is none.
func (b *Bridge) UnblockVisitor(ctx context.Context, v VisitorJID) ([]Block, error) {
	list, err := b.Touching(ctx, v)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, phrase.Fail(phrase.CodeNotFound, "This visitor is not blocked.")
	}
	return list, b.dropBlocks(ctx, list...)
}

// Unblock ends a block by its target; CodeNotFound if there is none.
func (b *Bridge) Unblock(ctx context.Context, target string) (Block, error) {
	for _, x := range b.Blocks() {
		if local, _, ok := strings.Cut(x.Target, "@"); strings.EqualFold(x.Target, target) || ok && strings.EqualFold(local, target) {
			return x, b.dropBlocks(ctx, x)
		}
	}
	return Block{}, phrase.Fail(phrase.CodeNotFound, "%q is not blocked. Send blocks to see who is.", cut(target, 80))
}

func (b *Bridge) dropBlocks(ctx context.Context, list ...Block) error {
	err := b.store.Update(ctx, func(tx Tx) error {
		for _, x := range list {
			if err := tx.DeleteBlock(x.Target); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.LoadBlocks(ctx)
}
