package component

import (
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
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

// fail sends a stanza back with what is wrong, and logs what is a fault of ours.
func (c *Component) fail(err error, p packet) {
	c.report(err, p)
	typ, name := condition(err)
	c.send(stanza.Error(p.el, typ, name, voice.For(c.bridge, p.operator).Error(err)))
}

// report logs what is a fault of ours.
func (c *Component) report(err error, p packet) {
	switch phrase.CodeOf(err) {
	case phrase.CodeInternal, phrase.CodeUnavailable:
		c.log.Error("handle stanza", "kind", p.el.Local, "operator", p.operator.JID, "to", p.to.Local, "err", err)
	}
}
