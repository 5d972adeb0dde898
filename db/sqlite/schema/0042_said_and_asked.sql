-- Who said it, and who is meant:
--   * requests.fields: what the visitor filled in beside name, address and reason, as a JSON object by the fields' labels; '' is nothing. It
--     stood among the attributes before, for which the site vouches; what is older than this column does so still.
--   * offers.alone: the request is on offer to that operator alone; others may be asked besides, which is no turn of theirs.

-- +goose Up

ALTER TABLE requests ADD COLUMN fields TEXT NOT NULL DEFAULT '' CHECK (length(fields) <= 1048576);
ALTER TABLE offers ADD COLUMN alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1));
