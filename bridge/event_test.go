package bridge

import (
	"strings"
	"testing"
)

// The id of an event is always the same one, and looks like a UUIDv4.
func TestStanzaID_IsAStableUUIDv4(t *testing.T) {
	id := StanzaID("conversation", 7)
	if id != StanzaID("conversation", 7) || id == StanzaID("conversation", 8) || len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
		t.Errorf("%s", id)
	}
}
