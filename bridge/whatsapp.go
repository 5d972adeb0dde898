package bridge

import "strings"

// WhatsApp is the address of a chat with an operator in WhatsApp, for visitors: "" if the operator has
// given no number, or is neither available nor within their hours.
func (t *Team) WhatsApp(jid OperatorJID) string {
	o, ok := t.Operator(jid)
	if !ok || o.WhatsApp == "" {
		return ""
	}
	if hours := t.bridge.Hours.Of(o); !t.free(o) && (hours.Empty() || !hours.In(t.bridge.clock.Now())) {
		return ""
	}
	return "https://wa.me/" + strings.TrimPrefix(o.WhatsApp, "+")
}
