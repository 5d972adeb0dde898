-- Statements compare flags with TRUE and FALSE, which PostgreSQL wants. SQLite takes a
-- partial index only for the condition that the index has, word for word.

-- +goose Up

DROP INDEX participants_unsettled;

CREATE INDEX participants_unsettled ON participants (conversation, operator) WHERE settled = FALSE AND has_left = FALSE;

DROP INDEX files_broken_off;

CREATE INDEX files_broken_off ON files (id) WHERE whole = FALSE;
