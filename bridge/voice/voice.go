// Package voice says to a reader, in their language and time zone, what bridge holds: offers,
// cards, transcripts, events, who is on duty. It shows a visitor's words in such a way that
// nobody can take them for the desk's or a colleague's.
package voice

import (
	"strconv"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Voice says things in one reader's language and zone. It may be used by any
// goroutine.
type Voice struct {
	bridge *bridge.Bridge
	tongue *phrase.Language
	zone   *time.Location     // the zone in which times are told
	reader bridge.OperatorJID // "" if it is not known
}

// In returns a Voice in the language of a tag (see phrase.DeskTongue) about what b holds. It
// tells times in UTC.
func In(b *bridge.Bridge, tag string) Voice { return Voice{b, phrase.DeskTongue(tag), time.UTC, ""} }

// For returns a Voice in an operator's language, which tells times in their zone.
func For(b *bridge.Bridge, o bridge.Operator) Voice {
	return Voice{b, o.Reads(), b.Hours.Zone(o), o.JID}
}

// Telling returns a Voice that tells times in another zone.
func (v Voice) Telling(zone *time.Location) Voice {
	v.zone = zone
	return v
}

// stamp writes a time, with its zone.
func (v Voice) stamp(t time.Time) string { return t.In(v.zone).Format("2006-01-02 15:04 MST") }

// Short writes a time with the day and without the year: "28 Nov 12:41".
func (v Voice) Short(t time.Time) string { return v.day(t) + " " + t.In(v.zone).Format("15:04") }

// When is Short with the zone: "28 Nov 12:41 CET".
func (v Voice) When(t time.Time) string { return v.Short(t) + v.named(t) }

// named is the name of the zone at a time, behind a blank.
func (v Voice) named(t time.Time) string { return " " + t.In(v.zone).Format("MST") }

// clock writes a time of today as a clock shows it, "9:02", and another one with its day.
func (v Voice) clock(t time.Time) string {
	t, now := t.In(v.zone), v.bridge.Now().In(v.zone)
	shown := strconv.Itoa(t.Hour()) + t.Format(":04")
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return shown
	}
	return v.day(t) + " " + shown
}

// Say says a format with its particulars in the reader's language.
func (v Voice) Say(format string, args ...any) string { return v.Phrase(phrase.Say(format, args...)) }

// Phrase says a phrase in the reader's language.
func (v Voice) Phrase(p phrase.Phrase) string { return v.tongue.Say(p) }

// Error says as much of an error as the operator who caused it may know.
func (v Voice) Error(err error) string { return v.Phrase(phrase.Of(err)) }
