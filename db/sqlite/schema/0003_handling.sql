--   * operators: the language chosen at the desk and the one their client says,
--     whether they want little traffic (satellite), what they may do beside
--     handling conversations (words with spaces between), whether the desk has
--     greeted them, and whether they are kept out of the operators' room.
--   * requests: the visitor's time zone, and the address they came from, which is
--     kept only where the site's privacy setting allows it.
--   * blocks: visitors (by JID) and address ranges that are not served.
--   * files: what visitors sent, cut into parts so that storing a large one does
--     not hold up the others. A file without its event is one whose upload broke off.

-- +goose Up

ALTER TABLE operators ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (length(language) <= 35);

ALTER TABLE operators ADD COLUMN locale TEXT NOT NULL DEFAULT '' CHECK (length(locale) <= 35);

ALTER TABLE operators ADD COLUMN satellite INTEGER NOT NULL DEFAULT 0 CHECK (satellite IN (0, 1));

ALTER TABLE operators ADD COLUMN permissions TEXT NOT NULL DEFAULT '' CHECK (length(permissions) <= 1024);

ALTER TABLE operators ADD COLUMN greeted INTEGER NOT NULL DEFAULT 0 CHECK (greeted IN (0, 1));

ALTER TABLE operators ADD COLUMN no_room INTEGER NOT NULL DEFAULT 0 CHECK (no_room IN (0, 1));

ALTER TABLE requests ADD COLUMN time_zone TEXT NOT NULL DEFAULT '' CHECK (length(time_zone) <= 255);

ALTER TABLE requests ADD COLUMN address TEXT NOT NULL DEFAULT '' CHECK (length(address) <= 255);

CREATE TABLE blocks (
    target     TEXT    NOT NULL PRIMARY KEY CHECK (length(target) BETWEEN 1 AND 2047), -- a visitor's JID or a prefix such as 192.0.2.0/24
    name       TEXT    NOT NULL CHECK (length(name) <= 1024), -- of the visitor
    reason     TEXT    NOT NULL CHECK (length(reason) <= 1048576),
    operator   TEXT    NOT NULL CHECK (length(operator) <= 2047), -- kept when the operator is deleted
    created_at INTEGER NOT NULL,
    ends_at    INTEGER -- NULL: never
) STRICT, WITHOUT ROWID;

CREATE TABLE files (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    name         TEXT    NOT NULL CHECK (length(name) <= 1024),
    type         TEXT    NOT NULL CHECK (length(type) BETWEEN 1 AND 255),
    size         INTEGER NOT NULL CHECK (size >= 0),
    created_at   INTEGER NOT NULL,
    whole        INTEGER NOT NULL CHECK (whole IN (0, 1)) -- its event is stored
) STRICT, WITHOUT ROWID;

CREATE INDEX files_of_conversation ON files (conversation);

CREATE INDEX files_broken_off ON files (id) WHERE whole = 0;

CREATE TABLE file_parts (
    file TEXT    NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    part INTEGER NOT NULL CHECK (part >= 0),
    data BLOB    NOT NULL,
    PRIMARY KEY (file, part)
) STRICT;
