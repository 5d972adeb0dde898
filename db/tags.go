package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

// Tags implements bridge.Reader.
func (r *Reader) Tags(number int64) ([]string, error) {
	return list(r.s, "tags", scanText, `SELECT tag FROM tags WHERE conversation = ? ORDER BY tag`, number)
}

// TagCounts implements bridge.Reader.
func (r *Reader) TagCounts(of bridge.TagScope, limit int) ([]bridge.TagCount, error) {
	condition, args := `t.added_at >= ? AND t.added_at < ? AND c.reason <> 'junk'`, []any{of.From.UnixMilli(), of.Until.UnixMilli()}
	past, pastArgs := `p.day >= ? AND p.day < ?`, []any{of.From.UnixMilli(), of.Until.UnixMilli()}
	for _, f := range []struct{ column, value string }{{"kind", string(of.Kind)}, {"department", of.Department}, {"owner", string(of.Owner)}} {
		if f.value != "" {
			condition += ` AND c.` + f.column + ` = ?`
			args = append(args, f.value)
			past += ` AND p.` + f.column + ` = ?`
			pastArgs = append(pastArgs, f.value)
		}
	}
	return list(r.s, "counts of tags", func(r Row) bridge.TagCount { return bridge.TagCount{Tag: r.text(0), N: int(r.int(1))} },
		`SELECT tag, CAST(SUM(n) AS BIGINT) FROM (SELECT t.tag AS tag, COUNT(*) AS n FROM tags t JOIN conversations c ON c.number = t.conversation WHERE `+condition+` GROUP BY t.tag
			UNION ALL SELECT p.tag, p.n FROM past_tags p WHERE `+past+`) counted GROUP BY tag ORDER BY SUM(n) DESC, tag LIMIT ?`, append(append(args, pastArgs...), int64(limit))...)
}

// SaveTag implements bridge.Tx.
func (t *Tx) SaveTag(number int64, tag string, at time.Time) error {
	_, err := t.s.exec(`INSERT INTO tags (conversation, tag, added_at) VALUES (?, ?, ?) ON CONFLICT (conversation, tag) DO NOTHING`, number, tag, millis(at))
	if err != nil {
		return fmt.Errorf("save tag: %w", err)
	}
	return nil
}

// DeleteTag implements bridge.Tx.
func (t *Tx) DeleteTag(number int64, tag string) error {
	if _, err := t.s.exec(`DELETE FROM tags WHERE conversation = ? AND tag = ?`, number, tag); err != nil {
		return fmt.Errorf("delete tag: %w", err)
	}
	return nil
}
