package bridge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"porchlight/bridge/phrase"
)

// Team is the operators and departments: a mirror of what the store has of them, with what the config
// adds, and who of the operators is there. The methods may be called by any goroutine; those that take
// a context may wait for the store.
type Team struct {
	bridge      *Bridge
	turns       atomic.Int64 // looks at the store, each counted when it begins
	mu          sync.RWMutex
	turn        int64                    // the look at the store that the fields below are from
	operators   []Operator               // by JID; replaced as a whole, never changed
	known       map[OperatorJID]Operator // the same operators, to find one
	departments []Department             // by name; replaced as a whole, never changed
	former      former                   // who and what was deleted
}

// former is what was deleted: the names of operators, and the titles of departments by name.
type former struct {
	operators   map[OperatorJID]string
	departments map[string]string
}

// Operator returns an enabled operator; anybody else is a stranger.
func (t *Team) Operator(jid OperatorJID) (Operator, bool) {
	o, ok := t.get(jid)
	return o, ok && o.Enabled
}

// Operators lists the enabled operators, by JID.
func (t *Team) Operators() []Operator {
	all, _ := t.list()
	return slices.DeleteFunc(slices.Clone(all), func(o Operator) bool { return !o.Enabled })
}

// SuperOperators lists the operators whom the config names.
func (t *Team) SuperOperators() []OperatorJID { return t.bridge.opts.SuperOperators }

// Departments lists the departments, by name. The caller must not change the list.
func (t *Team) Departments() []Department {
	_, departments := t.list()
	return departments
}

// Available lists the operators who get offers now, by JID.
func (t *Team) Available() []Operator { return t.available("", Chat) }

// enabled is Operator with an error for a stranger.
func (t *Team) enabled(jid OperatorJID) (Operator, error) {
	o, ok := t.Operator(jid)
	if !ok {
		return o, stranger()
	}
	return o, nil
}

// colleague refuses somebody who is no operator by now; an empty one is nobody.
func (t *Team) colleague(o Operator) error {
	if _, ok := t.Operator(o.JID); !ok && o.JID != "" {
		return phrase.Fail(phrase.CodeNotFound, "There is no such operator.")
	}
	return nil
}

func stranger() error { return phrase.Fail(phrase.CodeForbidden, "You are no operator here.") }

// mirror takes in what a look at the store has read, unless a later look is mirrored already.
func (t *Team) mirror(turn int64, operators []Operator, departments []Department, former former) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if turn < t.turn {
		return
	}
	known := make(map[OperatorJID]Operator, len(operators))
	for _, o := range operators {
		known[o.JID] = o
		was, met := t.known[o.JID]
		switch {
		case !o.Enabled:
			t.bridge.Reach.forget(o.JID) // a stranger's presence is ignored
		case met && !was.Enabled:
			t.bridge.Reach.wonder(o.JID)
		}
	}
	for jid, name := range former.operators {
		former.operators[jid] = shownName(name)
		t.bridge.Reach.forget(jid)
	}
	t.turn, t.operators, t.known, t.departments, t.former = turn, operators, known, departments, former
}

// get finds an operator, enabled or disabled.
func (t *Team) get(o OperatorJID) (Operator, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	op, ok := t.known[o]
	return op, ok
}

// list returns all operators by JID, disabled ones included, and the departments by name. The caller
// must not change the lists.
func (t *Team) list() ([]Operator, []Department) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.operators, t.departments
}

// Everybody lists all operators, disabled ones included, by JID. The caller must not change the list.
func (t *Team) Everybody() []Operator {
	all, _ := t.list()
	return all
}

// Former are the names of the operators who were deleted. The caller must not change the map.
func (t *Team) Former() map[OperatorJID]string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.former.operators
}

// FormerDepartments are the titles of the departments that were deleted, by name. The caller must not change the
// map.
func (t *Team) FormerDepartments() map[string]string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.former.departments
}

// Name is the name of an operator, also of one who was deleted, or the JID if there was no such operator.
func (t *Team) Name(o OperatorJID) string { return t.name(o) }

// Address brings an address that was written by hand into the form of an operator's JID. What is no
// such address is refused, and so is one of the desk's own domain: what the desk told that operator would
// come back as a command.
func (t *Team) Address(text string) (OperatorJID, error) {
	written := strings.TrimPrefix(strings.TrimSpace(text), "xmpp:")
	local, domain, _ := strings.Cut(written, "@")
	jid, err := OperatorJID(written), error(nil)
	if t.bridge.opts.Address != nil {
		jid, err = t.bridge.opts.Address(written)
	}
	if err != nil || local == "" || domain == "" || strings.ContainsAny(written, " /") {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is no address such as olga@example.org.", text)
	}
	if _, domain, _ := strings.Cut(string(jid), "@"); strings.EqualFold(domain, t.bridge.opts.Domain) {
		return "", phrase.Fail(phrase.CodeInvalid, "%q is an address of the desk's own domain: an operator needs an account elsewhere.", text)
	}
	return jid, nil
}

// Local brings a name that stands before the @ of an address of the desk's own domain into the form that such an address
// has, which is the form in which the server's stanzas have it. What can't stand there is refused.
func (t *Team) Local(name string) (string, error) {
	if t.bridge.opts.Address == nil {
		return name, nil
	}
	jid, err := t.bridge.opts.Address(name + "@" + t.bridge.opts.Domain)
	if err != nil {
		return "", fmt.Errorf("read name of an address: %w", err)
	}
	local, _, _ := strings.Cut(string(jid), "@")
	return local, nil
}

// name is the name of an operator, also of one who was deleted, or the JID if there was no such operator.
func (t *Team) name(o OperatorJID) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if op, ok := t.known[o]; ok {
		return op.Name
	}
	return cmp.Or(t.former.operators[o], string(o))
}

// free reports whether the operator gets offers now.
func (t *Team) free(o Operator) bool {
	return o.Enabled && !o.Paused && t.bridge.Reach.now(o.JID).free
}

// offerable reports whether an operator gets offers now.
func (t *Team) offerable(o OperatorJID) bool {
	op, ok := t.get(o)
	return ok && t.free(op)
}

// available lists the operators who may be offered requests of a kind of a department, by JID; ""
// stands for all departments.
func (t *Team) available(department string, kind Kind) []Operator {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var list []Operator
	for _, o := range t.operators {
		if (department == "" || o.Serves(department, kind)) && t.free(o) {
			list = append(list, o)
		}
	}
	return list
}

// online reports whether anybody is available who serves requests of a kind of the department.
func (t *Team) online(department string, kind Kind) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, o := range t.operators {
		if o.Serves(department, kind) && t.free(o) {
			return true
		}
	}
	return false
}

// there reports whether any client of the operator is online.
func (t *Team) there(o OperatorJID) bool { return t.bridge.Reach.now(o).there }
