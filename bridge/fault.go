package bridge

import "slices"

// Fault is the reason why what is sent to an operator does not reach them.
type Fault struct {
	Condition string // the condition of the stanza error that came back (RFC 6120 §8.3.3), or noAnswer; "": there is no fault
	Text      string // the text of the error
}

// noAnswer is the condition of a server that answers nothing and sends nothing back.
const noAnswer = "no-answer"

// String is the fault for people to read.
func (f Fault) String() string {
	if f.Text == "" {
		return f.Condition
	}
	return f.Condition + " (" + f.Text + ")"
}

// Server reports whether the fault lies on the way to the operator's server. We don't get their
// presence either then, so it is asked for again.
func (f Fault) Server() bool {
	return slices.Contains([]string{noAnswer, "remote-server-not-found", "remote-server-timeout", "internal-server-error", "undefined-condition"}, f.Condition)
}

// Offline reports whether the fault may mean no more than that no client is online: servers that
// store nothing for later answer so (RFC 6121 §8.5.2.2).
func (f Fault) Offline() bool {
	return slices.Contains([]string{"service-unavailable", "recipient-unavailable", "resource-constraint"}, f.Condition)
}

// ours reports whether the error blames the one stanza that came back. The other side has
// received the stanza then.
func (f Fault) ours() bool {
	return slices.Contains([]string{"", "bad-request", "conflict", "feature-not-implemented", "jid-malformed", "not-acceptable", "policy-violation", "unexpected-request"}, f.Condition)
}
