package component

import "porchlight/bridge/phrase"

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

// report logs what is a fault of ours.
func (c *Component) report(err error, p packet) {
	switch phrase.CodeOf(err) {
	case phrase.CodeInternal, phrase.CodeUnavailable:
		c.log.Error("operator's message", "operator", p.operator.JID, "to", p.to.Local, "err", err)
	}
}
