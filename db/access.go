package db

import (
	"fmt"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/phrase"
)

// AccessReader reads for the keys, in the transaction of the Reader that it was made of.
type AccessReader struct{ *HookReader }

// AccessTx also writes.
type AccessTx struct{ AccessReader }

var (
	_ access.Reader = (*AccessReader)(nil)
	_ access.Tx     = (*AccessTx)(nil)
)

// Access returns an AccessReader for the same transaction.
func (r *Reader) Access() AccessReader { return AccessReader{&HookReader{r.s}} }

// AccessTx returns an AccessTx for the same transaction.
func (t *Tx) AccessTx() AccessTx { return AccessTx{t.Access()} }

const selectKey = `SELECT hash, name, scopes, created_at, created_by, used_at FROM api_keys `

func scanKey(r Row) access.Key {
	k := access.Key{Hash: append([]byte(nil), r.bytes(0)...), Name: r.text(1), Made: r.time(3), By: bridge.OperatorJID(r.text(4)), Used: r.time(5)}
	for word := range strings.FieldsSeq(r.text(2)) {
		k.Scopes = append(k.Scopes, access.Scope(word))
	}
	return k
}

// Keys implements access.Reader.
func (r *AccessReader) Keys() ([]access.Key, error) {
	return list(r.s, "keys", scanKey, selectKey+`ORDER BY name`)
}

// Key implements access.Reader.
func (r *AccessReader) Key(hash []byte) (access.Key, error) {
	return one(r.s, "key", scanKey, selectKey+`WHERE hash = ?`, hash)
}

// Numbers implements access.Reader.
func (r *AccessReader) Numbers(after int64, limit int) ([]int64, error) {
	return list(r.s, "conversations", scanInt, `SELECT number FROM conversations WHERE number > ? ORDER BY number LIMIT ?`, after, int64(limit))
}

// SaveKey implements access.Tx.
func (t *AccessTx) SaveKey(k access.Key) error {
	var scopes []string
	for _, s := range k.Scopes {
		scopes = append(scopes, string(s))
	}
	n, err := t.s.exec(`INSERT INTO api_keys (hash, name, scopes, created_at, created_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING`,
		k.Hash, k.Name, strings.Join(scopes, " "), millis(k.Made), string(k.By))
	if err != nil {
		return fmt.Errorf("save key: %w", err)
	}
	if n == 0 {
		return phrase.Fail(phrase.CodeConflict, "There is a key of this name already.")
	}
	return nil
}

// UseKey implements access.Tx.
func (t *AccessTx) UseKey(hash []byte, at time.Time) error {
	_, err := t.s.exec(`UPDATE api_keys SET used_at = ? WHERE hash = ?`, at.UnixMilli(), hash) // it may have been deleted meanwhile
	if err != nil {
		return fmt.Errorf("use key: %w", err)
	}
	return nil
}

// DeleteKey implements access.Tx.
func (t *AccessTx) DeleteKey(name string) error {
	return t.writer().change("key", `DELETE FROM api_keys WHERE name = ?`, name)
}

// SaveAttributes implements access.Tx.
func (t *AccessTx) SaveAttributes(number int64, attributes string) error {
	return t.writer().change("request", `UPDATE requests SET attributes = ? WHERE conversation = ?`, attributes, number)
}

// AppendAudit implements access.Tx.
func (t *AccessTx) AppendAudit(a *bridge.Audit) error { return t.writer().AppendAudit(a) }

func (t *AccessTx) writer() *Tx { return t.s.tx() }
