package route

import "time"

// Past is how long requests waited to be taken: how many began to wait within one hour of the day, over some days.
type Past struct {
	N     int64
	Total time.Duration // all their waits together
	Days  int64         // over how many days they were counted
}

// pastLeast is how many requests have to be known before anything is said.
const pastLeast = 5

// Wait is how long somebody at a place in the queue, from 1, will wait, as far as the past tells. ok is false if that is not
// known: too few waited in that hour, or the place is not known.
//
// Whoever came met L others on average, where L is how many came in a unit of time, times how long each waited (Little's law;
// the place of who came was L + 1). So one place costs the mean wait divided by L + 1. Days on which nobody could come make L
// too small, and the answer rather too long than too short.
func Wait(past Past, place int) (wait time.Duration, ok bool) {
	if past.N < pastLeast || past.Days < 1 || past.Total < 0 || place < 1 {
		return 0, false
	}
	mean := past.Total / time.Duration(past.N)
	met := past.Total.Hours() / float64(past.Days) // how many came in an hour of one day, times the mean
	return time.Duration(float64(mean) * float64(place) / (met + 1)), true
}
