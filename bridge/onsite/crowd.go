package onsite

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"
)

// From is where a page is opened: an address, and the network around it. Each number stands for one of them.
type From struct{ Address, Network uint64 }

// networkShare is how many times as many pages as one address its network may have.
const networkShare = 4

// letters are how many an id has, if no other visit's begins alike.
const letters = 4

// crowd holds the visits, within limits. Its owner guards it.
type crowd struct {
	most, mostFrom int // visits of all, and of one address; 0: no limit
	byKey          map[string]*Visit
	byID           map[string]*Visit
	addresses      map[uint64]map[*Visit]bool // the visits that each has
	networks       map[uint64]int             // how many each has

	refused int64 // pages for which there was no room
}

func newCrowd(most, mostFrom int) crowd {
	return crowd{most: most, mostFrom: mostFrom, byKey: make(map[string]*Visit), byID: make(map[string]*Visit), addresses: make(map[uint64]map[*Visit]bool), networks: make(map[uint64]int)}
}

// enter makes a visit, nil if there is no room for it. When all room is taken, somebody who has fewer visits than the
// greediest address or network gets one of theirs, which is out then. What has left already gives way first.
func (c *crowd) enter(key string, from From, now time.Time) (v, out *Visit) {
	if c.beyond(from) {
		out = c.gone(from.Address)
		c.drop(out)
	}
	refused := c.beyond(from)
	if !refused && c.most > 0 && len(c.byKey) >= c.most {
		out = c.victim(from)
		c.drop(out)
		refused = out == nil
	}
	if refused {
		c.refused++
		return nil, out
	}
	v = &Visit{ID: c.newID(key), key: key, from: from, Began: now, Since: now, heard: now}
	c.byKey[key], c.byID[v.ID] = v, v
	if c.addresses[from.Address] == nil {
		c.addresses[from.Address] = make(map[*Visit]bool)
	}
	c.addresses[from.Address][v] = true
	c.networks[from.Network]++
	return v, out
}

// gone is a visit of an address that has left, nil if there is none.
func (c *crowd) gone(address uint64) *Visit {
	for v := range c.addresses[address] {
		if !v.left.IsZero() {
			return v
		}
	}
	return nil
}

// rename gives a visit the ID of one that is not in the crowd any more, or that another node has given it. If another visit
// here has that ID, two nodes have given it at the same time, and that visit gets another.
func (c *crowd) rename(v *Visit, id string) {
	delete(c.byID, v.ID)
	if same := c.byID[id]; same != nil {
		same.ID = c.newID(same.key)
		c.byID[same.ID] = same
	}
	v.ID = id
	c.byID[id] = v
}

// beyond reports whether an address or its network has as many visits as it may have.
func (c *crowd) beyond(from From) bool {
	return c.mostFrom > 0 && (len(c.addresses[from.Address]) >= c.mostFrom || c.networks[from.Network] >= networkShare*c.mostFrom)
}

// victim is a visit of the greediest address, or else of the greediest network, that has more than from would have; nil if
// there is none.
func (c *crowd) victim(from From) *Visit {
	v := c.stalest(len(c.addresses[from.Address])+1, func(f From) int { return len(c.addresses[f.Address]) })
	if v == nil {
		v = c.stalest(c.networks[from.Network]+1, func(f From) int { return c.networks[f.Network] })
	}
	return v
}

// stalest is the visit that was heard of least lately of those who have most, nil if nobody has more than a number.
func (c *crowd) stalest(more int, has func(From) int) (victim *Visit) {
	for _, v := range c.byKey {
		n := has(v.from)
		if n > more || n == more && victim != nil && v.heard.Before(victim.heard) {
			victim, more = v, n
		}
	}
	return victim
}

// drop forgets a visit, if there is one.
func (c *crowd) drop(v *Visit) {
	if v == nil || c.byKey[v.key] != v {
		return
	}
	delete(c.byKey, v.key)
	delete(c.byID, v.ID)
	if delete(c.addresses[v.from.Address], v); len(c.addresses[v.from.Address]) == 0 {
		delete(c.addresses, v.from.Address)
	}
	if c.networks[v.from.Network]--; c.networks[v.from.Network] == 0 {
		delete(c.networks, v.from.Network)
	}
}

// newID makes an id of a page's key that no visit has. All nodes make the same of it, so the page has one id even if it told two of
// them before they told each other.
func (c *crowd) newID(key string) string {
	sum := sha256.Sum256([]byte(key))
	all := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))
	n := letters
	for c.byID[all[:n]] != nil {
		n++
	}
	return all[:n]
}
