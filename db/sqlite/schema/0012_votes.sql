-- What visitors think of the help they got.
--   * votes: one of each conversation at most; its id, by which operators call it, is
--     never given twice. told_seq is the entry of the operator's desk log that tells of
--     it. A vote that an operator deleted stays, with who deleted it and why, and counts
--     no more.

-- +goose Up

CREATE TABLE votes (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation   INTEGER NOT NULL UNIQUE REFERENCES conversations (number) ON DELETE CASCADE,
    operator       TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047), -- kept when the operator is deleted
    score          INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment        TEXT    NOT NULL CHECK (length(comment) <= 1048576),
    created_at     INTEGER NOT NULL,
    told_seq       INTEGER NOT NULL CHECK (told_seq >= 0),
    deleted_at     INTEGER,
    deleted_by     TEXT    NOT NULL CHECK (length(deleted_by) <= 2047),
    deleted_reason TEXT    NOT NULL CHECK (length(deleted_reason) <= 1048576)
) STRICT;

CREATE INDEX votes_by_operator ON votes (operator, created_at, id);
