-- Who is asked next:
--   * conversations: when it goes on to another department.
--   * operators: when they were last offered something alone, so that it is others' turn.

-- +goose Up

ALTER TABLE conversations ADD COLUMN due_overflow_at INTEGER;
ALTER TABLE operators ADD COLUMN asked_at INTEGER;
