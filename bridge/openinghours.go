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
	turn   int64                  // the look at the store that the fields below are from; see Team.renew
	site   hours.Table            // the site's
	tables map[string]hours.Table // what was read, by its text; replaced as a whole, never changed
	turns  time.Time              // when the hours of the site or of a department change next; zero: never
}

// Site is the table of the site.
func (h *Hours) Site() hours.Table {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.site
}

// Department is the table that counts for a department: its own or the site's. "" stands for all
// departments together, to which the site's applies.
func (h *Hours) Department(name string) hours.Table {
	return hours.Applying(h.table(h.departments()[name]), h.Site())
}

// Of is the table that counts for an operator: their own, that of the department if they are in
// only one, or the site's.
func (h *Hours) Of(o Operator) hours.Table {
	var department string
	if named := o.Departments.Named(); len(named) == 1 && !o.Departments.All() && !o.Super {
		department = h.departments()[named[0]]
	}
	return hours.Applying(h.table(o.Hours), h.table(department), h.Site())
}

// departments are the texts of the departments' own tables, by name.
func (h *Hours) departments() map[string]string {
	texts := make(map[string]string)
	for _, d := range h.bridge.Team.Departments() {
		texts[d.Name] = d.Hours
	}
	return texts
}

// table is what a stored text says.
func (h *Hours) table(text string) hours.Table {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.tables[text]
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
	tables := make(map[string]hours.Table, len(texts))
	for text := range texts {
		if table, known := before[text]; known {
			tables[text] = table
		} else {
			tables[text] = h.read(text)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if turn < h.turn {
		return
	}
	h.turn, h.site, h.tables = turn, tables[site], tables
	h.turns = h.change(departments)
}

// read reads a stored text. One that can't be read, because this machine does not know its zone,
// counts as none.
func (h *Hours) read(text string) hours.Table {
	table, err := hours.Parse(text, "", h.bridge.clock.Now())
	if err != nil {
		h.bridge.log.Error("read hours", "text", text, "err", err)
	}
	return table
}

// change is when the hours of the site or of a department change next, zero if never. The lock is held.
func (h *Hours) change(departments []Department) (earliest time.Time) {
	now := h.bridge.clock.Now()
	tables := []hours.Table{h.site}
	for _, d := range departments {
		tables = append(tables, h.tables[d.Hours])
	}
	for _, table := range tables {
		if at, _, ok := table.Next(now); ok && (earliest.IsZero() || at.Before(earliest)) {
			earliest = at
		}
	}
	return earliest
}

// look tells the sides when hours that the status shows have changed by time. One goroutine calls it.
func (h *Hours) look() {
	h.mu.RLock()
	due := !h.turns.IsZero() && !h.bridge.clock.Now().Before(h.turns)
	h.mu.RUnlock()
	if !due {
		return
	}
	departments := h.bridge.Team.Departments()
	h.mu.Lock()
	h.turns = h.change(departments)
	h.mu.Unlock()
	h.bridge.hub.publishStatus()
}
