package onsite

import (
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Came is how a page came to be open, as its browser says (Navigation Timing Level 2, NavigationTimingType).
type Came string

// The values of Came that mean something here. Any other is a page to which a link or a form led, or an address that was typed.
const (
	Reloaded Came = "reload"
	Returned Came = "back_forward"
)

// How long a visit lasts without a sign of its page.
const (
	// expires is after how long a page in the foreground that tells nothing is taken for gone.
	expires = 150 * time.Second
	// asleep is the same for a page in the background, which tells nothing until the visitor comes back to it.
	asleep = 30 * time.Minute
	// writes is the same for a visitor who was invited and has the form open, since a computer may fall asleep meanwhile.
	writes = 20 * time.Minute
	// moves is how long the next page may take to come after one has said that it goes.
	moves = 30 * time.Second
	// blinks is for how long of that time the visit is still listed: the next page mostly comes sooner, and nobody vanishes
	// from the list in between.
	blinks = 5 * time.Second
)

// over reports whether a visit has ended.
func (v *Visit) over(now time.Time) bool {
	switch {
	case !v.left.IsZero():
		return now.Sub(v.left) > moves
	case !v.Hidden.IsZero():
		return now.Sub(v.Hidden) > asleep
	case v.Open && v.Invitation.open():
		return now.Sub(v.heard) > writes
	}
	return now.Sub(v.heard) > expires
}

// here reports whether operators see a visit.
func (v *Visit) here(now time.Time) bool {
	return !v.over(now) && (v.left.IsZero() || now.Sub(v.left) <= blinks)
}

// step is a page on which a visit was before, and by what that is known again.
type step struct {
	Key string // the page's own
	At  mark   // its address
}

// steps is how many of the last pages of a visit are remembered.
const steps = 10

// arrival is how a page came to be open.
type arrival struct {
	Key      string
	Came     Came
	Browser  mark // with its network address
	At, From mark // the page's address, and that of the page of this site which led to it; zero: none did
}

// arrivalOf is the arrival of the page that a beacon is of.
func (s *Site) arrivalOf(b Beacon) arrival {
	at, from := address(b.Page.URL, s.opts.Query()), address(b.Page.Referrer, s.opts.Query())
	a := arrival{Key: b.Key, Came: b.Came, Browser: s.marks.of(b.Browser), At: s.marks.of(at.String())}
	if from.Host != "" && from.Host == at.Host {
		a.From = s.marks.of(from.String())
	}
	return a
}

// leadsTo reports whether a page is the next one of a visit: it is open in the same browser, and its browser says that it came
// from where the visit was. Each of two neighbours with the same browser and address has a visit of their own as long as
// they don't walk in each other's steps within the same half minute.
func (s *Site) leadsTo(v *Visit, a arrival) bool {
	if v.marks != a.Browser {
		return false
	}
	at := s.marks.of(v.Page.URL)
	switch a.Came {
	case Reloaded:
		return a.At == at
	case Returned: // a page that was kept in the browser's memory has its key, another one its address
		return slices.ContainsFunc(v.trail, func(s step) bool { return s.Key == a.Key || s.At == a.At })
	}
	return a.From == at || slices.ContainsFunc(v.trail, func(s step) bool { return s.Key == a.Key })
}

// before finds the visit whose next page a new one is, nil if there is none: of those that have left, the last. The lock is held.
func (s *Site) before(b Beacon, now time.Time) (last *Visit) {
	a := s.arrivalOf(b)
	for v := range s.crowd.addresses[b.From.Address] {
		if !v.left.IsZero() && !v.over(now) && (last == nil || v.left.After(last.left)) && s.leadsTo(v, a) {
			last = v
		}
	}
	return last
}

// leaves notes that the page of a visit has said that it goes. If the next page has told of itself first, the visit goes on there.
// The lock is held.
func (s *Site) leaves(old *Visit, now time.Time) {
	old.left = now
	for v := range s.crowd.addresses[old.from.Address] {
		if v.left.IsZero() && v.Pages == 1 && v.Invitation == nil && now.Sub(v.Began) <= blinks && s.leadsTo(old, v.arrival) {
			s.goOn(old, v)
			s.share(v)
			if v.Invitation.open() {
				s.reach(v)
			}
			return
		}
	}
}

// goOn makes the visit of a new page the one that old was: operators call it as before, and their invitation stands there, too.
// That of a rule belonged to the page. old is not in the crowd any more then. The lock is held.
func (s *Site) goOn(old, v *Visit) {
	s.crowd.drop(old)
	s.shareEnd(old)
	s.crowd.rename(v, old.ID)
	v.Began, v.Refuses = old.Began, v.Refuses || old.Refuses
	v.Page.Referrer = old.Page.Referrer
	v.Pages += old.Pages
	if v.Page.URL == old.Page.URL {
		v.Pages, v.Since = old.Pages, old.Since
	}
	v.trail = append(old.trail, step{old.key, s.marks.of(old.Page.URL)})
	v.trail = v.trail[max(0, len(v.trail)-steps):]
	i := old.Invitation
	if i == nil || i.By == "" {
		return
	}
	v.Invitation = i
	if i.open() {
		i.State = Sent // to this page it is new
	}
}

// expire drops the visits that are over, and returns what operators are told of that; it also does what else is due at each sweep. The lock is held.
func (s *Site) expire(now time.Time) (notes []note) {
	if now.Sub(s.swept) < sweepEvery && !now.Before(s.swept) {
		return nil
	}
	s.swept = now
	s.repeat()
	on := s.On()
	for _, v := range s.crowd.byKey {
		if !on || v.over(now) {
			s.crowd.drop(v)
			notes = append(notes, s.lost(v)...)
		}
		if !on || !v.here(now) {
			s.news()
		}
	}
	return notes
}

// lost notes that a visit is over, if its visitor was invited. The lock is held.
func (s *Site) lost(v *Visit) []note {
	if v == nil || !v.Invitation.open() {
		return nil
	}
	notes := s.became(v, Gone)
	if c := s.opts.Cluster; c != nil && !c.Leads() {
		return nil // each node sees it
	}
	return notes
}

// note is a line for an operator, who is told once no lock is held.
type note struct {
	to   bridge.OperatorJID
	says phrase.Phrase
}
