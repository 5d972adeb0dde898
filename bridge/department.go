package bridge

import (
	"time"

	"porchlight/bridge/route"
)

// Department is a named group of operators. What is zero is as for all departments, as the config has
// it.
type Department struct {
	Name     string        // lower-case; the local part of the department's JID
	Title    string        // the name that people read
	Routing  string        // in which order its operators are asked; see the words of Routings
	Overflow string        // the name of the department to which what waits goes on; "": none
	After    time.Duration // how long a chat waits before it goes on to Overflow; 0: OverflowAfter
	Offer    time.Duration // how long one operator is asked
	Limit    int           // how many chats one operator has at most at once, unless the operator has a Limit; 0: any number
	AsksTags bool          // whoever ends a conversation is asked for tags
	Language string        // the tag of the language in which visitors are greeted
	Hours    string        // its own hours, as package hours writes them
	Targets  Targets       // within how much time of these hours its visitors are to be answered
	// Retention is how long conversations are kept after they ended; 0: as the site's setting says, below 0: for ever.
	Retention time.Duration
}

// The ways in which a department's operators are asked.
const (
	RingAll     = string(route.RingAll)     // all at once
	InTurn      = string(route.InTurn)      // one after the other
	LeastActive = string(route.LeastActive) // one after the other, whoever has the fewest chats first
)

// Routings lists the words that Department.Routing may be; the first is the one of a new department.
func Routings() []string { return []string{RingAll, InTurn, LeastActive} }
