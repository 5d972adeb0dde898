-- Who may look at the team's page:
--   * passes: hash is the SHA-256 of a token; kind: a link becomes a session once, a session
--     is one browser's, and a wall's pass opens the overview alone. name is that of a wall,
--     or the end of the address to which a link leads. ends_at NULL = when somebody deletes
--     it. An operator may be named here who is not stored any more.

-- +goose Up

CREATE TABLE passes (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    kind       TEXT    NOT NULL CHECK (kind IN ('link', 'session', 'wall')),
    operator   TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047),
    name       TEXT    NOT NULL CHECK (length(name) <= 255),
    created_at INTEGER NOT NULL,
    ends_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passes_by_operator ON passes (operator, kind, created_at, hash);
CREATE INDEX passes_by_end ON passes (ends_at);
CREATE UNIQUE INDEX passes_by_wall ON passes (name) WHERE kind = 'wall';
