// Package voice says to a reader, in their language and time zone, what bridge
// holds: offers, cards, transcripts, events, who is on duty. It makes visible what
// could deceive: a visitor's words can't be taken for the desk's or a colleague's.
package voice

import (
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Voice says things in one reader's language and zone. It may be used by any
// goroutine.
type Voice struct {
	bridge *bridge.Bridge
	tongue *phrase.Language
	zone   *time.Location // of the times it tells
}

// In speaks the language of a tag (see phrase.Tongue) about what b holds; its times
// are in UTC.
func In(b *bridge.Bridge, tag string) Voice { return Voice{b, phrase.Tongue(tag), time.UTC} }

// For speaks an operator's language, and tells times in their zone.
func For(b *bridge.Bridge, o bridge.Operator) Voice {
	return Voice{b, phrase.Tongue(o.Tongue()), o.Location()}
}

// stamp is a time as it is told, with its zone.
func (v Voice) stamp(t time.Time) string { return t.In(v.zone).Format("2006-01-02 15:04 MST") }

// Say says a format with its particulars.
func (v Voice) Say(format string, args ...any) string { return v.Phrase(phrase.Say(format, args...)) }

// Phrase says what was put aside to be said.
func (v Voice) Phrase(p phrase.Phrase) string { return v.tongue.Say(p) }

// Error says what may be said of an error to the operator who caused it.
func (v Voice) Error(err error) string { return v.Phrase(phrase.Of(err)) }
