package bridge

import (
	"slices"
	"sync"
	"sync/atomic"

	"porchlight/bridge/phrase"
)

// Team is the operators and departments: a mirror of what is stored of them, with
// what the config adds, and who of them is there. Its methods may be called by any
// goroutine; those that take a context may wait for the store.
type Team struct {
	bridge      *Bridge
	turns       atomic.Int64 // looks at the store, counted at their beginning
	mu          sync.RWMutex
	turn        int64                    // of the look that is mirrored
	operators   []Operator               // by JID; replaced as a whole, never changed
	known       map[OperatorJID]Operator // the same, to find one
	departments []Department             // by name; replaced as a whole, never changed
}

// Operator returns an enabled operator; anybody else is a stranger.
func (t *Team) Operator(jid OperatorJID) (Operator, bool) {
	o, ok := t.get(jid)
	return o, ok && o.Enabled
}

// Operators lists those who are enabled, by JID.
func (t *Team) Operators() []Operator {
	all, _ := t.list()
	return slices.DeleteFunc(slices.Clone(all), func(o Operator) bool { return !o.Enabled })
}

// SuperOperators lists those named in the config.
func (t *Team) SuperOperators() []OperatorJID { return t.bridge.opts.SuperOperators }

// Departments lists the departments, by name. Whoever calls it must not change the list.
func (t *Team) Departments() []Department {
	_, departments := t.list()
	return departments
}

// Available lists who gets offers now, by JID.
func (t *Team) Available() []Operator { return t.available("") }

// enabled is Operator with the error for a stranger.
func (t *Team) enabled(jid OperatorJID) (Operator, error) {
	o, ok := t.Operator(jid)
	if !ok {
		return o, stranger()
	}
	return o, nil
}

func stranger() error { return phrase.Fail(phrase.CodeForbidden, "You are no operator here.") }

// mirror takes in what was read in a turn, unless a later look is mirrored already.
func (t *Team) mirror(turn int64, operators []Operator, departments []Department) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if turn < t.turn {
		return
	}
	known := make(map[OperatorJID]Operator, len(operators))
	for _, o := range operators {
		known[o.JID] = o
		if !o.Enabled {
			t.bridge.Reach.forget(o.JID) // strangers' presence is not looked at
		}
	}
	t.turn, t.operators, t.known, t.departments = turn, operators, known, departments
}

// get finds an operator, enabled or not.
func (t *Team) get(o OperatorJID) (Operator, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	op, ok := t.known[o]
	return op, ok
}

// list is everybody by JID, disabled ones included, and the departments by name. Whoever
// calls it must not change them.
func (t *Team) list() ([]Operator, []Department) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.operators, t.departments
}

// name is how an operator is called.
func (t *Team) name(o OperatorJID) string {
	if op, ok := t.get(o); ok {
		return op.Name
	}
	return string(o)
}

// free reports whether the operator is available for offers. The lock is held.
func (t *Team) free(o Operator) bool {
	return o.Enabled && !o.Paused && t.bridge.Reach.now(o.JID).free
}

// offerable reports whether an operator gets offers now.
func (t *Team) offerable(o OperatorJID) bool {
	op, ok := t.get(o)
	t.mu.RLock()
	defer t.mu.RUnlock()
	return ok && t.free(op)
}

// available lists who may be offered requests of the department, by JID; of
// all departments if it is "".
func (t *Team) available(department string) []Operator {
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
func (t *Team) online(department string) bool {
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
func (t *Team) there(o OperatorJID) bool { return t.bridge.Reach.now(o).there }
