package bridge

import "testing"

// Visitors see names, never addresses.
func TestName_IsNoAddress(t *testing.T) {
	for jid, want := range map[OperatorJID]string{
		"xavi@example.org": "Xavi", `user\40corp.example@xmpp.example`: "User", `d\27artagnan@x.example`: "D'artagnan", `o\20hara@x.example`: "O hara",
		`a\5c40b@x.example`: `A\40b`, `\40corp.example@x.example`: "Operator", "élise@x.example": "Élise", "example.org": "Example.org",
	} {
		if got := NameFromJID(jid); got != want {
			t.Errorf("%s is called %q, want %q", jid, got, want)
		}
	}
	for name, want := range map[string]string{"Olga K.": "Olga K.", "olga@example.org": "olga", `Olga\40corp.example`: "Olga", "\u202egro": "gro", "\u3164": "Operator"} {
		if got := shownName(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}
