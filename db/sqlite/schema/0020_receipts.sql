-- Notices by ntfy, and notices that ring until the operator has seen them.
--   * notices.way: ntfy is a way, too. Which ways there are is the bridge's to know, so the
--     table takes any.
--   * notices.receipt: by which the service that carries the notice is asked whether it still
--     rings; '' = it does not.

-- +goose Up

CREATE TABLE notices_new (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    way          TEXT    NOT NULL,
    asked_at     INTEGER NOT NULL,
    due_at       INTEGER,
    sent         INTEGER NOT NULL CHECK (sent >= 0),
    sent_at      INTEGER,
    failed       INTEGER NOT NULL CHECK (failed >= 0),
    receipt      TEXT    NOT NULL DEFAULT '' CHECK (length(receipt) <= 200),
    PRIMARY KEY (conversation, operator, way)
) STRICT, WITHOUT ROWID;

INSERT INTO notices_new (conversation, operator, way, asked_at, due_at, sent, sent_at, failed)
SELECT conversation, operator, way, asked_at, due_at, sent, sent_at, failed FROM notices;

DROP TABLE notices;

ALTER TABLE notices_new RENAME TO notices;

CREATE INDEX notices_by_due ON notices (way, due_at);
CREATE INDEX notices_by_operator ON notices (operator, way, sent_at);
CREATE INDEX notices_by_age ON notices (asked_at);
