-- When sorting a mail is tried again.
--   * mails.due_at: NULL: at once. A mail that could not be sorted waits, so that it keeps no others back.

-- +goose Up

ALTER TABLE mails ADD COLUMN due_at INTEGER;
