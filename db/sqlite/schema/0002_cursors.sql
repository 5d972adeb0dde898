--   * due_receipt_at: when the owner's client should have confirmed a message of
--     the visitor (XEP-0184).
--   * due_offer_at: when a request that was offered to one operator alone is
--     offered to all.
--   * participants.settled: the conversation is closed and the operator has all
--     of it, so the many closed ones need not be looked at for what is unconfirmed.
--   * answers: what operators have ready to say, by name.
--   * An owner's active conversations are few; the index had all closed ones too.

-- +goose Up

ALTER TABLE conversations ADD COLUMN due_receipt_at INTEGER;

ALTER TABLE conversations ADD COLUMN due_offer_at INTEGER;

ALTER TABLE participants ADD COLUMN settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1));

UPDATE participants SET settled = 1 WHERE confirmed_seq >=
    (SELECT seq FROM conversations WHERE number = conversation AND state = 'closed');

CREATE INDEX participants_unsettled ON participants (conversation, operator) WHERE settled = 0 AND has_left = 0;

CREATE TABLE answers (
    name TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1048576)
) STRICT, WITHOUT ROWID;

DROP INDEX conversations_by_owner;

CREATE INDEX conversations_owned ON conversations (owner, number) WHERE state = 'active';
