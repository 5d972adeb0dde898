--   * commands: the commands that operators gave lately, by what they came under, so
--     that one that comes again is not carried out again.
--   * events.origin begins with the sender's id; what follows on a line break are more
--     particulars. Who asks for all under an id asks for the range of texts that begin
--     with it: origins are compared byte by byte (in other engines: COLLATE "C").

-- +goose Up

CREATE TABLE commands (
    operator   TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    origin     TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 8192),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (operator, origin)
) STRICT, WITHOUT ROWID;
