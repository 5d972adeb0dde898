package onsite

import (
	"net/url"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// Shown says as an error that nobody is shown, since the site has not switched it on; nil: they are.
func (s *Site) Shown() error {
	if s.On() {
		return nil
	}
	return phrase.Fail(phrase.CodeConflict, "Who is on the site is not shown: %s or %s switches it on, which super operators may.",
		"settings "+string(setting.OnSite)+" "+setting.OnSiteOpen, "settings "+string(setting.OnSite)+" "+setting.OnSiteLoaded)
}

// Path is the part of the page's address that tells the pages of one site apart.
func (v Visit) Path() string { return pathOf(v.Page.URL) }

// Path is that part of the address of the page on which the visitor was invited.
func (i Invitation) Path() string { return pathOf(i.URL) }

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	u.Scheme, u.Host = "", ""
	return "/" + strings.TrimPrefix(u.String(), "/")
}

// Before says what there was before: earlier conversations, or one that is not over. ok is false if there was none. when writes a time.
func (w Who) Before(when func(time.Time) string) (p phrase.Phrase, ok bool) {
	switch {
	case w.Talks:
		return phrase.Say("has #%d open", w.Last), true
	case w.Count > 0 && w.With == "":
		return phrase.Say("wrote on %s (#%d)", when(w.When), w.Last), true
	case w.Count == 1:
		return phrase.Say("talked to %s on %s (#%d)", w.With, when(w.When), w.Last), true
	case w.Count > 1:
		return phrase.Say("was here %d times, the last with %s on %s (#%d)", w.Count, w.With, when(w.When), w.Last), true
	}
	return p, false
}

// Stands says how the visit stands: what the visitor has open, and whether they are invited.
func (v Visit) Stands(now time.Time) (list []phrase.Phrase) {
	if v.Open {
		list = append(list, phrase.Say("widget open"))
	}
	if !v.Hidden.IsZero() {
		list = append(list, phrase.Say("in the background for %s", bridge.Span(now.Sub(v.Hidden))))
	}
	switch i := v.Invitation; {
	case v.Refuses:
		list = append(list, phrase.Say("does not want to be invited"))
	case i.open():
		list = append(list, phrase.Say("invited by %s %s ago", i.Name, bridge.Span(now.Sub(i.Sent))))
	}
	return list
}
