-- The secret that signs the tokens of a link into one of the site's own systems; '' if its template has no {token}.

-- +goose Up

ALTER TABLE site_links ADD COLUMN secret TEXT NOT NULL DEFAULT '' CHECK (length(secret) <= 255);
