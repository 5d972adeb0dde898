--   * sessions: when operators were online, from each login on; ended_at NULL = still.

-- +goose Up

CREATE TABLE sessions (
    operator TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    began_at INTEGER NOT NULL,
    ended_at INTEGER CHECK (ended_at >= began_at),
    PRIMARY KEY (operator, began_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_end ON sessions (ended_at, operator);
