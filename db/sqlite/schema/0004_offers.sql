-- What operators can tell from an offer:
--   * offers: one that its operator did not answer in time has expired.
--   * conversations: since when it waits to be taken, which is later than its
--     beginning if it was passed on, lost its owner or goes on after its end.

-- +goose Up

ALTER TABLE conversations ADD COLUMN waits_since INTEGER;

UPDATE conversations SET waits_since = opened_at WHERE state <> 'closed' AND state = 'waiting';

CREATE TABLE offers_next (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    state        TEXT    NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'revoked', 'expired')),
    desk_seq     INTEGER NOT NULL CHECK (desk_seq >= 0),
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (conversation, operator)
) STRICT, WITHOUT ROWID;

INSERT INTO offers_next SELECT * FROM offers;

DROP TABLE offers;

ALTER TABLE offers_next RENAME TO offers;

CREATE INDEX offers_by_operator ON offers (operator, state, conversation);
