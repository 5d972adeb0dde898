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
// their presence, which is asked for again after every reconnect.
type team struct {
	turns       atomic.Int64 // looks at the store, counted at their beginning
	mu          sync.RWMutex
	turn        int64 // of the look that is mirrored
	operators   map[OperatorJID]Operator
	departments []Department
	resources   map[OperatorJID]map[string]Show
	linked      bool // the XMPP link is up; without it nobody is available
}

func newTeam() *team {
	return &team{operators: make(map[OperatorJID]Operator), resources: make(map[OperatorJID]map[string]Show)}
}

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

// show sets a resource's presence, and returns the operator's availability and
// whether any resource is online, before and after.
func (t *team) show(o OperatorJID, resource string, s Show) (was, is, wasThere, isThere bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	was, wasThere = t.free(t.operators[o]), len(t.resources[o]) > 0
	switch {
	case s != ShowOffline:
		if t.resources[o] == nil {
			t.resources[o] = make(map[string]Show)
		}
		t.resources[o][resource] = s
	case resource == "":
		delete(t.resources, o) // unavailable from the bare JID: all of them
	default:
		delete(t.resources[o], resource)
	}
	return was, t.free(t.operators[o]), wasThere, len(t.resources[o]) > 0
}

// link says whether the XMPP link is up. Presence is forgotten both ways.
func (t *team) link(up bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.linked = up
	t.resources = make(map[OperatorJID]map[string]Show)
}

// free reports whether the operator is available for offers. The lock is held.
func (t *team) free(o Operator) bool {
	if !t.linked || !o.Enabled || o.Paused {
		return false
	}
	for _, s := range t.resources[o.JID] {
		if s == ShowAvailable || s == ShowChat {
			return true
		}
	}
	return false
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

// alone reports whether the operator has no other resource online.
func (t *team) alone(o OperatorJID, resource string) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	_, this := t.resources[o][resource]
	return len(t.resources[o]) == 0 || this && len(t.resources[o]) == 1
}

// there reports whether any resource of the operator is online.
func (t *team) there(o OperatorJID) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.resources[o]) > 0
}

// shown is the operator's best presence for people to read.
func (t *team) shown(o OperatorJID) Show {
	t.mu.RLock()
	defer t.mu.RUnlock()
	best := ShowOffline
	for _, s := range t.resources[o] {
		if rank(s) < rank(best) {
			best = s
		}
	}
	return best
}

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
