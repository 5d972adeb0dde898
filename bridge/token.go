package bridge

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strings"
)

// A visitor's token is made from the client's own random id and a key of this
// installation, so that a repeated request gets the same answer although only
// the token's hash is stored.
func (b *Bridge) token(clientID string, id ConversationID) string {
	m := hmac.New(sha256.New, b.pepper)
	m.Write([]byte(clientID + "\x00" + string(id)))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// hashToken is what of a token is stored.
func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// settingPepper is the setting that holds the key.
const settingPepper = "token_key"

func loadPepper(tx Tx) ([]byte, error) {
	s, err := tx.Setting(settingPepper)
	if err != nil {
		return nil, err
	}
	if s == "" {
		s = rand.Text() + rand.Text()
		err = tx.SaveSetting(settingPepper, s)
	}
	return []byte(s), err
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
