// Package access lets servers of the site use porchlight: by keys that super operators make at the desk, each for
// what its scopes name. A key opens nothing that a visitor's token opens, and no token opens what a key does. The
// package says who may do what, and does it; how a request arrives is its caller's business.
package access

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const (
	prefix    = "plk_" // begins every key, so that people and scanners for leaked secrets know it
	mostKeys  = 50
	usedEvery = time.Minute // how often it is stored that a key is used
	longest   = 40          // the characters of a key's name

	// MostListed is how many conversations or events are listed at once.
	MostListed = 100

	mostAttributes = 8192 // bytes
)

// Access knows the keys. Its methods may be called by any goroutine.
type Access struct {
	store  Store
	bridge *bridge.Bridge
}

// New makes an Access.
func New(store Store, b *bridge.Bridge) *Access { return &Access{store, b} }

func hashed(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// Add makes a key. Only the answer tells it.
func (a *Access) Add(ctx context.Context, by bridge.Operator, name string, scopes []Scope) (key string, k Key, err error) {
	name, ok := bridge.Handle(name, longest)
	if !ok {
		return "", k, phrase.Fail(phrase.CodeInvalid, "%q is no name such as crm or shop-2: letters from a to z, digits and hyphens.", bridge.Clip(name, longest))
	}
	key = prefix + strings.ToLower(rand.Text()+rand.Text())
	k = Key{Hash: hashed(key), Name: name, Scopes: scopes, Made: a.bridge.Now(), By: by.JID}
	err = a.store.UpdateAccess(ctx, func(tx Tx) error {
		list, err := tx.Keys()
		switch {
		case err != nil:
			return err
		case len(list) >= mostKeys:
			return phrase.Fail(phrase.CodeInvalid, "There are %d keys. More are not possible.", len(list))
		}
		err = tx.SaveKey(k)
		if phrase.CodeOf(err) == phrase.CodeConflict {
			err = phrase.Fail(phrase.CodeInvalid, "There is a key %s already. %s deletes it.", name, "key-delete "+name)
		}
		if err != nil {
			return err
		}
		return a.audit(tx, by, "key-add "+name, bridge.Changed{Key: "key", Is: Words(scopes)})
	})
	return key, k, err
}

// Delete deletes a key, which opens nothing from then on.
func (a *Access) Delete(ctx context.Context, by bridge.Operator, name string) error {
	name = strings.ToLower(strings.TrimSpace(name))
	return a.store.UpdateAccess(ctx, func(tx Tx) error {
		err := tx.DeleteKey(name)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			err = phrase.Fail(phrase.CodeNotFound, "There is no key %q. keys lists them.", bridge.Clip(name, longest))
		}
		if err != nil {
			return err
		}
		return a.audit(tx, by, "key-delete "+name)
	})
}

func (a *Access) audit(tx Tx, by bridge.Operator, line string, changes ...bridge.Changed) error {
	return tx.AppendAudit(&bridge.Audit{At: a.bridge.Now(), By: by.JID, ByName: by.Name, Line: line, Changes: changes})
}

// Keys lists the keys, by name.
func (a *Access) Keys(ctx context.Context) (list []Key, err error) {
	err = a.store.ViewAccess(ctx, func(r Reader) (err error) {
		list, err = r.Keys()
		return err
	})
	return list, err
}

// ErrNoKey says that a text is no key, or none any more.
var ErrNoKey = errors.New("no such key")

// Admit finds the key that a caller has sent, and notes that it is used. ErrNoKey says that it opens nothing. The key is
// looked up by its hash, so how long that takes tells nothing about the key.
func (a *Access) Admit(ctx context.Context, key string) (k Key, err error) {
	if !strings.HasPrefix(key, prefix) {
		return k, ErrNoKey
	}
	err = a.store.ViewAccess(ctx, func(r Reader) (err error) {
		k, err = r.Key(hashed(key))
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound || err == nil && subtle.ConstantTimeCompare(k.Hash, hashed(key)) != 1 {
		return Key{}, ErrNoKey
	}
	if now := a.bridge.Now(); err == nil && now.Sub(k.Used).Abs() >= usedEvery {
		err = a.store.UpdateAccess(ctx, func(tx Tx) error { return tx.UseKey(k.Hash, now) })
	}
	return k, err
}

// Allow refuses a key that lacks a scope.
func (k Key) Allow(s Scope) error {
	if k.May(s) {
		return nil
	}
	return phrase.Fail(phrase.CodeForbidden, "This key does not allow %s. A super operator can make one that does: %s", string(s), "key-add NAME "+string(s))
}

// Record is a conversation with what was asked in it.
type Record struct {
	bridge.Conversation
	Request bridge.Request
}

// Conversation reads a conversation.
func (a *Access) Conversation(ctx context.Context, number int64) (c Record, err error) {
	err = a.store.ViewAccess(ctx, func(r Reader) (err error) {
		c, err = record(r, number)
		return err
	})
	return c, err
}

func record(r Reader, number int64) (c Record, err error) {
	if c.Conversation, err = r.Conversation(number); err == nil {
		c.Request, err = r.Request(number)
	}
	return c, err
}

// Conversations lists conversations past a number, by number: at most limit, and at most MostListed.
func (a *Access) Conversations(ctx context.Context, after int64, limit int) (list []Record, err error) {
	err = a.store.ViewAccess(ctx, func(r Reader) error {
		list = nil
		numbers, err := r.Numbers(after, min(limit, MostListed))
		for _, n := range numbers {
			var c Record
			if err == nil {
				c, err = record(r, n)
			}
			list = append(list, c)
		}
		return err
	})
	return list, err
}

// Events lists the events of a conversation past a seq, in order: at most limit, and at most MostListed. upto is the
// last event that was looked at; those that visitors don't see are left out.
func (a *Access) Events(ctx context.Context, number, after int64, limit int) (list []bridge.Event, upto int64, err error) {
	err = a.store.ViewAccess(ctx, func(r Reader) error {
		list, upto = nil, after
		_, err := r.Conversation(number)
		if err != nil {
			return err
		}
		all, err := r.Events(number, after, min(limit, MostListed))
		for _, e := range all {
			upto = e.Seq
			if e.Type.Public() {
				list = append(list, e)
			}
		}
		return err
	})
	return list, upto, err
}

// SetAttributes puts attributes in the place of those of the same names of a conversation: null takes one away. It returns
// all that there are then. What is too long already may get shorter.
func (a *Access) SetAttributes(ctx context.Context, number int64, patch json.RawMessage) (all json.RawMessage, err error) {
	var changes map[string]json.RawMessage
	err = json.Unmarshal(patch, &changes)
	if err != nil || changes == nil {
		return nil, &phrase.Error{Code: phrase.CodeInvalid, Phrase: phrase.Say("Some fields need another look."), Fields: map[string]phrase.Phrase{"attributes": phrase.Say("This must be a JSON object.")}}
	}
	err = a.store.UpdateAccess(ctx, func(tx Tx) error {
		r, err := tx.Request(number)
		if err != nil {
			return err
		}
		if all, err = merged(r.Attributes, changes); err != nil {
			return err
		}
		return tx.SaveAttributes(number, string(all))
	})
	return all, err
}

// merged is an object with changes in it.
func merged(object string, changes map[string]json.RawMessage) (json.RawMessage, error) {
	now := make(map[string]json.RawMessage)
	if object != "" {
		if err := json.Unmarshal([]byte(object), &now); err != nil {
			return nil, fmt.Errorf("read attributes: %w", err)
		}
	}
	for name, value := range changes {
		if bytes.Equal(bytes.TrimSpace(value), []byte("null")) {
			delete(now, name)
		} else {
			now[name] = value
		}
	}
	text, err := json.Marshal(now)
	if err == nil && len(text) > max(mostAttributes, len(object)) {
		err = phrase.Fail(phrase.CodeTooLarge, "The attributes are longer than %d bytes.", mostAttributes)
	}
	return text, err
}
