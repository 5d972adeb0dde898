package onsite

import (
	"cmp"
	"context"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// Beacon is what a page tells of itself, once a minute and when something changes.
type Beacon struct {
	Key        string // a random id from the memory of the page
	Page       bridge.Page
	Language   string
	Department string
	Open       bool // the widget's panel is open
	Refuses    bool // the browser remembers that the visitor does not want to be invited
	Left       bool // the page is going away
	Hidden     bool // it is in the background from now on, and tells nothing more until it is seen again
	Came       Came
	Stream     string // by what the page can be reached at once
	Told       string // the token of an invitation about which State says something new; "": nothing
	State      State

	From    From
	Browser string // what tells this browser from others: address and User-Agent; only a hash of it is kept
	Who     Who
}

// Answer is what a page is told.
type Answer struct {
	Invitation *Invitation   // to be shown now; nil: none
	Again      time.Duration // when the page tells again; 0: it need not before something changes
	Over       bool          // the invitation that the page shows can't be answered any more
}

// Timing of beacons.
const (
	every   = time.Minute
	soonest = 5 * time.Second
)

// Beacon takes in what a page tells of itself, and answers whether its visitor is invited. CodeBusy says that there is no room.
// The zero Answer says that the page need not tell anything more.
func (s *Site) Beacon(ctx context.Context, b Beacon) (Answer, error) {
	now := s.opts.Now()
	s.mu.Lock()
	notes := s.expire(now)
	was := s.crowd.byKey[b.Key].looks()
	a, more, err := s.heard(b, now)
	v := s.crowd.byKey[b.Key]
	if v.looks() != was {
		s.news()
	}
	if v != nil && v.told {
		s.share(v)
	}
	s.mu.Unlock()
	s.tell(ctx, append(notes, more...))
	return a, err
}

// heard is Beacon while the lock is held.
func (s *Site) heard(b Beacon, now time.Time) (a Answer, notes []note, err error) {
	v := s.crowd.byKey[b.Key]
	switch goes := b.Left || b.Hidden; {
	case !s.On():
		v = nil
	case v == nil && !goes:
		v, notes, err = s.enter(b, now)
	case goes && v != nil && !v.left.IsZero(): // this was told before the page left, and has come later
		v = nil
	case v != nil:
		s.take(v, b, now)
	}
	if v == nil {
		a.Over = s.ended(b)
		return a, notes, err
	}
	if i := v.Invitation; i.open() && b.Told == i.Token && b.State > i.State && b.State != Answered {
		notes = append(notes, s.became(v, b.State)...)
	}
	if v.Invitation.open() && v.Who.Talks {
		s.became(v, Answered)
	}
	a.Over = s.ended(b)
	switch {
	case b.Left:
		s.leaves(v, now)
	case !b.Hidden:
		s.reply(v, &a, now)
	}
	return a, notes, nil
}

// ended reports whether a page shows an invitation that can't be answered any more.
func (s *Site) ended(b Beacon) bool {
	return b.State == Shown && b.Told != "" && s.invited(b.Told) == nil
}

// reply fills in what a page that is seen is told.
func (s *Site) reply(v *Visit, a *Answer, now time.Time) {
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
}

// enter makes the visit of a page that is new, nil if the site does not want to know of it: the next page of a visit that has
// just left, or a visit of its own.
func (s *Site) enter(b Beacon, now time.Time) (v *Visit, notes []note, err error) {
	old := s.before(b, now)
	if old == nil && !b.Open && s.opts.Mode() == setting.OnSiteOpen {
		return nil, nil, nil
	}
	s.crowd.drop(old)
	v, out := s.crowd.enter(b.Key, b.From, now)
	notes = s.lost(out)
	if v == nil {
		return nil, notes, phrase.Fail(phrase.CodeBusy, "Too many pages of the site are open at the moment.")
	}
	s.take(v, b, now)
	v.arrival = s.arrivalOf(b)
	if old != nil {
		s.goOn(old, v)
	}
	return v, notes, nil
}

// take keeps what a page tells.
func (s *Site) take(v *Visit, b Beacon, now time.Time) {
	page := tidy(b.Page, s.opts.Query())
	if page.URL != v.Page.URL {
		v.Since = now
		v.Pages++
	}
	if v.Page.Referrer != "" { // where the visit came from stays
		page.Referrer = v.Page.Referrer
	}
	v.Page, v.heard, v.left, v.Open, v.Who, v.told = page, now, time.Time{}, b.Open, b.Who, true
	v.stream = cmp.Or(b.Stream, v.stream) // what the page told before it had one may come after what it told then
	switch {
	case !b.Hidden:
		v.Hidden = time.Time{}
	case v.Hidden.IsZero():
		v.Hidden = now
	}
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
