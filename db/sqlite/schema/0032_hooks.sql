-- What the site's own systems are told, and by what they may ask:
--   * hooks: webhooks. types has the names of what is told, with blanks between; '' is
--     everything. What was said before created_at, in conversations up to since_number, is not
--     told. state: off = the receiver said so (410), gone = somebody deleted it, and its cursors
--     are being deleted. given_up counts what no receiver took in time; result is the last
--     failure in words, '' if the last post was taken, and failing_at since when all fail.
--   * hook_cursors: how far a log was told to a webhook. part is how many posts of the event
--     after seq were taken; due_at is set while the next post waits after tries failures.
--   * api_keys: who may use the API for the site's servers. hash is the SHA-256 of the key.
--   * site_links: templates of addresses in the site's own systems.

-- +goose Up

CREATE TABLE hooks (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    name         TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    url          TEXT    NOT NULL CHECK (length(url) BETWEEN 1 AND 4096),
    secret       TEXT    NOT NULL CHECK (length(secret) <= 255),
    types        TEXT    NOT NULL CHECK (length(types) <= 1024),
    state        TEXT    NOT NULL CHECK (state IN ('on', 'off', 'gone')),
    since_number INTEGER NOT NULL CHECK (since_number >= 0),
    created_at   INTEGER NOT NULL,
    created_by   TEXT    NOT NULL CHECK (length(created_by) <= 2047),
    given_up     INTEGER NOT NULL CHECK (given_up >= 0),
    tried_at     INTEGER,
    result       TEXT    NOT NULL CHECK (length(result) <= 4096),
    failing_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE hook_cursors (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    hook         TEXT    NOT NULL REFERENCES hooks (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL CHECK (seq >= 0),
    part         INTEGER NOT NULL CHECK (part >= 0),
    tries        INTEGER NOT NULL CHECK (tries >= 0),
    due_at       INTEGER,
    PRIMARY KEY (conversation, hook)
) STRICT, WITHOUT ROWID;

CREATE INDEX hook_cursors_by_hook ON hook_cursors (hook, conversation);
CREATE INDEX hook_cursors_due ON hook_cursors (hook, due_at, conversation) WHERE due_at IS NOT NULL;

CREATE TABLE api_keys (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    name       TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    scopes     TEXT    NOT NULL CHECK (length(scopes) <= 1024),
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL CHECK (length(created_by) <= 2047),
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE site_links (
    name       TEXT    NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    template   TEXT    NOT NULL CHECK (length(template) BETWEEN 1 AND 4096),
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL CHECK (length(created_by) <= 2047)
) STRICT, WITHOUT ROWID;
