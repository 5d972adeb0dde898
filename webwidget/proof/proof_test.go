package proof_test

import (
	"net/netip"
	"strconv"
	"testing"
	"time"

	"porchlight/webwidget/peer"
	"porchlight/webwidget/proof"
)

func of(address string) peer.Net { return peer.Of(netip.MustParseAddr(address)) }

// solve tries one nonce after the other until the desk says that it has enough zero bits.
func solve(d *proof.Desk, client peer.Net, challenge string) string {
	for i := 0; ; i++ {
		if d.Take(client, challenge, strconv.Itoa(i)) != proof.TooEasy {
			d.Return(client, challenge)
			return strconv.Itoa(i)
		}
	}
}

func TestDesk_Take(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := proof.New([]byte("key"), 8, func() time.Time { return now })
	anna, eve := of("192.0.2.1"), of("192.0.2.2")
	c, ends := d.Challenge(anna, now)
	nonce := solve(d, anna, c)
	other, _ := proof.New([]byte("another key"), 8, time.Now).Challenge(anna, now)
	if why := d.Take(anna, other, solve(d, anna, other)); why != proof.Unknown {
		t.Errorf("signed with another key: %q", why)
	}
	if why := d.Take(eve, c, nonce); why != proof.Unknown {
		t.Errorf("of another address: %q", why)
	}
	for _, wrong := range []string{"", "x", c[1:], c + "A", "B" + c[1:]} {
		if d.Take(anna, wrong, solve(d, anna, wrong)) == "" {
			t.Errorf("%q was accepted", wrong)
		}
	}
	if why := d.Take(anna, c, nonce); why != "" {
		t.Errorf("a good one: %q", why)
	}
	if why := d.Take(anna, c, nonce); why != proof.Used {
		t.Errorf("again: %q", why)
	}
	d.Return(anna, c)
	now = ends
	if why := d.Take(anna, c, nonce); why != proof.Late {
		t.Errorf("at its end: %q", why)
	}
}

func TestDesk_Wait(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := proof.New([]byte("key"), 60, func() time.Time { return now })
	c, _ := d.Challenge(0, now.Add(5*time.Second))
	for _, want := range []proof.Why{proof.Early, "", proof.Used} {
		if why := d.Wait(0, c); why != want {
			t.Errorf("%q, want %q", why, want)
		}
		now = now.Add(5 * time.Second)
	}
}

// A desk remembers a bounded number of used challenges, and forgets them in time.
func TestDesk_Bounded(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := proof.New([]byte("key"), 0, func() time.Time { return now })
	take := func() proof.Why { c, _ := d.Challenge(0, now); return d.Take(0, c, "") }
	for i := range proof.Most {
		if why := take(); why != "" {
			t.Fatalf("%d: %q", i, why)
		}
	}
	if why := take(); why != proof.Crowded {
		t.Errorf("one too many: %q", why)
	}
	now = now.Add(proof.Lasts)
	if why := take(); why != "" {
		t.Errorf("after a while: %q", why)
	}
}
