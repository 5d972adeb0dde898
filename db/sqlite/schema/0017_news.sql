--   * news: what was changed about operators who have not been told yet; text is a phrase. All rows of
--     an operator are told in one line once the due_at of one of them is over, and are deleted then.

-- +goose Up

CREATE TABLE news (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    operator   TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    by_name    TEXT    NOT NULL CHECK (length(by_name) <= 1024),
    created_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    text       TEXT    NOT NULL CHECK (length(text) <= 1048576)
) STRICT;

CREATE INDEX news_by_operator ON news (operator, due_at);
CREATE INDEX news_by_due ON news (due_at, operator);
