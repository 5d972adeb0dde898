package db

import (
	"fmt"
	"time"

	"porchlight/bridge"
)

// Loads implements bridge.Reader. An owner is asked for so that the index of owned conversations serves, and what
// waits is looked for first, since it is little.
func (r *Reader) Loads() (map[bridge.OperatorJID]bridge.Load, error) {
	loads := make(map[bridge.OperatorJID]bridge.Load)
	for _, q := range []struct {
		query string
		put   func(*bridge.Load, Row)
	}{
		{`SELECT owner, COUNT(*) FROM conversations WHERE state = 'active' AND owner IS NOT NULL AND kind = 'chat' GROUP BY owner`,
			func(l *bridge.Load, r Row) { l.Chats = int(r.int(1)) }},
		{`SELECT o.operator, COUNT(*) FROM conversations c JOIN offers o ON o.conversation = c.number AND o.state = 'open'
			WHERE c.state <> 'closed' AND c.state = 'waiting' AND c.due_offer_at IS NOT NULL AND o.alone = TRUE GROUP BY o.operator`,
			func(l *bridge.Load, r Row) { l.Offers = int(r.int(1)) }},
		{`SELECT jid, asked_at FROM operators WHERE asked_at IS NOT NULL`,
			func(l *bridge.Load, r Row) { l.Asked = r.time(1) }},
	} {
		err := r.s.each(func(r Row) bool {
			o := bridge.OperatorJID(r.text(0))
			l := loads[o]
			q.put(&l, r)
			loads[o] = l
			return true
		}, q.query)
		if err != nil {
			return nil, fmt.Errorf("read loads: %w", err)
		}
	}
	return loads, nil
}

// SaveAsked implements bridge.Tx.
func (t *Tx) SaveAsked(o bridge.OperatorJID, at time.Time) error {
	return t.change("operator", `UPDATE operators SET asked_at = ? WHERE jid = ?`, millis(at), string(o))
}
