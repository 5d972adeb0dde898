package bridge

import (
	"sync"
	"sync/atomic"
)

// Show is how available a resource is (RFC 6121 §4.7.2.1).
type Show string

// The shows. Only ShowAvailable and ShowChat count as available.
const (
	ShowOffline   Show = "offline" // unavailable: the resource is gone
	ShowAvailable Show = ""
	ShowChat      Show = "chat"
	ShowAway      Show = "away"
	ShowXA        Show = "xa"
	ShowDND       Show = "dnd"
)

// Valid reports whether s is one of the shows.
func (s Show) Valid() bool {
	switch s {
	case ShowOffline, ShowAvailable, ShowChat, ShowAway, ShowXA, ShowDND:
		return true
	}
	return false
}

// team is what is known of the operators: a mirror of the stored ones, and
// how they can be reached.
type team struct {
	turns       atomic.Int64 // looks at the store, counted at their beginning
	mu          sync.RWMutex
	turn        int64                    // of the look that is mirrored
	operators   []Operator               // by JID; replaced as a whole, never changed
	known       map[OperatorJID]Operator // the same, to find one
	departments []Department             // by name; replaced as a whole, never changed
	reach       *Reach                   // who can be reached now; its lock is taken inside this one
}

// load mirrors what was read in a turn, unless a later look is mirrored already.
func (t *team) load(turn int64, operators []Operator, departments []Department) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if turn < t.turn {
		return
	}
	known := make(map[OperatorJID]Operator, len(operators))
	for _, o := range operators {
		known[o.JID] = o
		if !o.Enabled {
			t.reach.forget(o.JID) // strangers' presence is not looked at
		}
	}
	t.turn, t.operators, t.known, t.departments = turn, operators, known, departments
}

func (t *team) get(o OperatorJID) (Operator, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	op, ok := t.known[o]
	return op, ok
}

// list is everybody by JID, disabled ones included, and the departments by name. Whoever
// calls it must not change them.
func (t *team) list() ([]Operator, []Department) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.operators, t.departments
}

// name is how an operator is called.
func (t *team) name(o OperatorJID) string {
	if op, ok := t.get(o); ok {
		return op.Name
	}
	return string(o)
}

// free reports whether the operator is available for offers. The lock is held.
func (t *team) free(o Operator) bool {
	return o.Enabled && !o.Paused && t.reach.now(o.JID).free
}

// offerable reports whether an operator gets offers now.
func (t *team) offerable(o OperatorJID) bool {
	op, ok := t.get(o)
	t.mu.RLock()
	defer t.mu.RUnlock()
	return ok && t.free(op)
}

// available lists who may be offered requests of the department, by JID; of
// all departments if it is "".
func (t *team) available(department string) []Operator {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var list []Operator
	for _, o := range t.operators {
		if (department == "" || o.Serves(department)) && t.free(o) {
			list = append(list, o)
		}
	}
	return list
}

// online reports whether anybody of the department is available.
func (t *team) online(department string) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, o := range t.operators {
		if o.Serves(department) && t.free(o) {
			return true
		}
	}
	return false
}

// there reports whether any client of the operator is online.
func (t *team) there(o OperatorJID) bool { return t.reach.now(o).there }

func rank(s Show) int {
	for i, x := range []Show{ShowChat, ShowAvailable, ShowAway, ShowXA, ShowDND, ShowOffline} {
		if s == x {
			return i
		}
	}
	return 9
}
