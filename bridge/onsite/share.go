package onsite

import (
	"context"
	"encoding/json"
	"time"
)

// This file has all nodes on one store know the same visits, since each page tells of itself to any of them. What a node is told by a
// page it tells the others (bridge.Nodes.Room). If that gets lost, the page tells anew within a minute, and an invitation that the
// page may not have is told again at each sweep.

// share is what one node tells the others.
type share struct {
	Visit *shared `json:"v,omitempty"` // how a visit is now
	Gone  string  `json:"g,omitempty"` // the key of a page whose visit goes on elsewhere
	Ask   bool    `json:"a,omitempty"` // the node has missed something: the others tell of their visits
}

// shared is a visit with what only nodes know.
type shared struct {
	Visit
	Key     string
	Heard   time.Time
	Left    time.Time `json:",omitzero"`
	From    From
	Marks   mark
	Stream  string `json:",omitempty"`
	Arrival arrival
	Trail   []step `json:",omitempty"`
	Meant   string `json:",omitempty"` // the department that the invitation's rule names
}

// share tells the other nodes how a visit is now. The lock is held.
func (s *Site) share(v *Visit) {
	if s.others == nil {
		return
	}
	x := shared{Visit: v.seen(), Key: v.key, Heard: v.heard, Left: v.left, From: v.from, Marks: v.marks, Stream: v.stream, Arrival: v.arrival, Trail: v.trail}
	if v.Invitation != nil {
		x.Meant = v.Invitation.department
	}
	s.others(share{Visit: &x})
}

// shareEnd tells the other nodes that a visit goes on at another page. The lock is held.
func (s *Site) shareEnd(v *Visit) {
	if s.others != nil {
		s.others(share{Gone: v.key})
	}
}

// shareMine tells the other nodes of the visits whose pages have told this node last. The lock is held.
func (s *Site) shareMine() {
	for _, v := range s.crowd.byKey {
		if v.told {
			s.share(v)
		}
	}
}

// repeat tells again of the invitations that a page may not have. The lock is held.
func (s *Site) repeat() {
	if s.others == nil {
		return
	}
	for _, v := range s.crowd.byKey {
		if i := v.Invitation; i.open() && i.State == Sent && i.here {
			s.share(v)
		}
	}
}

// hear takes in what another node tells; nil says that something may have got lost.
func (s *Site) hear(ctx context.Context, told json.RawMessage) error {
	if told == nil {
		s.others(share{Ask: true})
		return nil
	}
	var x share
	if err := json.Unmarshal(told, &x); err != nil {
		return err
	}
	s.mu.Lock()
	notes := s.expire(s.opts.Now())
	s.learn(x)
	s.mu.Unlock()
	s.tell(ctx, notes)
	return nil
}

// learn is hear while the lock is held.
func (s *Site) learn(x share) {
	if gone := s.crowd.byKey[x.Gone]; gone != nil {
		s.crowd.drop(gone)
		s.news()
	}
	if x.Visit != nil && s.On() {
		was := s.crowd.byKey[x.Visit.Key].looks()
		s.adopt(*x.Visit)
		if s.crowd.byKey[x.Visit.Key].looks() != was {
			s.news()
		}
	}
	if x.Ask {
		s.shareMine()
	}
}

// adopt takes in how a visit is by another node. The lock is held.
func (s *Site) adopt(x shared) {
	v := s.crowd.byKey[x.Key]
	if v == nil {
		if v, _ = s.crowd.enter(x.Key, x.From, x.Began); v == nil {
			return
		}
		v.heard = time.Time{}
	}
	if x.Invitation != nil {
		x.Invitation.department = x.Meant
	}
	left, had := v.left, v.Invitation
	x.Invitation, x.Refuses = later(had, x.Invitation), v.Refuses || x.Refuses
	if !v.Began.Before(x.Began) { // a node that has not heard of the page before this one takes the visit for a new one
		s.crowd.rename(v, x.ID)
		v.Began = x.Began
	}
	x.ID, x.Began = v.ID, v.Began
	if !x.Heard.Before(v.heard) {
		*v = x.Visit
		v.key, v.heard, v.left, v.from, v.marks = x.Key, x.Heard, x.Left, x.From, x.Marks
		v.stream, v.arrival, v.trail = x.Stream, x.Arrival, x.Trail
	}
	v.Invitation, v.Refuses = x.Invitation, x.Refuses
	if i := v.Invitation; i != nil && i != had {
		s.asked(v)
	}
	if left.IsZero() && !v.left.IsZero() {
		s.leaves(v, v.left)
	}
}

// asked takes in an invitation that another node has made. The lock is held.
func (s *Site) asked(v *Visit) {
	if i := v.Invitation; i.By == "" {
		s.marks.put(s.marks.of(string(v.marks[:]), i.Name), i.Sent)
	} else if i.State == Sent {
		s.reach(v)
	}
}

// later is of two invitations of a visit the one that was made later, as far as it has come.
func later(a, b *Invitation) *Invitation {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.Token == b.Token && b.State > a.State, a.Token != b.Token && b.Sent.After(a.Sent):
		return b
	}
	return a
}
