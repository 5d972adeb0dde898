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

// lasted says a value of a line, which is a time.
func (v Voice) lasted(seconds float64) string {
	return v.Phrase(Lasted(time.Duration(seconds*float64(time.Second)), true))
}

// Drawn says what stands in a picture of somebody's numbers in a range of days.
func (v Voice) Drawn(name string, kind bridge.Kind, during bridge.Range, today time.Time) Drawn {
	d := Drawn{Title: v.Say("%s, chats", name), Range: v.Phrase(Days(during, today)), Bars: v.Say("Conversations"), Line: v.Say("First answer"),
		Lasted: v.lasted, Empty: v.Say("Nothing was counted in these days.")}
	if kind == bridge.Ticket {
		d.Title = v.Say("%s, tickets", name)
	}
	return d
}

// DrawnHours says what stands in a picture of the hours of the day at which visitors began to wait for somebody.
func (v Voice) DrawnHours(name string, during bridge.Range, today time.Time) Drawn {
	return Drawn{Title: v.Say("%s, waits by hour", name), Range: v.Phrase(Days(during, today)), Bars: v.Say("Taken conversations"), Line: v.Say("Mean wait"), Lasted: v.lasted}
}

// DrawnVotes says what stands in a picture of the votes about somebody. It has no line.
func (v Voice) DrawnVotes(name string, during bridge.Range, today time.Time) Drawn {
	return Drawn{Title: v.Say("%s, votes", name), Range: v.Phrase(Days(during, today)), Bars: v.Say("Votes")}
}
