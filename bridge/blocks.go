package bridge

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"
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

// blocks holds them all in memory, since every request asks.
type blocks struct {
	mu   sync.RWMutex
	list []Block
}

func (b *Bridge) loadBlocks(ctx context.Context) error {
	return b.store.View(ctx, func(r Reader) error {
		list, err := r.Blocks()
		b.blocks.mu.Lock()
		defer b.blocks.mu.Unlock()
		b.blocks.list = list
		return err
	})
}

// Blocks lists those that have not ended, oldest first.
func (b *Bridge) Blocks() []Block {
	b.blocks.mu.RLock()
	defer b.blocks.mu.RUnlock()
	var list []Block
	for _, x := range b.blocks.list {
		if x.Ends.IsZero() || b.clock.Now().Before(x.Ends) {
			list = append(list, x)
		}
	}
	return list
}

// blocked refuses a visitor who is blocked, or comes from where all are; "" for
// what is not known of them.
func (b *Bridge) blocked(v VisitorJID, address string) error {
	addr, err := netip.ParseAddr(address)
	for _, x := range b.Blocks() {
		prefix, bad := netip.ParsePrefix(x.Target)
		if x.Target == string(v) || err == nil && bad == nil && prefix.Contains(addr.Unmap()) {
			return Fail(CodeForbidden, "You can't get support here at the moment.")
		}
	}
	return nil
}

// BlockVisitor blocks the visitor of a conversation for a time (0: for good), and
// ends the conversation. With the range, everybody whose address is near theirs is
// blocked as well, which CodeConflict refuses where addresses are not kept.
func (b *Bridge) BlockVisitor(ctx context.Context, jid OperatorJID, v VisitorJID, wide bool, d time.Duration, reason string) ([]Block, error) {
	c, err := b.ByVisitor(ctx, v)
	if err != nil {
		return nil, err
	}
	card, err := b.Card(ctx, c.Number)
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
		if tx, ok := r.(Tx); ok {
			for _, x := range list {
				if err := tx.SaveBlock(x); err != nil {
					return Conversation{}, err
				}
			}
		}
		return r.LatestConversation(v)
	}, exactly(Action{Type: OperatorBlocks}))
	if err != nil {
		return nil, err
	}
	return list, b.loadBlocks(ctx)
}

// around is the range that a block of an address covers: what one household or
// office usually has, a /24 of IPv4 or a /64 of IPv6.
func around(address string) (netip.Prefix, error) {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}, Fail(CodeConflict, "This visitor's address is not known: addresses are kept only with privacy.keep_addresses = true in the config. Nobody was blocked.")
	}
	bits := 64
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		bits = 24
	}
	return addr.Prefix(bits)
}

// Unblock ends a block by its target; CodeNotFound if there is none.
func (b *Bridge) Unblock(ctx context.Context, target string) (Block, error) {
	var found Block
	for _, x := range b.Blocks() {
		if local, _, ok := strings.Cut(x.Target, "@"); strings.EqualFold(x.Target, target) || ok && strings.EqualFold(local, target) {
			found = x
		}
	}
	if found.Target == "" {
		return found, Fail(CodeNotFound, "%q is not blocked. Send blocks to see who is.", cut(target, 80))
	}
	if err := b.store.Update(ctx, func(tx Tx) error { return tx.DeleteBlock(found.Target) }); err != nil {
		return found, err
	}
	return found, b.loadBlocks(ctx)
}
