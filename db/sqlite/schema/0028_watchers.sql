-- Who reads a conversation along without taking part in it.
--
--   * participants.watches: the operator gets the log, and their words don't
--     reach the visitor; also of one who has left.

-- +goose Up

ALTER TABLE participants ADD COLUMN watches INTEGER NOT NULL DEFAULT 0 CHECK (watches IN (0, 1));
