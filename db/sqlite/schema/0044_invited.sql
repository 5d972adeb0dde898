-- requests.invited: the invitation that the visitor answers, as a JSON object of by, rule, page and text; '' is none. It stood among
-- the attributes before, which pages set; what is older than this column does so still, and is shown as an attribute.

-- +goose Up

ALTER TABLE requests ADD COLUMN invited TEXT NOT NULL DEFAULT '' CHECK (length(invited) <= 1048576);
