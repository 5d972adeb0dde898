package bridge

import "time"

// Targets are within how much business time the visitors of a department are to be answered; zero: there is no such
// target.
type Targets struct {
	First  time.Duration // from the request until an operator's first own words
	Next   time.Duration // from the visitor's later words until an operator's
	Solved time.Duration // from the request until its end
}
