package bridge

import (
	"sync"
	"time"

	"porchlight/bridge/hours"
)

// SiteHours is the setting that holds the site's hours, as package hours writes them. It is changed
// within Team.Administer.
const SiteHours = "hours"

// Hours says which hours count for whom. It mirrors what the store has, so that asking waits for
// nothing. The methods may be called by any goroutine.
type Hours struct {
	bridge *Bridge
	mu     sync.RWMutex
	turn   int64            // the look at the store that the fields below are from; see Team.renew
	site   string           // the text of the site's table
	tables map[string]timed // what was read, by its text; replaced as a whole, never changed
	looked time.Time        // when look looked last
}

// timed is a table with when it changes next.
type timed struct {
	hours.Table
	next time.Time // zero: never
}

// Site is the table of the site.
func (h *Hours) Site() hours.Table {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.tables[h.site].Table
}

// Today is the time now in the zone of the site's table, UTC if there is none. Days of statistics, votes and the
// audit log begin and end in that zone, for whoever asks.
func (h *Hours) Today() time.Time { return h.bridge.clock.Now().In(h.Site().Zone()) }

// Zone is the zone in which times are told to an operator and in which they write them: that of the hours that count for
// them. See ZoneBy.
func (h *Hours) Zone(o Operator) *time.Location { return h.ZoneBy(o, h.Of(o)) }

// ZoneBy is Zone by other hours. What an operator's client tells is only an offset, which is wrong after the clocks change;
// so it is the zone of the hours if that has the same offset now, or if the client tells none.
func (h *Hours) ZoneBy(o Operator, table hours.Table) *time.Location {
	if o.Zone == "" {
		return table.Zone()
	}
	now, own := h.bridge.clock.Now(), o.Location()
	_, theirs := now.In(own).Zone()
	if _, hoursAre := now.In(table.Zone()).Zone(); theirs == hoursAre {
		return table.Zone()
	}
	return own
}

// VisitorZone is the zone in which times are told to the visitor of a conversation where their browser does not do it: its
// zone, which it told if it ran scripts when the conversation began, or that of the hours that count there.
func (h *Hours) VisitorZone(s Snapshot) *time.Location {
	if zone, err := hours.ZoneNamed(s.TimeZone); s.TimeZone != "" && err == nil {
		return zone
	}
	return h.Department(s.Department).Zone()
}

// Department is the table that counts for a department: its own or the site's. "" stands for all
// departments together, to which the site's applies.
func (h *Hours) Department(name string) hours.Table {
	return hours.Applying(h.table(h.own(name)), h.Site())
}

// Of is the table that counts for an operator: their own, that of the department if they are in
// only one, or the site's.
func (h *Hours) Of(o Operator) hours.Table {
	var department string
	if named := o.Departments.Named(); len(named) == 1 && !o.Departments.All() && !o.Super {
		department = h.own(named[0])
	}
	return hours.Applying(h.table(o.Hours), h.table(department), h.Site())
}

// own is the text of a department's own table, "" if it has none.
func (h *Hours) own(department string) string {
	for _, d := range h.bridge.Team.Departments() {
		if d.Name == department {
			return d.Hours
		}
	}
	return ""
}

// table is what a stored text says.
func (h *Hours) table(text string) hours.Table {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.tables[text].Table
}

// mirror takes in what a look at the store has read, unless a later look is mirrored already.
func (h *Hours) mirror(turn int64, site string, operators []Operator, departments []Department) {
	texts := map[string]bool{site: true}
	for _, o := range operators {
		texts[o.Hours] = true
	}
	for _, d := range departments {
		texts[d.Hours] = true
	}
	h.mu.RLock()
	before := h.tables
	h.mu.RUnlock()
	now := h.bridge.clock.Now()
	tables := make(map[string]timed, len(texts))
	for text := range texts {
		if table, known := before[text]; known { // with its next change, which look may not have noticed yet
			tables[text] = table
		} else {
			tables[text] = h.read(text, now)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if turn >= h.turn {
		h.turn, h.site, h.tables = turn, site, tables
	}
}

// read reads a stored text. One that can't be read, because this machine does not know its zone,
// counts as none.
func (h *Hours) read(text string, now time.Time) timed {
	table, err := hours.Parse(text, "", now)
	if err != nil {
		h.bridge.log.Error("read hours", "text", text, "err", err)
	}
	return timed{Table: table}.from(now)
}

// from is the table with the next change after a time.
func (t timed) from(now time.Time) timed {
	t.next, _, _ = t.Next(now)
	return t
}

// look reports whether any hours have changed by time since the last look. One goroutine calls it.
func (h *Hours) look() (changed bool) {
	now := h.bridge.clock.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	back := now.Before(h.looked) // the clock was set back: what has changed may change again
	h.looked = now
	due := func(t timed) bool { return back || !t.next.IsZero() && !now.Before(t.next) }
	for _, t := range h.tables {
		changed = changed || due(t)
	}
	if !changed {
		return false
	}
	tables := make(map[string]timed, len(h.tables))
	for text, t := range h.tables {
		if due(t) {
			t = t.from(now)
		}
		tables[text] = t
	}
	h.tables = tables
	return true
}
