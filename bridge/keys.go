package bridge

import (
	"context"
	"crypto/subtle"
	"sync"

	"porchlight/bridge/phrase"
)

// keysRoom is how many conversations' keys are remembered.
const keysRoom = 16384

// keyring remembers whose token opens which conversation, since neither ever
// changes and every request of a visitor asks.
type keyring struct {
	mu   sync.Mutex
	keys map[ConversationID]visitorKey
}

type visitorKey struct {
	number int64
	hash   []byte // of the token
}

func (k *keyring) get(id ConversationID) (visitorKey, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	return key, ok
}

func (k *keyring) put(id ConversationID, key visitorKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.keys == nil || len(k.keys) >= keysRoom {
		k.keys = make(map[ConversationID]visitorKey)
	}
	k.keys[id] = key
}

// notFound is what a caller learns who names an unknown conversation or one of
// somebody else: the same.
func notFound() error { return phrase.Fail(phrase.CodeNotFound, "There is no such conversation.") }

// Admit returns the conversation's number if the token is its visitor's.
func (b *Bridge) Admit(ctx context.Context, id ConversationID, token string) (int64, error) {
	key, err := b.key(ctx, id)
	if err != nil {
		return 0, err
	}
	if subtle.ConstantTimeCompare(key.hash, hashToken(token)) != 1 {
		return 0, notFound()
	}
	return key.number, nil
}

// key is whose token opens a conversation.
func (b *Bridge) key(ctx context.Context, id ConversationID) (visitorKey, error) {
	key, known := b.keys.get(id)
	if known {
		return key, nil
	}
	err := b.store.View(ctx, func(r Reader) error {
		c, hash, err := r.ConversationByID(id)
		key = visitorKey{c.Number, hash}
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = notFound()
	}
	if err == nil {
		b.keys.put(id, key)
	}
	return key, err
}

// Authorize returns the conversation if the token is its visitor's.
func (b *Bridge) Authorize(ctx context.Context, id ConversationID, token string) (Conversation, error) {
	number, err := b.Admit(ctx, id, token)
	if err != nil {
		return Conversation{}, err
	}
	return b.Conversation(ctx, number)
}

// Conversation returns a conversation as it stands.
func (b *Bridge) Conversation(ctx context.Context, number int64) (Conversation, error) {
	var c Conversation
	err := b.store.View(ctx, func(r Reader) (err error) {
		c, err = r.Conversation(number)
		return err
	})
	return c, err
}
