-- Nobody waits unseen:
--   * offers: of a conversation that was taken from an operator who was offline
--     they are told when they are back (lost); an offer that came too fast after
--     others has no message of its own (gathered).

-- +goose Up

CREATE TABLE offers_next (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    state        TEXT    NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'revoked', 'expired', 'lost')),
    desk_seq     INTEGER NOT NULL CHECK (desk_seq >= 0),
    created_at   INTEGER NOT NULL,
    gathered     INTEGER NOT NULL DEFAULT 0 CHECK (gathered IN (0, 1)),
    PRIMARY KEY (conversation, operator)
) STRICT, WITHOUT ROWID;

INSERT INTO offers_next SELECT conversation, operator, state, desk_seq, created_at, 0 FROM offers;

DROP TABLE offers;

ALTER TABLE offers_next RENAME TO offers;

CREATE INDEX offers_by_operator ON offers (operator, state, conversation);
