package voice

import (
	"fmt"
	"strconv"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hours"
)

// Moment says a time in full, in its own zone: "Mon 30 Nov 2026, 9:00 (Europe/Madrid)".
func (v Voice) Moment(t time.Time) string {
	return fmt.Sprintf("%s %s %d, %s (%s)", v.Phrase(hours.Weekday(t.Weekday())), v.Phrase(hours.Day(t)), t.Year(), strconv.Itoa(t.Hour())+t.Format(":04"), t.Location())
}

// merged says that two requests of a visitor are one now.
func (v Voice) merged(e bridge.Event) string {
	m, _ := e.Data.(bridge.Merged)
	if m.Into > 0 {
		return v.Say("%s joined this with #%d, where it goes on.", e.Name, m.Into)
	}
	return v.Say("%s joined #%d with this: !history %d shows what was said there.", e.Name, m.Of, m.Of)
}

// putOff says that a conversation was put off, or came back.
func (v Voice) putOff(e bridge.Event) string {
	d, _ := e.Data.(bridge.Deferred)
	switch {
	case d.Action == bridge.PutOff:
		return v.Say("%s put it off until %s.", e.Name, v.Moment(time.UnixMilli(d.Until).In(v.zone)))
	case e.From == bridge.FromOperator:
		return v.Say("%s has it back before the time.", e.Name)
	}
	return v.Say("It is not put off any more.")
}
