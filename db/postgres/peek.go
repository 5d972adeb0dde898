package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrInUse is in the error of Open, if it is to be alone, while porchlights have the database open.
var ErrInUse = errors.New("the database is in use by another porchlight")

// living says which nodes live, such as "chat-1, http://127.0.0.1:8080; chat-2, http://127.0.0.1:8081"; "": none.
func living(ctx context.Context, c querier) (string, error) {
	var there bool
	if err := c.QueryRow(ctx, `SELECT to_regclass('nodes') IS NOT NULL`).Scan(&there); err != nil || !there {
		return "", err
	}
	list, err := nodes(ctx, c)
	var words []string
	for _, n := range list {
		if n.Alive {
			words = append(words, n.Name+", http://"+strings.TrimPrefix(n.URL, "http://"))
		}
	}
	return strings.Join(words, "; "), err
}

// SignLock does nothing: each node says by its heartbeat who it is.
func (d *DB) SignLock(string) error { return nil }

// State is what Peek found.
type State struct {
	Place     string // the server and the database, without the password
	Exists    bool   // it has porchlight's tables
	InUse     bool   // porchlights have the database open
	Holder    string // which ones, and where they answer
	Operators []string
}

// Peek finds out whether the database at a URL could be opened. It changes nothing. A database that is in use is no error.
func Peek(ctx context.Context, url string) (s State, err error) {
	config, err := configOf(url, Options{})
	if err != nil {
		return s, err
	}
	s.Place = fmt.Sprintf("PostgreSQL at %s, database %s", config.ConnConfig.Host, config.ConnConfig.Database)
	c, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return s, fmt.Errorf("open database: %w", err)
	}
	defer c.Close(ctx)
	if err := suits(ctx, c); err != nil {
		return s, err
	}
	version, err := schemaVersion(ctx, c)
	if err != nil || version == 0 {
		return s, err
	}
	s.Exists = true
	last, err := lastStep()
	if err == nil {
		err = known(version, last)
	}
	if err != nil {
		return s, err
	}
	if s.Holder, err = living(ctx, c); err != nil {
		return s, fmt.Errorf("read nodes: %w", err)
	}
	s.InUse = s.Holder != ""
	rows, err := c.Query(ctx, `SELECT jid FROM operators WHERE enabled ORDER BY jid`)
	if err == nil {
		s.Operators, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err != nil {
		return s, fmt.Errorf("read operators: %w", err)
	}
	return s, nil
}
