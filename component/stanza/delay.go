package stanza

import (
	"time"

	"porchlight/component/stream"
)

// Stamped reports whether a stanza says that it was sent earlier.
func Stamped(el *stream.Element) bool {
	return el.Child(NSDelay, "delay") != nil || el.Child(nsOldDelay, "x") != nil
}

// WrittenAt returns when a stanza was first sent, by the earliest of its stamps: the
// client and each server on the way may set one (XEP-0203 §2). It is zero if the stanza
// has no stamp that can be read.
func WrittenAt(el *stream.Element) time.Time {
	var first time.Time
	note := func(layout, stamp string) {
		if at, err := time.Parse(layout, stamp); err == nil && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	for d := range el.All(NSDelay, "delay") {
		note(time.RFC3339, d.Get("stamp"))
	}
	for d := range el.All(nsOldDelay, "x") {
		note("20060102T15:04:05", d.Get("stamp"))
	}
	return first
}
