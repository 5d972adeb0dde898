package bridge

import "slices"

// Fault is why what is sent to an operator does not reach them.
type Fault struct {
	Condition string // of the stanza error that came back (RFC 6120 §8.3.3), or NoAnswer; "": there is none
	Text      string // what the error said beside it
}

// NoAnswer is the condition of a server that answers nothing, so that nothing
// comes back from it either.
const NoAnswer = "no-answer"

// String is the fault for people to read.
func (f Fault) String() string {
	if f.Text == "" {
		return f.Condition
	}
	return f.Condition + " (" + f.Text + ")"
}

// Server reports whether it lies on the way to the operator's server. Then their
// presence is not told to us either, so it is asked for again.
func (f Fault) Server() bool {
	return slices.Contains([]string{NoAnswer, "remote-server-not-found", "remote-server-timeout", "internal-server-error", "undefined-condition"}, f.Condition)
}

// Offline reports whether it may mean no more than that nobody is there: servers
// that keep nothing for later answer so (RFC 6121 §8.5.2.2).
func (f Fault) Offline() bool {
	return slices.Contains([]string{"service-unavailable", "recipient-unavailable", "resource-constraint"}, f.Condition)
}

// ours reports whether it blames the one stanza that came back. Who sent it back
// has got it.
func (f Fault) ours() bool {
	return slices.Contains([]string{"", "bad-request", "conflict", "feature-not-implemented", "jid-malformed", "not-acceptable", "policy-violation", "unexpected-request"}, f.Condition)
}
