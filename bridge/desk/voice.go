package desk

import (
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Voice is the desk speaking one operator's language. It may be used by any
// goroutine.
type Voice struct {
	*Desk
	tongue phrase.Language
	zone   *time.Location // of the times it tells
}

// Voice speaks the language of a tag (see phrase.Tongue); its times are in UTC.
func (d *Desk) Voice(tag string) Voice { return Voice{d, phrase.Tongue(tag), time.UTC} }

// VoiceFor speaks an operator's language, and tells times in their zone.
func (d *Desk) VoiceFor(o bridge.Operator) Voice {
	v := d.Voice(o.Tongue())
	v.zone = o.Location()
	return v
}

// stamp is a time as it is told, with its zone.
func (v Voice) stamp(t time.Time) string { return t.In(v.zone).Format("2006-01-02 15:04 MST") }

// Say says a format with its particulars.
func (v Voice) Say(format string, args ...any) string { return v.Phrase(phrase.Say(format, args...)) }

// Phrase says what was put aside to be said.
func (v Voice) Phrase(p phrase.Phrase) string { return v.tongue.Say(p) }

// Error says what may be said of an error to the operator who caused it.
func (v Voice) Error(err error) string { return v.Phrase(phrase.Of(err)) }
