// Package route says who is asked next for a request. It is pure: values in, choice out. It knows no clock, no store and
// nothing else of ours, so whoever calls it says who could be asked and what is known of them.
package route

import (
	"cmp"
	"time"
)

// Strategy is a way in which the operators of a department are asked.
type Strategy string

// The strategies.
const (
	RingAll     Strategy = "ring-all"     // all at once
	InTurn      Strategy = "in-turn"      // one after the other: whoever was asked longest ago
	LeastActive Strategy = "least-active" // one after the other: whoever has least to do
)

// Alone reports whether operators are asked one after the other, and not all at once.
func (s Strategy) Alone() bool { return s == InTurn || s == LeastActive }

// Person is an operator who could be asked, who gets requests now.
type Person struct {
	ID     string
	Tried  bool      // they were asked for this request before
	Chat   bool      // they want to be asked before the others (the presence "free for chat", RFC 6121 §4.7.2.1)
	Chats  int       // how many chats they have
	Limit  int       // how many they have at most; 0: no limit
	Offers int       // how many requests are on offer to them alone
	Asked  time.Time // when they were last asked alone; zero: never
	Knows  bool      // they had the visitor's last conversation
	Speaks bool      // they speak the visitor's language, as far as that is known
}

// Full reports whether somebody with so many chats has no room for one more; limit 0 stands for no limit.
func Full(chats, limit int) bool { return limit > 0 && chats >= limit }

// Next is the person who is asked next alone: the first in order of those who have room and were not asked before.
// ok is false if there is nobody, or if the strategy asks all at once.
func Next(s Strategy, people []Person) (next Person, ok bool) {
	if !s.Alone() {
		return Person{}, false
	}
	for _, p := range people {
		if p.Tried || Full(p.Chats, p.Limit) {
			continue
		}
		if !ok || compare(s, p, next) < 0 {
			next, ok = p, true
		}
	}
	return next, ok
}

// compare says who of two is asked first. A visitor who comes back goes to whoever knows them, whatever else they have to do;
// then the language counts, because words that nobody understands help nobody; then who says that they are free. The
// strategy decides among equals, and in the end the ID, so that the choice depends on nothing else.
func compare(s Strategy, a, b Person) int {
	order := cmp.Or(first(a.Knows, b.Knows), first(a.Speaks, b.Speaks), first(a.Chat, b.Chat))
	if s == LeastActive {
		order = cmp.Or(order, cmp.Compare(a.Chats+a.Offers, b.Chats+b.Offers))
	}
	return cmp.Or(order, a.Asked.Compare(b.Asked), cmp.Compare(a.ID, b.ID))
}

// first orders true before false.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
