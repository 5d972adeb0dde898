-- A hash of all that was asked under a client_id, so that other content under the same one is refused; '' of a request that is older than
-- this column, or that came by mail or from an operator.

-- +goose Up

ALTER TABLE requests ADD COLUMN digest TEXT NOT NULL DEFAULT '' CHECK (length(digest) <= 64);
