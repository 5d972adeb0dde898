package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"porchlight/bridge"
)

// multiply are statements that make n closed conversations of the one that has the number $1. The rows are those that
// closedConversation stores; the keys that have to differ begin with the row's number. Nothing is checked on the way: the rows refer to each
// other as the first ones do.
var multiply = []string{
	`INSERT INTO visitors SELECT (made).* FROM (SELECT jsonb_populate_record(v, jsonb_build_object('jid', i || v.jid)) AS made
		FROM conversations AS c JOIN visitors AS v ON v.jid = c.visitor, generate_series(1, $2) AS i WHERE c.number = $1 OFFSET 0) AS rows`,
	`INSERT INTO conversations SELECT (made).* FROM (SELECT jsonb_populate_record(c, jsonb_build_object('number', c.number + i, 'id', i || c.id, 'request_key', i || c.request_key, 'visitor', i || c.visitor)) AS made
		FROM conversations AS c, generate_series(1, $2) AS i WHERE c.number = $1 OFFSET 0) AS rows`,
	`INSERT INTO requests SELECT (made).* FROM (SELECT jsonb_populate_record(r, jsonb_build_object('conversation', r.conversation + i)) AS made
		FROM requests AS r, generate_series(1, $2) AS i WHERE r.conversation = $1 OFFSET 0) AS rows`,
	`INSERT INTO events SELECT (made).* FROM (SELECT jsonb_populate_record(e, jsonb_build_object('conversation', e.conversation + i)) AS made
		FROM generate_series(1, $2) AS i, events AS e WHERE e.conversation = $1 OFFSET 0) AS rows`,
	`INSERT INTO participants SELECT (made).* FROM (SELECT jsonb_populate_record(p, jsonb_build_object('conversation', p.conversation + i)) AS made
		FROM participants AS p, generate_series(1, $2) AS i WHERE p.conversation = $1 OFFSET 0) AS rows`,
}

// grow stores n closed conversations in a database that e has seeded.
func (e *engine) grow(ctx context.Context, n int) error {
	var first int64
	err := e.store.Update(ctx, func(tx bridge.Tx) error { return closedConversation(tx, engineTalks) })
	if err != nil {
		return err
	}
	c, err := pgx.Connect(ctx, e.url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	if err := c.QueryRow(ctx, `SELECT max(number) FROM conversations`).Scan(&first); err != nil {
		return err
	}
	if _, err := c.Exec(ctx, `SET session_replication_role = replica`); err != nil {
		return err
	}
	for _, statement := range multiply {
		if _, err := c.Exec(ctx, statement, first, n-1); err != nil {
			return fmt.Errorf("make closed conversations: %w", err)
		}
	}
	_, err = c.Exec(ctx, `VACUUM ANALYZE`)
	return err
}
