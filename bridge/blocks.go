package bridge

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge/phrase"
)

// Block says that a visitor, or everybody from a range of addresses, is not served.
type Block struct {
	Target string // a visitor's JID, or a prefix such as 192.0.2.0/24
	Name   string // the visitor's name, for people
	Reason string // for operators only
	By     OperatorJID
	At     time.Time
	Ends   time.Time // zero: the block does not end
}

// Blocks knows who is not served. It holds all blocks in memory, since every message asks for
// them. The methods may be called by any goroutine.
type Blocks struct {
	store Store
	clock Clock
	nodes *Nodes
	turns atomic.Int64 // looks at the store, each counted when it begins
	mu    sync.RWMutex
	turn  int64 // the look at the store that the fields below are from
	list  []Block
	known map[VisitorJID]Block
	wide  []wideBlock
}

// wideBlock is the block of a range of addresses.
type wideBlock struct {
	Block
	prefix netip.Prefix
}

// Load reads the blocks from the store.
func (l *Blocks) Load(ctx context.Context) error {
	turn := l.turns.Add(1)
	var list []Block
	err := l.store.View(ctx, func(r Reader) (err error) {
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
	l.mu.Lock()
	defer l.mu.Unlock()
	if turn > l.turn {
		l.turn, l.list, l.known, l.wide = turn, list, known, wide
	}
	return nil
}

// Changed reads the blocks after they were changed, and has the other nodes do so.
func (l *Blocks) Changed(ctx context.Context) error {
	l.nodes.Changed()
	return l.Load(ctx)
}

// holds reports whether the block has not ended.
func (x Block) holds(now time.Time) bool { return x.Ends.IsZero() || now.Before(x.Ends) }

// List lists the blocks that have not ended, oldest first.
func (l *Blocks) List() []Block {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var list []Block
	for _, x := range l.list {
		if x.holds(l.clock.Now()) {
			list = append(list, x)
		}
	}
	return list
}

// refuse returns a CodeForbidden error for a visitor who is blocked, or whose address is in
// a blocked range. "" stands for a visitor or an address that is not known. The address may be
// cut to its range.
func (l *Blocks) refuse(v VisitorJID, address string) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if x, ok := l.known[v]; ok && x.holds(l.clock.Now()) {
		return turnedAway()
	}
	if len(l.wide) == 0 || address == "" {
		return nil
	}
	from, err := exactly(address)
	for _, x := range l.wide {
		if err == nil && x.holds(l.clock.Now()) && x.prefix.Overlaps(from) {
			return turnedAway()
		}
	}
	return nil
}

func turnedAway() error {
	return phrase.Fail(phrase.CodeForbidden, "You can't get support here at the moment.")
}

// refuseIn is refuse for the visitor of a conversation, at the address they asked from.
func (l *Blocks) refuseIn(r ConversationReader, c Conversation) (err error) {
	var q Request
	if l.ranges() {
		q, err = r.Request(c.Number)
	}
	if err != nil {
		return err
	}
	return l.refuse(c.Visitor, q.Address)
}

// ranges reports whether any range of addresses is blocked, so that addresses matter.
func (l *Blocks) ranges() bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.wide) > 0
}

// exactly is an address as a range, and a range itself.
func exactly(address string) (netip.Prefix, error) {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return netip.ParsePrefix(address)
	}
	addr = addr.Unmap().WithZone("")
	return addr.Prefix(addr.BitLen())
}

// around is all that is kept of an address, and what its block covers: a /24 of IPv4 or a /48 of IPv6, which many
// households share, so that it names nobody. A range stays as it is, such as the /64 that earlier versions kept. A string that is neither gets
// CodeConflict, since the address was not kept then.
func around(address string) (netip.Prefix, error) {
	if prefix, err := netip.ParsePrefix(address); err == nil {
		return prefix, nil
	}
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}, phrase.Fail(phrase.CodeConflict, "This visitor's address is not known: addresses are kept only with privacy.keep_addresses = true in the config. Nobody was blocked.")
	}
	bits := 48
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		bits = 24
	}
	return addr.Prefix(bits)
}

// Touching lists the blocks by which a visitor is not served: their own, those of their other JIDs, and those
// of the range that their newest request came from.
func (l *Blocks) Touching(ctx context.Context, v VisitorJID) ([]Block, error) {
	var from netip.Prefix
	all := []VisitorJID{v}
	err := l.store.View(ctx, func(r Reader) error {
		c, err := r.LatestConversation(v)
		if err == nil {
			all, err = identities(r, v)
		}
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
	for _, x := range l.List() {
		if prefix, err := netip.ParsePrefix(x.Target); slices.Contains(all, VisitorJID(x.Target)) || err == nil && prefix.Overlaps(from) {
			list = append(list, x)
		}
	}
	return list, nil
}

// UnblockVisitor ends all blocks by which a visitor is not served, and returns them.
// CodeNotFound says that there was none.
func (l *Blocks) UnblockVisitor(ctx context.Context, v VisitorJID) ([]Block, error) {
	list, err := l.Touching(ctx, v)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, phrase.Fail(phrase.CodeNotFound, "This visitor is not blocked.")
	}
	return list, l.drop(ctx, list...)
}

// Unblock ends a block and returns it. target is the block's target, or the part of it before
// the @, in either case. CodeNotFound says that there is no such block.
func (l *Blocks) Unblock(ctx context.Context, target string) (Block, error) {
	for _, x := range l.List() {
		if local, _, ok := strings.Cut(x.Target, "@"); strings.EqualFold(x.Target, target) || ok && strings.EqualFold(local, target) {
			return x, l.drop(ctx, x)
		}
	}
	return Block{}, phrase.Fail(phrase.CodeNotFound, "%q is not blocked. Send blocks to see who is.", Cut(target, 80))
}

func (l *Blocks) drop(ctx context.Context, list ...Block) error {
	err := l.store.Update(ctx, func(tx Tx) error {
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
	return l.Changed(ctx)
}
