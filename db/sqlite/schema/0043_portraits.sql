-- The pictures that operators have published of themselves, as visitors get them.
--   * operators.no_face: the operator does not want visitors to see the picture, nor that they are there.
--   * portraits.source: the SHA-1 of what was published (XEP-0153). name: the file's name in the address, with a hash of
--     the bytes. A picture that can't be shown has neither name nor bytes.

-- +goose Up

ALTER TABLE operators ADD COLUMN no_face INTEGER NOT NULL DEFAULT 0 CHECK (no_face IN (0, 1));

CREATE TABLE portraits (
    operator   TEXT    NOT NULL PRIMARY KEY REFERENCES operators (jid),
    source     TEXT    NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
    name       TEXT    NOT NULL CHECK (length(name) <= 64),
    media      TEXT    NOT NULL CHECK (media IN ('', 'image/png', 'image/jpeg')),
    bytes      BLOB    NOT NULL CHECK (length(bytes) <= 65536),
    learned_at INTEGER NOT NULL
) STRICT;
