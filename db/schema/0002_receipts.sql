-- When the owner's client should have confirmed a message of the visitor by now
-- (XEP-0184), though it has not.

-- +goose Up

ALTER TABLE conversations ADD COLUMN due_receipt_at INTEGER;
