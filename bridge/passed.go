package bridge

import "slices"

// passedOn reports whether an operator passed the conversation on and nobody has had it
// since; and whether they have said something to the visitor after that.
func passedOn(r Reader, c Conversation, o OperatorJID) (passed, wrote bool, err error) {
	if c.State != Waiting {
		return false, false, nil
	}
	list, err := r.Events(c.Number, max(0, c.Seq-sentBack), sentBack)
	for _, e := range slices.Backward(list) {
		switch {
		case e.Type.Content() && e.Operator == o:
			wrote = true
		case e.Data == Part{Action: Left, Reason: ReasonTransferred}:
			return e.Operator == o, wrote, err
		case e.Joins(), e.Closes():
			return false, false, err
		}
	}
	return false, false, err
}
