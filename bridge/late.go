package bridge

import (
	"slices"
	"time"

	"porchlight/bridge/phrase"
)

// tooLate refuses what an operator wrote before the conversation ended, or before it
// began, and which comes only now: it was meant for something that is over. The end is
// looked for in the log, since the conversation may have gone on after it.
func tooLate(r Reader, c Conversation, written time.Time) error {
	if written.IsZero() {
		return nil
	}
	if c.OpenedAt.Truncate(time.Second).After(written) { // stamps may be of whole seconds
		return phrase.Fail(phrase.CodeConflict, "This was written before #%d began, and came too late.", c.Number)
	}
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(list) {
		if e.At.Before(written) {
			break
		}
		if e.Closes() {
			return phrase.Fail(phrase.CodeConflict, "This was written before #%d ended, and came too late.", c.Number)
		}
	}
	return nil
}
