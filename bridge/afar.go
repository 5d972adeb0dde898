package bridge

import (
	"context"
	"maps"
)

// This file says how nodes without the XMPP link know who can be reached: the node with the link stores it whenever it has changed, and
// they read it.

// shownReach is what the store has of how operators can be reached.
type shownReach struct {
	link  string // the value of settingLink
	known map[OperatorJID]Presence
}

// settingLink is the setting that holds the state of the XMPP link, for the nodes that don't have it; "": it is down.
const settingLink = "link_state"

// The states of a link that is up.
const (
	linkUp    = "up"
	linkHeard = "heard" // for so long that who has not shown themselves is away
)

// storedReach reads how operators can be reached.
func (n *Nodes) storedReach(ctx context.Context) (s shownReach, err error) {
	var list []Presence
	err = n.bridge.store.View(ctx, func(r Reader) (err error) {
		if list, err = r.Presences(); err == nil {
			s.link, err = r.Setting(settingLink)
		}
		return err
	})
	s.known = make(map[OperatorJID]Presence, len(list))
	for _, p := range list {
		s.known[p.Operator] = p
	}
	return s, err
}

// readReach takes in how operators can be reached, on a node that does not hold the link. Only while somebody holds it anybody can be.
func (n *Nodes) readReach(ctx context.Context) error {
	s, err := n.storedReach(ctx)
	if err != nil || n.Holding() {
		return err
	}
	if !n.held.Load() {
		s = shownReach{}
	}
	if n.bridge.Reach.mirror(s) {
		n.bridge.hub.publishStatus()
	}
	return nil
}

// show stores how operators can be reached, on the node that holds the link, unless that is stored already. One goroutine calls it.
func (n *Nodes) show(ctx context.Context) error {
	if !n.Several() {
		return nil
	}
	now := n.bridge.Reach.shownNow()
	n.mu.Lock()
	was := n.shown
	n.mu.Unlock()
	if now.alike(was) {
		return nil
	}
	if err := n.bridge.store.Update(ctx, func(tx Tx) error { return now.save(tx, was) }); err != nil {
		return err
	}
	n.mu.Lock()
	n.shown = now
	n.mu.Unlock()
	n.hint(Hint{Reach: true})
	return nil
}

// save stores what differs from what is stored.
func (s shownReach) save(tx Tx, was shownReach) error {
	for o, p := range s.known {
		if old, ok := was.known[o]; !ok || !old.alike(p) {
			if err := tx.SavePresence(p); err != nil {
				return err
			}
		}
	}
	for o := range was.known {
		if _, ok := s.known[o]; !ok {
			if err := tx.DeletePresence(o); err != nil {
				return err
			}
		}
	}
	return tx.SaveSetting(settingLink, s.link)
}

func (s shownReach) alike(t shownReach) bool {
	return s.link == t.link && maps.EqualFunc(s.known, t.known, Presence.alike)
}

// alike compares presences as the store keeps them.
func (p Presence) alike(q Presence) bool {
	same := sameTime(p.Since, q.Since)
	p.Since = q.Since
	return same && p == q
}

// shownNow is how operators can be reached now.
func (r *Reach) shownNow() (s shownReach) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.known = make(map[OperatorJID]Presence)
	if !r.linked {
		return s
	}
	s.link = linkUp
	if r.heard {
		s.link = linkHeard
	}
	for o, w := range r.known {
		s.known[o] = Presence{Operator: o, Show: w.best(), Since: w.shows, Fault: w.fault}
	}
	return s
}

// mirror takes in what the node with the link has stored, as if each operator had one client, and reports whether that is news.
func (r *Reach) mirror(s shownReach) (turned bool) {
	if r.shownNow().alike(s) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.linked, r.heard, r.since = s.link != "", s.link == linkHeard, r.b.clock.Now()
	r.known, r.anew = make(map[OperatorJID]*whereabouts), nil
	for o, p := range s.known {
		w := r.at(o)
		w.fault, w.shows = p.Fault, p.Since
		if p.Show != ShowOffline {
			w.clients[""] = &client{show: p.Show}
		}
	}
	return true
}
