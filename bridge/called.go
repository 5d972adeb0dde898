package bridge

import (
	"fmt"
	"slices"
)

// Called is how operators are told of the visitor: by name, with a number where
// another of this name was there already.
func (q Request) Called() string {
	if q.Namesake > 1 {
		return fmt.Sprintf("%s (%d)", q.Name, q.Namesake)
	}
	return q.Name
}

// namesake is the Namesake of a visitor who asks now: 0 where nobody open is called the
// same, else the lowest number that is free.
func namesake(r Reader, name string, v VisitorJID) (int, error) {
	taken, err := r.Namesakes(name, v)
	if err != nil || !slices.ContainsFunc(taken, func(n int) bool { return n < 2 }) {
		return 0, err
	}
	n := 2
	for slices.Contains(taken, n) {
		n++
	}
	return n, nil
}
