package onsite

import (
	"crypto/rand"
	"strings"
	"time"
)

// From is where a page is opened: an address, and the network around it. Each number stands for one of them.
type From struct{ Address, Network uint64 }

// networkShare is how many times as many pages as one address its network may have.
const networkShare = 4

// crowd holds the visits, within limits. Its owner guards it.
type crowd struct {
	most, mostFrom int // visits of all, and of one address; 0: no limit
	byKey          map[string]*Visit
	byID           map[string]*Visit
	addresses      map[uint64]int // how many visits each has
	networks       map[uint64]int

	refused int64 // pages for which there was no room
}

func newCrowd(most, mostFrom int) crowd {
	return crowd{most: most, mostFrom: mostFrom, byKey: make(map[string]*Visit), byID: make(map[string]*Visit), addresses: make(map[uint64]int), networks: make(map[uint64]int)}
}

// enter makes a visit, nil if there is no room for it. When all room is taken, somebody who has fewer visits than the
// greediest address or network gets one of theirs.
func (c *crowd) enter(key string, from From, now time.Time) *Visit {
	if c.beyond(from) || c.most > 0 && len(c.byKey) >= c.most && !c.giveWay(from) {
		c.refused++
		return nil
	}
	v := &Visit{ID: c.newID(), key: key, from: from, Began: now, Since: now, heard: now}
	c.byKey[key], c.byID[v.ID] = v, v
	c.addresses[from.Address]++
	c.networks[from.Network]++
	return v
}

// beyond reports whether an address or its network has as many visits as it may have.
func (c *crowd) beyond(from From) bool {
	return c.mostFrom > 0 && (c.addresses[from.Address] >= c.mostFrom || c.networks[from.Network] >= networkShare*c.mostFrom)
}

// giveWay drops a visit of the greediest address, or else of the greediest network, that has more than from would have.
func (c *crowd) giveWay(from From) bool {
	victim := c.stalest(c.addresses[from.Address]+1, func(f From) int { return c.addresses[f.Address] })
	if victim == nil {
		victim = c.stalest(c.networks[from.Network]+1, func(f From) int { return c.networks[f.Network] })
	}
	if victim == nil {
		return false
	}
	c.drop(victim)
	return true
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

// drop forgets a visit.
func (c *crowd) drop(v *Visit) {
	if c.byKey[v.key] != v {
		return
	}
	delete(c.byKey, v.key)
	delete(c.byID, v.ID)
	less(c.addresses, v.from.Address)
	less(c.networks, v.from.Network)
}

func less(counts map[uint64]int, key uint64) {
	if counts[key]--; counts[key] == 0 {
		delete(counts, key)
	}
}

// newID makes an id that no visit has.
func (c *crowd) newID() string {
	for n := 4; ; n++ { // one letter more if all short ones are taken by chance
		for range 20 {
			id := strings.ToLower(rand.Text()[:n])
			if c.byID[id] == nil {
				return id
			}
		}
	}
}
