package onsite

import (
	"cmp"
	"context"
	"crypto/rand"
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
	Log       *slog.Logger

	Most     int // how many pages are known at the same time; 0: no limit, as for the next one
	MostFrom int // how many of one address
}

// For makes the options of a Site on a bridge.
func For(b *bridge.Bridge, log *slog.Logger) Options {
	return Options{
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
		Log:       log,
	}
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
	swept time.Time
	stats Stats
}

// marked is how many invitations by rules are remembered for a day.
const marked = 50_000

// New makes a Site. It knows no rules until Load.
func New(store Store, opts Options) *Site {
	s := &Site{store: store, opts: opts, crowd: newCrowd(opts.Most, opts.MostFrom), marks: newMarks(marked)}
	s.rules.Store(new([]Rule))
	return s
}

// OnInvite has ring called with the Stream of each page that is invited. ring must not wait, and must not call the Site.
func (s *Site) OnInvite(ring func(stream string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ring = ring
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
			notes := s.sweep(s.opts.Now())
			s.mu.Unlock()
			s.tell(ctx, notes)
		}
	}
}

const sweepEvery = 15 * time.Second

// note is a line for an operator, who is told once no lock is held.
type note struct {
	to   bridge.OperatorJID
	says phrase.Phrase
}

func (s *Site) tell(ctx context.Context, notes []note) {
	for _, n := range notes {
		if err := s.opts.Tell(ctx, n.to, n.says); err != nil && ctx.Err() == nil {
			s.opts.Log.Error("tell of an invitation", "operator", n.to, "err", err)
		}
	}
}

// sweep drops the pages that tell nothing more. The lock is held.
func (s *Site) sweep(now time.Time) (notes []note) {
	if now.Sub(s.swept) < sweepEvery && !now.Before(s.swept) {
		return nil
	}
	s.swept = now
	on := s.On()
	for _, v := range s.crowd.byKey {
		patience := expires
		if v.Open && v.Invitation.open() {
			patience = writes
		}
		if !on || now.Sub(v.heard) > patience {
			notes = append(notes, s.leave(v)...)
		}
	}
	return notes
}

// leave drops a visit. The lock is held.
func (s *Site) leave(v *Visit) (notes []note) {
	if v.Invitation.open() {
		notes = s.became(v, Gone)
	}
	s.crowd.drop(v)
	return notes
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

// Beacon takes in what a page tells of itself, and answers whether its visitor is invited. CodeBusy says that there is no room.
// The zero Answer says that the page need not tell anything more.
func (s *Site) Beacon(ctx context.Context, b Beacon) (Answer, error) {
	now := s.opts.Now()
	s.mu.Lock()
	notes := s.sweep(now)
	a, more, err := s.heard(b, now)
	s.mu.Unlock()
	s.tell(ctx, append(notes, more...))
	return a, err
}

// heard is Beacon while the lock is held.
func (s *Site) heard(b Beacon, now time.Time) (a Answer, notes []note, err error) {
	v := s.crowd.byKey[b.Key]
	mode := s.opts.Mode()
	if v == nil && (b.Left || mode == setting.OnSiteOff || mode == setting.OnSiteOpen && !b.Open) {
		return a, nil, nil
	}
	if v == nil {
		if v = s.crowd.enter(b.Key, b.From, now); v == nil {
			return a, nil, phrase.Fail(phrase.CodeBusy, "Too many pages of the site are open at the moment.")
		}
	}
	s.take(v, b, now)
	if i := v.Invitation; i.open() && b.Told == i.Token && b.State > i.State && b.State != Answered {
		notes = s.became(v, b.State)
	}
	if v.Invitation.open() && v.Who.Talks {
		s.became(v, Answered)
	}
	if b.Left {
		return a, append(notes, s.leave(v)...), nil
	}
	a.Again = every
	if v.Invitation == nil {
		if wait := s.choose(v, now); wait > 0 {
			a.Again = min(every, max(wait, soonest))
		}
	}
	if i := v.Invitation; i != nil && i.State == Sent {
		seen := *i
		a.Invitation = &seen
	}
	return a, notes, nil
}

// take keeps what a page tells.
func (s *Site) take(v *Visit, b Beacon, now time.Time) {
	page := tidy(b.Page, s.opts.Query())
	if page.URL != v.Page.URL {
		v.Since = now
		v.Pages++
		if v.Page.Referrer != "" { // where the visit came from stays
			page.Referrer = v.Page.Referrer
		}
	}
	v.Page, v.heard, v.Open, v.stream, v.Who = page, now, b.Open, b.Stream, b.Who
	v.Language, v.Department = clean(b.Language, 35), clean(b.Department, 80)
	v.Refuses = v.Refuses || b.Refuses
	v.marks = s.marks.of(b.Browser)
}

// choose invites a visitor as a rule says. If none does yet, it returns in what time one may. The lock is held.
func (s *Site) choose(v *Visit, now time.Time) time.Duration {
	rules := *s.rules.Load()
	if len(rules) == 0 || v.Refuses || v.Open || v.Who.Talks {
		return 0
	}
	had := func(rule string) mark { return s.marks.of(string(v.marks[:]), rule) }
	r, wait, ok := Choose(rules, Facts{Now: now, URL: v.Page.URL, Since: v.Since, Language: v.Language, Department: v.Department, Returning: v.Who.Returning(),
		Online: s.opts.Online, Zone: s.opts.Zone(), Had: func(rule string) bool { return s.marks.has(had(rule), now) }})
	if ok {
		s.marks.put(had(r.Name), now)
		s.invite(v, Invitation{Name: r.Name, Text: r.Text, department: r.Department}, now)
	}
	return wait
}

// invite gives a visit an invitation. The lock is held.
func (s *Site) invite(v *Visit, i Invitation, now time.Time) {
	i.Token, i.URL, i.Sent = strings.ToLower(rand.Text()), v.Page.URL, now
	v.Invitation = &i
	s.stats.Invited++
}

// writes is how long a visitor who was invited may write at a request while the page tells nothing, as it does in the
// background.
const writes = 20 * time.Minute

// Visits lists who is on the site now: those who have the widget open first, then those who came first.
func (s *Site) Visits() []Visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	var list []Visit
	for _, v := range s.crowd.byKey {
		if s.On() && now.Sub(v.heard) <= expires {
			list = append(list, *v)
		}
	}
	slices.SortFunc(list, func(a, b Visit) int {
		if a.Open != b.Open {
			return map[bool]int{true: -1, false: 1}[a.Open]
		}
		return cmp.Or(a.Began.Compare(b.Began), strings.Compare(a.ID, b.ID))
	})
	for i := range list {
		if list[i].Invitation != nil {
			one := *list[i].Invitation
			list[i].Invitation = &one
		}
	}
	return list
}
