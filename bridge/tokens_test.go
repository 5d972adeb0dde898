package bridge

import (
	"bytes"
	"testing"
)

// A signature for one use is worth nothing for another, and what an earlier porchlight signed with one
// key for all uses stays good.
func TestKeys_EachUseHasItsOwn(t *testing.T) {
	k := &Tokens{pepper: []byte("pepper")}
	if bytes.Equal(k.Key("one use"), k.Key("another")) || !bytes.Equal(k.Key("one use"), k.Key("one use")) {
		t.Error("two uses have one key, or one has two")
	}
	id, file, ends := ConversationID("id"), "a.png", "1000"
	if earlier := k.pepper.earlierToken("file\x00id\x00a.png", "1000"); !k.pepper.signedFile(earlier, id, file, ends) {
		t.Error("a link of before is not accepted")
	}
	if token := k.pepper.token("file\x00id\x00a.png", "1000"); k.pepper.signedFile(token, id, file, ends) {
		t.Error("a visitor's token signs a link to a file")
	}
	if !k.pepper.signedFile(k.pepper.fileSignature(id, file, ends), id, file, ends) {
		t.Error("a good link is not accepted")
	}
	for _, token := range []string{k.pepper.token("client", id), k.pepper.earlierToken("client", id)} {
		if got := k.pepper.tokenFor("client", id, hashToken(token)); got != token {
			t.Errorf("a repeated request gets %s, and the visitor has %s", got, token)
		}
	}
}
