package db

import (
	"fmt"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/hook"
	"porchlight/bridge/phrase"
)

// HookReader reads for the webhooks, in the transaction of the Reader that it was made of.
type HookReader struct{ s *Session }

// HookTx also writes.
type HookTx struct{ HookReader }

var (
	_ hook.Reader = (*HookReader)(nil)
	_ hook.Tx     = (*HookTx)(nil)
)

// Hooks returns a HookReader for the same transaction.
func (r *Reader) Hooks() HookReader { return HookReader{r.s} }

// HookTx returns a HookTx for the same transaction.
func (t *Tx) HookTx() HookTx { return HookTx{t.Hooks()} }

// Conversation implements hook.Reader.
func (r *HookReader) Conversation(number int64) (bridge.Conversation, error) {
	return r.s.reader().Conversation(number)
}

// Request implements hook.Reader.
func (r *HookReader) Request(number int64) (bridge.Request, error) {
	return r.s.reader().Request(number)
}

// Events implements hook.Reader.
func (r *HookReader) Events(number, after int64, limit int) ([]bridge.Event, error) {
	return r.s.reader().Events(number, after, limit)
}

// LastNumber implements hook.Reader.
func (r *HookReader) LastNumber() (int64, error) { return (&ReportReader{r.s}).LastNumber() }

const selectHook = `SELECT id, name, url, secret, types, state, since_number, created_at, created_by, given_up, tried_at, result, failing_at FROM hooks `

func scanHook(r Row) hook.Hook {
	h := hook.Hook{ID: r.text(0), Name: r.text(1), URL: r.text(2), Secret: r.text(3), State: hook.State(r.text(5)), Since: r.int(6), Made: r.time(7),
		By: bridge.OperatorJID(r.text(8)), GivenUp: r.int(9), Tried: r.time(10), Failing: r.time(12)}
	if text := r.text(11); text != "" {
		h.Result = phrase.Decode(text)
	}
	for word := range strings.FieldsSeq(r.text(4)) {
		h.Types = append(h.Types, hook.Type(word))
	}
	return h
}

// Hooks implements hook.Reader.
func (r *HookReader) Hooks() ([]hook.Hook, error) {
	return list(r.s, "webhooks", scanHook, selectHook+`ORDER BY name, id`)
}

// Hook implements hook.Reader.
func (r *HookReader) Hook(id string) (hook.Hook, error) {
	return one(r.s, "webhook", scanHook, selectHook+`WHERE id = ?`, id)
}

// HookCursor implements hook.Reader.
func (r *HookReader) HookCursor(id string, number int64) (hook.Cursor, error) {
	return one(r.s, "conversation", func(row Row) hook.Cursor {
		return hook.Cursor{Hook: id, Conversation: number, Seq: row.int(0), Part: row.int(1), Tries: row.int(2), Due: row.time(3)}
	}, `SELECT seq, part, tries, due_at FROM hook_cursors WHERE conversation = ? AND hook = ?`, number, id)
}

// Before implements hook.Reader.
func (r *HookReader) Before(number int64, at time.Time) (int64, error) {
	return one(r.s, "event", scanInt, `SELECT coalesce(max(seq), 0) FROM events WHERE conversation = ? AND created_at < ?`, number, at.UnixMilli())
}

// Untold implements hook.Reader.
func (r *HookReader) Untold(h hook.Hook, after, upto int64) ([]int64, error) {
	return list(r.s, "untold logs", scanInt, `SELECT c.number FROM conversations c LEFT JOIN hook_cursors k ON k.conversation = c.number AND k.hook = ?
		WHERE c.number > ? AND c.number <= ? AND (k.seq < c.seq AND k.due_at IS NULL OR k.seq IS NULL AND
			(c.number > ? OR EXISTS (SELECT 1 FROM events e WHERE e.conversation = c.number AND e.seq = c.seq AND e.created_at >= ?)))
		ORDER BY c.number`, h.ID, after, upto, h.Since, h.Made.UnixMilli())
}

// DueCursors implements hook.Reader.
func (r *HookReader) DueCursors(id string, now time.Time, limit int) ([]int64, error) {
	return list(r.s, "due posts", scanInt, `SELECT conversation FROM hook_cursors WHERE hook = ? AND due_at IS NOT NULL AND due_at <= ? ORDER BY due_at, conversation LIMIT ?`,
		id, now.UnixMilli(), int64(limit))
}

// NextDue implements hook.Reader.
func (r *HookReader) NextDue(id string) (time.Time, error) {
	return one(r.s, "conversation", func(row Row) time.Time { return row.time(0) }, `SELECT min(due_at) FROM hook_cursors WHERE hook = ? AND due_at IS NOT NULL`, id)
}

// Failed implements hook.Reader.
func (r *HookReader) Failed(id string) (int64, error) {
	return one(r.s, "conversation", scanInt, `SELECT count(*) FROM hook_cursors WHERE hook = ? AND due_at IS NOT NULL`, id)
}

// SaveHook implements hook.Tx.
func (t *HookTx) SaveHook(h hook.Hook) error {
	var types []string
	for _, w := range h.Types {
		types = append(types, string(w))
	}
	_, err := t.s.exec(`INSERT INTO hooks (id, name, url, secret, types, state, since_number, created_at, created_by, given_up, tried_at, result, failing_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, url = excluded.url, secret = excluded.secret, types = excluded.types, state = excluded.state,
			given_up = excluded.given_up, tried_at = excluded.tried_at, result = excluded.result, failing_at = excluded.failing_at`,
		h.ID, h.Name, h.URL, h.Secret, strings.Join(types, " "), string(h.State), h.Since, millis(h.Made), string(h.By), h.GivenUp, millis(h.Tried), h.Result.Encode(), millis(h.Failing))
	if err != nil {
		return fmt.Errorf("save webhook: %w", err)
	}
	return nil
}

// DeleteHook implements hook.Tx.
func (t *HookTx) DeleteHook(id string) error {
	return t.writer().change("webhook", `DELETE FROM hooks WHERE id = ?`, id)
}

// SaveHookCursor implements hook.Tx.
func (t *HookTx) SaveHookCursor(c, was hook.Cursor) error {
	if was == (hook.Cursor{}) {
		return swapped(t.s.exec(`INSERT INTO hook_cursors (conversation, hook, seq, part, tries, due_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (conversation, hook) DO NOTHING`,
			c.Conversation, c.Hook, c.Seq, c.Part, c.Tries, millis(c.Due)))
	}
	return swapped(t.s.exec(`UPDATE hook_cursors SET seq = ?, part = ?, tries = ?, due_at = ? WHERE conversation = ? AND hook = ? AND seq = ? AND part = ? AND tries = ?`,
		c.Seq, c.Part, c.Tries, millis(c.Due), c.Conversation, c.Hook, was.Seq, was.Part, was.Tries))
}

// HastenCursors implements hook.Tx.
func (t *HookTx) HastenCursors(id string, now time.Time) error {
	_, err := t.s.exec(`UPDATE hook_cursors SET due_at = ? WHERE hook = ? AND due_at IS NOT NULL AND due_at > ?`, now.UnixMilli(), id, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("hasten posts: %w", err)
	}
	return nil
}

// ForgetCursors implements hook.Tx.
func (t *HookTx) ForgetCursors(id string) (more bool, err error) {
	n, err := t.s.exec(`DELETE FROM hook_cursors WHERE hook = ? AND conversation IN (SELECT conversation FROM hook_cursors WHERE hook = ? ORDER BY conversation LIMIT ?)`,
		id, id, int64(forgotten*forgotten))
	if err != nil {
		return false, fmt.Errorf("forget cursors: %w", err)
	}
	return n > 0, nil
}

// AppendAudit implements hook.Tx.
func (t *HookTx) AppendAudit(a *bridge.Audit) error { return t.writer().AppendAudit(a) }

func (t *HookTx) writer() *Tx { return t.s.tx() }
