package share_test

import (
	"net/netip"
	"testing"

	"porchlight/webwidget/peer"
	"porchlight/webwidget/share"
)

// holder is a member that counts how often it gave way.
type holder struct {
	slot share.Slot
	pace int64
	cut  int
}

func (h *holder) Slot() *share.Slot { return &h.slot }
func (h *holder) Pace() int64       { return h.pace }
func (h *holder) Cut()              { h.cut++ }

func of(chat int64, address string, pace int64) *holder {
	return &holder{slot: share.Slot{Chat: chat, Net: peer.Of(netip.MustParseAddr(address))}, pace: pace}
}

func enter(t *testing.T, p *share.Pool, want bool, all ...*holder) {
	t.Helper()
	for i, h := range all {
		if p.Enter(h) != want {
			t.Fatalf("%d: entered %v, want %v", i, !want, want)
		}
	}
}

func TestPool_LimitsOfEachGroup(t *testing.T) {
	p := share.New(share.Limits{Total: 100, PerChat: 2, PerAddress: 3})
	a := of(1, "192.0.2.1", 0)
	enter(t, p, true, a, of(1, "192.0.2.1", 0))
	enter(t, p, false, of(1, "192.0.2.9", 0)) // the conversation has two
	enter(t, p, true, of(2, "192.0.2.1", 0))
	enter(t, p, false, of(3, "192.0.2.1", 0)) // the address has three
	for i := range 9 {
		enter(t, p, true, of(int64(10+i), "192.0.2."+string(rune('2'+i%3)), 0))
	}
	enter(t, p, false, of(30, "192.0.2.200", 0)) // the network has twelve
	p.Leave(a)
	p.Leave(a) // changes nothing
	enter(t, p, true, of(30, "192.0.2.200", 0))
	if s := p.Stats(); s.Used != 12 || s.Refused != 3 || s.GaveWay != 0 {
		t.Errorf("stats %+v", s)
	}
}

func TestPool_TheSlowestOfTheGreediestGivesWay(t *testing.T) {
	p := share.New(share.Limits{Total: 4})
	fast, slow, mid, other := of(1, "192.0.2.1", 9), of(1, "192.0.2.1", 1), of(1, "192.0.2.1", 5), of(2, "198.51.100.1", 0)
	enter(t, p, true, fast, slow, mid, other)
	enter(t, p, false, of(1, "192.0.2.1", 99)) // its own conversation is the greediest
	enter(t, p, true, of(3, "192.0.2.1", 0))
	if slow.cut != 1 || fast.cut+mid.cut+other.cut != 0 {
		t.Errorf("gave way: slow %d, fast %d, mid %d, other %d", slow.cut, fast.cut, mid.cut, other.cut)
	}
	p.Leave(slow) // slow has no place any more, and nobody else loses one
	enter(t, p, false, of(3, "192.0.2.1", 0))
	if s := p.Stats(); s.Used != 4 || s.GaveWay != 1 {
		t.Errorf("stats %+v", s)
	}
}

// Many conversations of one address, or of one network, count as one greedy client.
func TestPool_GreedyAddressAndNetwork(t *testing.T) {
	p := share.New(share.Limits{Total: 3})
	first := of(1, "2001:db8:1:1::1", 0)
	enter(t, p, true, first, of(2, "2001:db8:1:2::1", 1), of(3, "2001:db8:1:3::1", 2))
	enter(t, p, false, of(4, "2001:db8:1:4::1", 0))
	enter(t, p, true, of(5, "2001:db8:2::1", 0))
	if first.cut != 1 {
		t.Error("the network that has all did not give way")
	}
	p = share.New(share.Limits{Total: 3})
	enter(t, p, true, of(1, "192.0.2.1", 0), of(2, "192.0.2.1", 1), of(3, "192.0.2.1", 2), of(4, "192.0.2.2", 3))
}

// A member without a conversation gives way to a member with one, and never the other way round.
func TestPool_ChatsLast(t *testing.T) {
	p := share.New(share.Limits{Total: 2})
	watcher := of(0, "192.0.2.1", 100)
	enter(t, p, true, watcher, of(1, "192.0.2.1", 0))
	enter(t, p, true, of(2, "192.0.2.1", 0))
	if watcher.cut != 1 {
		t.Error("the watcher kept its place")
	}
	enter(t, p, false, of(0, "192.0.2.1", 0))
}
