package bridge

import (
	"sort"
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
	turn        int64 // of the look that is mirrored
	operators   map[OperatorJID]Operator
	departments []Department
	reach       *Reach // who can be reached now; its lock is taken inside this one
}

func newTeam() *team { return &team{operators: make(map[OperatorJID]Operator)} }

// load mirrors what was read in a turn, unless a later look is mirrored already.
func (t *team) load(turn int64, operators []Operator, departments []Department) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if turn < t.turn {
		return
	}
	t.turn = turn
	t.operators = make(map[OperatorJID]Operator, len(operators))
	for _, o := range operators {
		t.operators[o.JID] = o
		if !o.Enabled {
			t.reach.forget(o.JID) // strangers' presence is not looked at
		}
	}
	t.departments = departments
}

func (t *team) get(o OperatorJID) (Operator, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	op, ok := t.operators[o]
	return op, ok
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
	sort.Slice(list, func(i, j int) bool { return list[i].JID < list[j].JID })
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

func (t *team) list() ([]Operator, []Department) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	list := make([]Operator, 0, len(t.operators))
	for _, o := range t.operators {
		list = append(list, o)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].JID < list[j].JID })
	return list, t.departments
}
