package bridge

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"strings"
)

// pepper is the key of this installation, from which all its others are made.
type pepper []byte

// A visitor's token is made from the client's own random id and a key of this
// installation, so that a repeated request gets the same answer although only
// the token's hash is stored.
func (p pepper) token(clientID string, id ConversationID) string {
	return mac(p.key("visitor's token"), clientID+"\x00"+string(id))
}

// earlierToken is what token gave before each use had a key of its own; who has
// such a token keeps it.
func (p pepper) earlierToken(clientID string, id ConversationID) string {
	return mac(p, clientID+"\x00"+string(id))
}

// tokenFor is the token of a conversation that exists: the one whose hash is stored.
func (p pepper) tokenFor(clientID string, id ConversationID, hash []byte) string {
	earlier := p.earlierToken(clientID, id)
	if subtle.ConstantTimeCompare(hashToken(earlier), hash) == 1 {
		return earlier
	}
	return p.token(clientID, id)
}

// Key returns the key of this installation for one use: what is signed for one is
// worth nothing for another. It is the same after a restart. Any goroutine may
// call it.
func (b *Bridge) Key(use string) []byte { return b.pepper.key(use) }

func (p pepper) key(use string) []byte {
	m := hmac.New(sha256.New, p)
	m.Write([]byte("key for " + use))
	return m.Sum(nil)
}

// mac is the message's code (HMAC, RFC 2104) as text.
func mac(key []byte, message string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(message))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// hashToken is what of a token is stored.
func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// settingPepper is the setting that holds the key.
const settingPepper = "token_key"

func loadPepper(tx Tx) (pepper, error) {
	s, err := tx.Setting(settingPepper)
	if err != nil {
		return nil, err
	}
	if s == "" {
		s = rand.Text() + rand.Text()
		err = tx.SaveSetting(settingPepper, s)
	}
	return pepper(s), err
}

// newID returns 128 random bits or more as text.
func newID() string { return strings.ToLower(rand.Text()) }

// short returns the 4 characters that make a visitor's JID unique: no 0/O, 1/I/l.
func short() string {
	var b [3]byte
	rand.Read(b[:])
	return jidEncoding.EncodeToString(b[:])[:4]
}

var jidEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)
