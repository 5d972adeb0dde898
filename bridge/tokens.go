package bridge

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"strings"
	"sync"

	"porchlight/bridge/phrase"
)

// keysRoom is how many conversations' keys are kept in memory.
const keysRoom = 16384

// Tokens knows which token opens which conversation, and makes the keys for all else that is signed.
// Its methods may be called by any goroutine.
type Tokens struct {
	store  Store
	pepper pepper
	mu     sync.Mutex
	keys   map[ConversationID]visitorKey // kept in memory, since a key never changes and every request of a visitor needs one
}

type visitorKey struct {
	number int64
	hash   []byte // the hash of the token
}

func (k *Tokens) get(id ConversationID) (visitorKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	return key, ok
}

func (k *Tokens) put(id ConversationID, key visitorKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys) >= keysRoom {
		k.keys = make(map[ConversationID]visitorKey)
	}
	k.keys[id] = key
}

// notFound is the error for a conversation that is unknown, and for one that is somebody else's: the
// caller can't tell these apart.
func notFound() error { return phrase.Fail(phrase.CodeNotFound, "There is no such conversation.") }

// Admit returns the conversation's number if the token is its visitor's.
func (k *Tokens) Admit(ctx context.Context, id ConversationID, token string) (int64, error) {
	key, err := k.key(ctx, id)
	if err != nil {
		return 0, err
	}
	if subtle.ConstantTimeCompare(key.hash, hashToken(token)) == 1 {
		return key.number, nil
	}
	admit := k.admitResumed
	if strings.HasPrefix(token, identifiedMark) {
		admit = k.admitIdentified
	}
	if err := admit(ctx, key.number, token); err != nil {
		return 0, err
	}
	return key.number, nil
}

// key returns the number of a conversation and the hash of the token that opens it.
func (k *Tokens) key(ctx context.Context, id ConversationID) (visitorKey, error) {
	key, known := k.get(id)
	if known {
		return key, nil
	}
	err := k.store.View(ctx, func(r Reader) error {
		c, hash, err := r.ConversationByID(id)
		key = visitorKey{c.Number, hash}
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = notFound()
	}
	if err == nil {
		k.put(id, key)
	}
	return key, err
}

// Authorize returns the conversation if the token is its visitor's.
func (b *Bridge) Authorize(ctx context.Context, id ConversationID, token string) (Conversation, error) {
	number, err := b.Tokens.Admit(ctx, id, token)
	if err != nil {
		return Conversation{}, err
	}
	return b.Conversation(ctx, number)
}

// Conversation returns a conversation as it is now.
func (b *Bridge) Conversation(ctx context.Context, number int64) (Conversation, error) {
	var c Conversation
	err := b.store.View(ctx, func(r Reader) (err error) {
		c, err = r.Conversation(number)
		return err
	})
	return c, err
}

// pepper is the key of this installation, from which all other keys are made.
type pepper []byte

// token is a visitor's token. It is made from the client's own random id and a key of this
// installation, so that a repeated request gets the same token although only its hash is stored.
func (p pepper) token(clientID string, id ConversationID) string {
	return mac(p.key("visitor's token"), clientID+"\x00"+string(id))
}

// earlierToken is the token that an earlier porchlight made, when all uses had one key; visitors who
// have one keep it.
func (p pepper) earlierToken(clientID string, id ConversationID) string {
	return mac(p, clientID+"\x00"+string(id))
}

// tokenFor is the token of a conversation that exists: the token whose hash is stored.
func (p pepper) tokenFor(clientID string, id ConversationID, hash []byte) string {
	earlier := p.earlierToken(clientID, id)
	if subtle.ConstantTimeCompare(hashToken(earlier), hash) == 1 {
		return earlier
	}
	return p.token(clientID, id)
}

// Key returns the key of this installation for one use: a signature for one use is worth nothing for
// another. The key is the same after a restart.
func (k *Tokens) Key(use string) []byte { return k.pepper.key(use) }

// sealBytesOfLinks are the bytes of a Seal, of which nobody can guess one.
const sealBytesOfLinks = 18

// Seal proves in a link that we made what the link names, for one use. It is compared in constant time.
func (k *Tokens) Seal(use, of string) string {
	m := hmac.New(sha256.New, k.Key(use))
	m.Write([]byte(of))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:sealBytesOfLinks])
}

func (p pepper) key(use string) []byte {
	m := hmac.New(sha256.New, p)
	m.Write([]byte("key for " + use))
	return m.Sum(nil)
}

// mac is the authentication code of a message (HMAC, RFC 2104), as text.
func mac(key []byte, message string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(message))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// hashToken is the part of a token that is stored.
func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// settingPepper is the setting that holds the pepper.
const settingPepper = "token_key"

func loadPepper(tx Tx) (pepper, error) {
	s, err := tx.KeepSetting(settingPepper, rand.Text()+rand.Text())
	return pepper(s), err
}

// newID returns at least 128 random bits, as text.
func newID() string { return strings.ToLower(rand.Text()) }

// short returns the 4 random characters that make a visitor's JID unique, without 0, O, 1, I and l.
func short() string {
	var b [3]byte
	rand.Read(b[:])
	return jidEncoding.EncodeToString(b[:])[:4]
}

var jidEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)
