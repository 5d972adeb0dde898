-- What operators who are asked though they are away are told outside XMPP.
--   * notices: one of each conversation, operator and way. asked_at is the created_at of
--     the offer that it is about; due_at NULL = it is not sent any more.

-- +goose Up

CREATE TABLE notices (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    way          TEXT    NOT NULL CHECK (way IN ('mail', 'pushover', 'webhook')),
    asked_at     INTEGER NOT NULL,
    due_at       INTEGER,
    sent         INTEGER NOT NULL CHECK (sent >= 0),
    sent_at      INTEGER,
    failed       INTEGER NOT NULL CHECK (failed >= 0),
    PRIMARY KEY (conversation, operator, way)
) STRICT, WITHOUT ROWID;

CREATE INDEX notices_by_due ON notices (way, due_at);
CREATE INDEX notices_by_operator ON notices (operator, way, sent_at);
CREATE INDEX notices_by_age ON notices (asked_at);
