package db

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// DueNews implements bridge.Reader.
func (r *Reader) DueNews(now time.Time, limit int) ([]bridge.OperatorJID, error) {
	return list(r.s, "due news", func(r Row) bridge.OperatorJID { return bridge.OperatorJID(r.text(0)) },
		`SELECT operator FROM news WHERE due_at <= ? ORDER BY due_at, operator LIMIT ?`, now.UnixMilli(), int64(limit))
}

// AppendNews implements bridge.Tx.
func (t *Tx) AppendNews(n *bridge.News) (err error) {
	n.ID, _, err = t.s.assign(`INSERT INTO news (operator, by_name, created_at, text, due_at)
		VALUES (?, ?, ?, ?, coalesce((SELECT min(due_at) FROM news WHERE operator = ? AND due_at < ?), ?)) RETURNING id`,
		string(n.Operator), n.By, millis(n.At), n.Phrase.Encode(), string(n.Operator), n.Due.UnixMilli(), n.Due.UnixMilli())
	if err != nil {
		return fmt.Errorf("append news: %w", err)
	}
	return nil
}

// TakeNews implements bridge.Tx.
func (t *Tx) TakeNews(o bridge.OperatorJID) ([]bridge.News, error) {
	news, err := list(t.s, "news", func(r Row) bridge.News {
		return bridge.News{ID: r.int(0), Operator: o, By: r.text(1), At: r.time(2), Due: r.time(3), Phrase: phrase.Decode(r.text(4))}
	}, `DELETE FROM news WHERE operator = ? RETURNING id, by_name, created_at, due_at, text`, string(o))
	slices.SortFunc(news, func(a, b bridge.News) int { return cmp.Compare(a.ID, b.ID) })
	return news, err
}
