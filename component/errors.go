package component

import (
	"log/slog"

	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// condition maps an error's code to a stanza error: type and condition (RFC 6120 §8.3).
func condition(err error) (typ, name string) {
	switch phrase.CodeOf(err) {
	case phrase.CodeInvalid, phrase.CodeEmailRequired, phrase.CodeUnsupported:
		return "modify", "bad-request"
	case phrase.CodeTooLarge:
		return "modify", "policy-violation"
	case phrase.CodeForbidden:
		return "auth", "forbidden"
	case phrase.CodeNotFound:
		return "cancel", "item-not-found"
	case phrase.CodeConflict:
		return "cancel", "conflict"
	case phrase.CodeBusy:
		return "wait", "resource-constraint"
	}
	return "wait", "internal-server-error" // also CodeUnavailable: it may pass
}

// malformed is the error for a payload that makes no sense, with the condition by which the XEP of the payload says why.
type malformed struct{ space, condition string }

// Error implements error.
func (m *malformed) Error() string { return m.condition }

// refused answers the stanza with bad-request and the condition.
func (m *malformed) refused(el *stream.Element) *stream.Element {
	answer := stanza.Error(el, "modify", "bad-request", "")
	e := answer.Children[0]
	e.Children = append(e.Children, stream.New(m.space, m.condition))
	return answer
}

// bounce sends a stanza back to the operator as an error; why is for people.
func (c *Component) bounce(p packet, typ, condition, why string) {
	c.send(stanza.Error(p.el, typ, condition, why))
}

// fail sends a stanza back with the error in the operator's language, and returns that
// text. It logs the error if it is a fault of ours.
func (c *Component) fail(err error, p packet) (why string) {
	report(c.log, err, p)
	typ, name := condition(err)
	why = voice.For(c.bridge, p.operator).Error(err)
	c.bounce(p, typ, name, why)
	return why
}

// report logs an error in handling an operator's stanza, if it is a fault of ours.
func report(log *slog.Logger, err error, p packet) {
	switch phrase.CodeOf(err) {
	case phrase.CodeInternal, phrase.CodeUnavailable:
		log.Error("handle stanza", "kind", p.el.Local, "operator", p.operator.JID, "to", p.to.Local, "err", err)
	}
}
