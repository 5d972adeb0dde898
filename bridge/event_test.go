package bridge

import (
	"strings"
	"testing"
)

func TestStanzaID_IsAStableUUIDv4(t *testing.T) {
	id := StanzaID("conversation", 7)
	if id != StanzaID("conversation", 7) || id == StanzaID("conversation", 8) || len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) {
		t.Errorf("%s", id)
	}
}
