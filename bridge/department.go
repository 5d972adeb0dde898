package bridge

import "time"

// Department is a named group of operators. What is zero is as for all departments, as the config has
// it. Routing, Overflow, After, Offer and Limit are only kept and shown so far.
type Department struct {
	Name     string // lower-case; the local part of the department's JID
	Title    string // the name that people read
	Routing  string // in which order its operators are asked; see the words of Routings
	Overflow string // the name of the department to which what waits goes on; "": none
	After    time.Duration
	Offer    time.Duration // how long one operator is asked
	Limit    int           // how many conversations one operator may have at once
	Language string        // the tag of the language in which visitors are greeted
	Hours    string        // its own hours, as package hours writes them
}

// The ways in which a department's operators are asked.
const (
	RingAll     = "ring-all"     // all at once
	InTurn      = "in-turn"      // one after the other
	LeastActive = "least-active" // whoever has the fewest conversations first
)

// Routings lists the words that Department.Routing may be; the first is the one of a new department.
func Routings() []string { return []string{RingAll, InTurn, LeastActive} }
