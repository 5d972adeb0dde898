-- What super operators set for the site at the desk. Package bridge/setting declares the keys; a key of a text in
-- one language ends with the language, as greeting.de. What is not set has no row.

-- +goose Up

CREATE TABLE site_settings (
    key   TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 100),
    value TEXT NOT NULL CHECK (length(value) <= 16384)
) STRICT, WITHOUT ROWID;
