package bridge

import (
	"bytes"
	"testing"
)

// What is signed for one use is worth nothing for another, and what was given out before
// each use had a key of its own stays good.
func TestKeys_EachUseHasItsOwn(t *testing.T) {
	b := &Bridge{pepper: []byte("pepper")}
	if bytes.Equal(b.Key("one use"), b.Key("another")) || !bytes.Equal(b.Key("one use"), b.Key("one use")) {
		t.Error("two uses have one key, or one has two")
	}
	id, file, ends := ConversationID("id"), "a.png", "1000"
	if earlier := b.pepper.earlierToken("file\x00id\x00a.png", "1000"); !b.pepper.signedFile(earlier, id, file, ends) {
		t.Error("a link of before is not accepted")
	}
	if token := b.pepper.token("file\x00id\x00a.png", "1000"); b.pepper.signedFile(token, id, file, ends) {
		t.Error("a visitor's token signs a link to a file")
	}
	if !b.pepper.signedFile(b.pepper.fileSignature(id, file, ends), id, file, ends) {
		t.Error("a good link is not accepted")
	}
	for _, token := range []string{b.pepper.token("client", id), b.pepper.earlierToken("client", id)} {
		if got := b.pepper.tokenFor("client", id, hashToken(token)); got != token {
			t.Errorf("a repeated request gets %s, and the visitor has %s", got, token)
		}
	}
}
