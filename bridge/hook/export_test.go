package hook

import "context"

// Courier makes a courier that does not run. look has it look for what is untold, note notes conversations, and pick
// takes one off its list.
func Courier(h *Hooks, w Hook) (look func(context.Context), note func(...int64), pick func() (int64, bool)) {
	k := newCourier(h, w)
	return k.look, k.note, k.pick
}

// Noted is how many conversations a courier notes.
const Noted = noted
