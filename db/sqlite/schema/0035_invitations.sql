-- Automatic invitations: rules by which visitors who are on the site are invited to talk. Who is on the site is kept in
-- memory only.
--   * page: a path or an address, in which * stands for any letters; '' = every page. after_ms: how long the visitor is on
--     the page at least. once: 'day' or 'visit'. hours: a table of hours, '' = at any time. department, language: '' = any.

-- +goose Up

CREATE TABLE invitations (
    name           TEXT    NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 40),
    text           TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    page           TEXT    NOT NULL CHECK (length(page) <= 500),
    after_ms       INTEGER NOT NULL CHECK (after_ms >= 0),
    returning_only INTEGER NOT NULL CHECK (returning_only IN (0, 1)),
    once           TEXT    NOT NULL CHECK (once IN ('day', 'visit')),
    hours          TEXT    NOT NULL CHECK (length(hours) <= 4096),
    department     TEXT    NOT NULL CHECK (length(department) <= 255),
    language       TEXT    NOT NULL CHECK (length(language) <= 35),
    created_at     INTEGER NOT NULL,
    created_by     TEXT    NOT NULL CHECK (length(created_by) <= 2047)
) STRICT, WITHOUT ROWID;
