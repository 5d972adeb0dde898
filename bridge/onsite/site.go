package onsite

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// Options are what a Site needs beside its store. Any goroutine may call the functions.
type Options struct {
	Now       func() time.Time
	Mode      func() string                                                  // the value of setting.OnSite
	Query     func() bool                                                    // pages are kept with their query
	Online    func(department string) bool                                   // somebody is available; "": of any department
	Zone      func() *time.Location                                          // of the site's hours
	Available func(bridge.OperatorJID) bool                                  // the operator gets offers now
	Tell      func(context.Context, bridge.OperatorJID, phrase.Phrase) error // tells an operator something at the desk
	Changed   func()                                                         // tells the other nodes that rules were changed; nil: there is none
	Log       *slog.Logger
	Cluster   *Cluster // nil: no other node has the same store

	Most     int // how many pages are known at the same time; 0: no limit, as for the next one
	MostFrom int // how many of one address
}

// Cluster is what a Site needs as one of several on the same store.
type Cluster struct {
	Join  func(hear func(context.Context, json.RawMessage) error) (tell func(any)) // see bridge.Nodes.Room
	Key   []byte                                                                   // that all have, for the hashes of browsers
	Leads func() bool                                                              // this node tells operators of what ends by itself
}

// For makes the options of a Site on a bridge.
func For(b *bridge.Bridge, log *slog.Logger) Options {
	opts := Options{
		Now:   b.Now,
		Mode:  func() string { return b.Settings.Text(setting.OnSite) },
		Query: func() bool { return b.Settings.On(setting.OnSiteQuery) },
		Online: func(department string) bool {
			st, err := b.Team.Status(department)
			return err == nil && st.Online
		},
		Zone:      func() *time.Location { return b.Hours.Site().Zone() },
		Available: b.Onsite.Available,
		Tell:      b.Onsite.Tell,
		Changed:   b.Nodes.Changed,
		Log:       log,
	}
	if b.Nodes.Several() {
		opts.Cluster = &Cluster{
			Join:  func(hear func(context.Context, json.RawMessage) error) func(any) { return b.Nodes.Room("onsite", hear) },
			Key:   b.Tokens.Key("browsers on the site"),
			Leads: b.Nodes.Holding,
		}
	}
	return opts
}

// Stats counts what there is now, and what was since the start.
type Stats struct {
	Visits   int64 // pages that are known now
	Refused  int64 // pages for which there was no room
	Invited  int64 // invitations
	Answered int64 // invitations after which a conversation began
	Declined int64 // invitations that were closed or refused
}

// Site knows who is on the site, and invites them. Its methods may be called by any goroutine, except for Run.
type Site struct {
	store Store
	opts  Options
	rules atomic.Pointer[[]Rule]

	mu    sync.Mutex
	crowd crowd
	marks marks
	ring  func(stream string) // reaches a page at once; nil: nothing does
	watch func()              // is told that the list has changed; nil: nobody looks at it
	swept time.Time
	stats Stats

	others func(any) // tells the other nodes; nil: there are none
}

// marked is how many invitations by rules are remembered for a day.
const marked = 50_000

// New makes a Site. It knows no rules until Load.
func New(store Store, opts Options) *Site {
	s := &Site{store: store, opts: opts, crowd: newCrowd(opts.Most, opts.MostFrom), marks: newMarks(marked)}
	s.rules.Store(new([]Rule))
	if c := opts.Cluster; c != nil {
		s.marks.key = sha256.Sum256(c.Key)
		s.others = c.Join(s.hear)
	}
	return s
}

// OnInvite has ring called with the Stream of each page that is invited. ring must not wait, and must not call the Site.
func (s *Site) OnInvite(ring func(stream string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ring = ring
}

// OnChange has watch called when something may have changed of what Visits lists, except for the time that goes by. watch must not
// wait, and must not call the Site.
func (s *Site) OnChange(watch func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watch = watch
}

// news tells whoever looks at the list that it has changed. The lock is held.
func (s *Site) news() {
	if s.watch != nil {
		s.watch()
	}
}

// reach has a page look at once whether its visitor is invited. The lock is held.
func (s *Site) reach(v *Visit) {
	if s.ring != nil && v.stream != "" {
		s.ring(v.stream)
	}
}

// On reports whether pages tell of themselves.
func (s *Site) On() bool { return s.opts.Mode() != setting.OnSiteOff }

// Stats returns the counts.
func (s *Site) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Visits, st.Refused = int64(len(s.crowd.byKey)), s.crowd.refused
	return st
}

// Run tells operators that visitors whom they have invited have left, until ctx ends; then it returns nil.
func (s *Site) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.mu.Lock()
			notes := s.expire(s.opts.Now())
			s.mu.Unlock()
			s.tell(ctx, notes)
		}
	}
}

const sweepEvery = 5 * time.Second

func (s *Site) tell(ctx context.Context, notes []note) {
	for _, n := range notes {
		if err := s.opts.Tell(ctx, n.to, n.says); err != nil && ctx.Err() == nil {
			s.opts.Log.Error("tell of an invitation", "operator", n.to, "err", err)
		}
	}
}

// became changes the state of a visit's invitation. The lock is held.
func (s *Site) became(v *Visit, to State) []note {
	i := v.Invitation
	i.State = to
	switch to {
	case Answered:
		s.stats.Answered++
		return nil
	case Closed, Refused:
		s.stats.Declined++
		v.Refuses = true
	}
	if i.By == "" || to == Shown {
		return nil
	}
	return []note{{i.By, v.outcome()}}
}

// invite gives a visit an invitation. The lock is held.
func (s *Site) invite(v *Visit, i Invitation, now time.Time) {
	i.Token, i.URL, i.Sent, i.here = strings.ToLower(rand.Text()), v.Page.URL, now, true
	v.Invitation = &i
	s.stats.Invited++
}

// Visits lists who is on the site now: those who have the widget open first, then those who came first.
func (s *Site) Visits() []Visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	var list []Visit
	for _, v := range s.crowd.byKey {
		if s.On() && v.here(now) {
			list = append(list, v.seen())
		}
	}
	slices.SortFunc(list, func(a, b Visit) int {
		if a.Open != b.Open {
			return map[bool]int{true: -1, false: 1}[a.Open]
		}
		return cmp.Or(a.Began.Compare(b.Began), strings.Compare(a.ID, b.ID))
	})
	return list
}
