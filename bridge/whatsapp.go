package bridge

import (
	"strings"

	"porchlight/bridge/setting"
)

// WhatsApp is the address of a chat with an operator in WhatsApp, for visitors: "" if the operator has
// given no number, if the site does not want it, or if the operator is neither available nor within their hours.
func (t *Team) WhatsApp(jid OperatorJID) string {
	o, ok := t.Operator(jid)
	if !ok || o.WhatsApp == "" || !t.bridge.Settings.On(setting.WhatsApp) {
		return ""
	}
	if hours := t.bridge.Hours.Of(o); !t.free(o) && (hours.Empty() || !hours.In(t.bridge.clock.Now())) {
		return ""
	}
	return "https://wa.me/" + strings.TrimPrefix(o.WhatsApp, "+")
}
