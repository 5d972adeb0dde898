package onsite

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
)

// Rule is an automatic invitation: who is invited, when, and with what words.
type Rule struct {
	Name       string
	Text       string        // what the visitor reads
	Page       string        // on which pages, as OnPage reads it; "": on all
	After      time.Duration // how long the visitor has been on the page at least
	Returning  bool          // only those who have had a conversation before
	Once       Once
	Hours      string // only within these hours, as package hours writes them; "": at any time
	Department string // the request goes to this one, and somebody of it must be available; "": that of the page
	Language   string // only those whose browser speaks this language; "": all

	Made time.Time
	By   bridge.OperatorJID
}

// Once says how often a rule invites the same browser.
type Once string

// The values of Once. They are stored.
const (
	ADay   Once = "day"   // not again within a day, on whatever page
	AVisit Once = "visit" // again on the next page that is loaded
)

// Facts are what a rule looks at.
type Facts struct {
	Now        time.Time
	URL        string // of the page, without query
	Since      time.Time
	Language   string
	Department string // that of the page; "": none in particular
	Returning  bool
	Online     func(department string) bool // whether somebody is available
	Had        func(rule string) bool       // whether the rule has invited this browser within a day
	Zone       *time.Location               // of the site's hours
}

// Choose finds the rule that invites: of several, the one with the longest page pattern, then the first by name. If there is
// none now but there may be one when the visitor has been on the page for longer, wait says in what time.
func Choose(rules []Rule, f Facts) (best Rule, wait time.Duration, ok bool) {
	for _, r := range sorted(rules) {
		if !r.fits(f) {
			continue
		}
		left := r.After - f.Now.Sub(f.Since)
		if left <= 0 {
			return r, 0, true
		}
		if wait == 0 || left < wait {
			wait = left
		}
	}
	return Rule{}, wait, false
}

// sorted orders rules by how narrow their pages are.
func sorted(rules []Rule) []Rule {
	list := slices.Clone(rules)
	slices.SortFunc(list, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(len(b.Page), len(a.Page)), strings.Compare(a.Name, b.Name))
	})
	return list
}

// fits reports whether all but the time on the page is right.
func (r Rule) fits(f Facts) bool {
	department := cmp.Or(r.Department, f.Department)
	switch {
	case r.Returning && !f.Returning,
		r.Language != "" && !speaks(f.Language, r.Language),
		!OnPage(r.Page, f.URL),
		r.Once != AVisit && f.Had(r.Name),
		!f.Online(department):
		return false
	}
	return r.Hours == "" || r.within(f.Now, f.Zone)
}

// within reports whether a moment lies within the hours of the rule.
func (r Rule) within(now time.Time, zone *time.Location) bool {
	table, err := hours.Parse(r.Hours, zone.String(), now)
	return err == nil && table.In(now)
}

// speaks reports whether a browser's language is that of a rule, in whatever region.
func speaks(browser, rule string) bool {
	base := func(tag string) string {
		tag, _, _ = strings.Cut(tag, "-")
		return tag
	}
	return strings.EqualFold(browser, rule) || strings.EqualFold(base(browser), rule)
}
