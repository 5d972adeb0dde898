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

// However long the ids of a stanza are, an origin is short enough for the index of any database, and differs when they differ.
func TestOrigin_IsShort(t *testing.T) {
	const jid = OperatorJID("xavi@example.org")
	long := strings.Repeat("x", 100_000)
	a, b := sayingOrigin(jid, long+"a", long+"c", "Hello"), sayingOrigin(jid, long+"b", long+"c", "Hello")
	if len(a) > 1000 || a == b || a == sayingOrigin(jid, long+"a", long+"d", "Hello") {
		t.Errorf("%d bytes: %q, and %q", len(a), a, b)
	}
	if !strings.HasPrefix(a, OperatorOrigin(jid, long+"a")+idsApart) {
		t.Error("it is not found by the stanza's id")
	}
	if e := (Event{Operator: jid, Origin: sayingOrigin(jid, "short", "other", "Hello")}); e.StanzaID() != "short" {
		t.Errorf("the id is %q", e.StanzaID())
	}
}
