-- What is erased or has been kept long enough leaves nothing that names the visitor:
--   * past_votes: the votes of conversations that are erased, counted, for the averages; hour is when they
--     were given, to the hour.
--   * past_tags: the tags of such conversations, counted; day is when they were given, to the day (UTC).
--   * departments.retention_ms: how long the department's conversations are kept after they ended,
--     0 = as the site's, below 0 = for ever.

-- +goose Up

CREATE TABLE past_votes (
    operator TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047), -- kept when the operator is deleted
    hour     INTEGER NOT NULL,
    score    INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    n        INTEGER NOT NULL CHECK (n > 0),
    PRIMARY KEY (operator, hour, score)
) STRICT, WITHOUT ROWID;

CREATE TABLE past_tags (
    day        INTEGER NOT NULL,
    tag        TEXT    NOT NULL CHECK (length(tag) BETWEEN 1 AND 64),
    kind       TEXT    NOT NULL CHECK (length(kind) <= 64),
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    owner      TEXT    NOT NULL CHECK (length(owner) <= 2047),
    n          INTEGER NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, tag, kind, department, owner)
) STRICT, WITHOUT ROWID;

ALTER TABLE departments ADD COLUMN retention_ms INTEGER NOT NULL DEFAULT 0;

CREATE INDEX tags_by_tag ON tags (tag, conversation);

CREATE INDEX past_tags_by_tag ON past_tags (tag);

CREATE INDEX conversations_ended ON conversations (department, closed_at, number) WHERE state = 'closed';
