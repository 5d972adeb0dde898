package voice

import (
	"time"

	"porchlight/bridge"
)

// Drawn are the words of a picture of statistics.
type Drawn struct {
	Title, Range string
	Bars, Line   string                       // the names of what is drawn
	Lasted       func(seconds float64) string // says a value of the line
	Empty        string                       // is said if there is nothing to draw
}

// Drawn says what stands in a picture of somebody's numbers in a range of days.
func (v Voice) Drawn(name string, kind bridge.Kind, during bridge.Range, today time.Time) Drawn {
	d := Drawn{Title: v.Say("%s, chats", name), Range: v.Phrase(Days(during, today)), Bars: v.Say("Conversations"), Line: v.Say("First answer"),
		Lasted: func(seconds float64) string {
			return v.Phrase(Lasted(time.Duration(seconds*float64(time.Second)), true))
		}, Empty: v.Say("Nothing was counted in these days.")}
	if kind == bridge.Ticket {
		d.Title = v.Say("%s, tickets", name)
	}
	return d
}
