-- The team is run from the desk:
--   * operators.departments, operators.tickets: bridge.Circle, words separated by spaces:
--     departments, '*' for all of them, '-name' for all but that one. tickets = '' means the
--     same as departments. The table of pairs that was there before could say neither.
--   * removed: an operator or a department that was deleted keeps its row, because
--     conversations refer to it; nothing lists it any more.
--   * operators.notices: bridge.Notify as a JSON object, '' = as for a new operator.
--   * *_hours: a table of hours as hours.Parse reads it, '' = those of the site.
--   * departments: times are in milliseconds, 0 = as in the config.
--   * audits: who changed what in the administration; about is the address of an operator, or
--     the name of a department; changes is a JSON array of bridge.Changed. It refers to nothing,
--     because it outlives what it tells of.

-- +goose Up

ALTER TABLE operators ADD COLUMN departments TEXT NOT NULL DEFAULT '' CHECK (length(departments) <= 65536);
ALTER TABLE operators ADD COLUMN tickets TEXT NOT NULL DEFAULT '' CHECK (length(tickets) <= 65536);
ALTER TABLE operators ADD COLUMN about TEXT NOT NULL DEFAULT '' CHECK (length(about) <= 65536);
ALTER TABLE operators ADD COLUMN invitation TEXT NOT NULL DEFAULT '' CHECK (length(invitation) <= 65536);
ALTER TABLE operators ADD COLUMN whatsapp TEXT NOT NULL DEFAULT '' CHECK (length(whatsapp) <= 64);
ALTER TABLE operators ADD COLUMN at_most INTEGER NOT NULL DEFAULT 0 CHECK (at_most >= 0);
ALTER TABLE operators ADD COLUMN own_hours TEXT NOT NULL DEFAULT '' CHECK (length(own_hours) <= 65536);
ALTER TABLE operators ADD COLUMN notices TEXT NOT NULL DEFAULT '' CHECK (length(notices) <= 65536);
ALTER TABLE operators ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));

UPDATE operators SET departments = coalesce((SELECT string_agg(department, ' ' ORDER BY department) FROM operator_departments WHERE operator = jid), '');

DROP TABLE operator_departments;

ALTER TABLE departments ADD COLUMN routing TEXT NOT NULL DEFAULT '' CHECK (length(routing) <= 64);
ALTER TABLE departments ADD COLUMN overflow TEXT NOT NULL DEFAULT '' CHECK (length(overflow) <= 255);
ALTER TABLE departments ADD COLUMN after_ms INTEGER NOT NULL DEFAULT 0 CHECK (after_ms >= 0);
ALTER TABLE departments ADD COLUMN offer_ms INTEGER NOT NULL DEFAULT 0 CHECK (offer_ms >= 0);
ALTER TABLE departments ADD COLUMN at_most INTEGER NOT NULL DEFAULT 0 CHECK (at_most >= 0);
ALTER TABLE departments ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (length(language) <= 35);
ALTER TABLE departments ADD COLUMN own_hours TEXT NOT NULL DEFAULT '' CHECK (length(own_hours) <= 65536);
ALTER TABLE departments ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));

CREATE TABLE audits (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at  INTEGER NOT NULL,
    by_operator TEXT    NOT NULL CHECK (length(by_operator) <= 2047),
    by_name     TEXT    NOT NULL CHECK (length(by_name) <= 1024),
    about       TEXT    NOT NULL CHECK (length(about) <= 2047),
    line        TEXT    NOT NULL CHECK (length(line) <= 1048576),
    changes     TEXT    NOT NULL CHECK (length(changes) <= 1048576)
) STRICT;

CREATE INDEX audits_by_time ON audits (created_at, id);
CREATE INDEX audits_by_about ON audits (about, created_at, id);
