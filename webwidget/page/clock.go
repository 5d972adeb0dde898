package page

import (
	"time"

	"porchlight/bridge"
)

// clock says the times of a conversation in its visitor's zone.
type clock struct {
	zone  *time.Location
	today string
}

func (p *Page) clock(now bridge.Snapshot) clock {
	zone := p.bridge.Hours.VisitorZone(now)
	return clock{zone, p.bridge.Now().In(zone).Format(time.DateOnly)}
}

// say says a time by a layout of the time of day, with the zone's name, and with the day unless that is today.
func (c clock) say(at time.Time, layout string) string {
	at = at.In(c.zone)
	if at.Format(time.DateOnly) != c.today {
		layout = time.DateOnly + " " + layout
	}
	return at.Format(layout + " MST")
}
