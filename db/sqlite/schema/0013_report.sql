-- Statistics, which bridge/report makes of the events; all of it can be made anew from them.
--   * report_readings: how far each log was read, and what was known then (report.Account as
--     JSON). owed_since is set while an open conversation has no answer; operator, department
--     and kind are of interest then.
--   * report_rows: what was added up. A period is a day (20261128) or a month (202611). Either
--     the operator or the department is '', or both: then the row is for all of them. A bucket
--     is a part of a histogram, or the score of a vote; times are in milliseconds.
--   * report_spans: when operators had conversations, cut at the borders of days.

-- +goose Up

CREATE TABLE report_readings (
    conversation INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (number) ON DELETE CASCADE,
    seq          INTEGER NOT NULL CHECK (seq > 0),
    account      TEXT    NOT NULL CHECK (length(account) <= 1048576),
    owed_since   INTEGER,
    operator     TEXT    NOT NULL CHECK (length(operator) <= 2047),
    department   TEXT    NOT NULL CHECK (length(department) <= 255),
    kind         TEXT    NOT NULL CHECK (length(kind) <= 64)
) STRICT;

CREATE INDEX report_readings_owed ON report_readings (owed_since) WHERE owed_since IS NOT NULL;

CREATE TABLE report_rows (
    operator   TEXT    NOT NULL CHECK (length(operator) <= 2047),
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    kind       TEXT    NOT NULL CHECK (length(kind) <= 64),
    period     INTEGER NOT NULL,
    measure    TEXT    NOT NULL CHECK (length(measure) BETWEEN 1 AND 64),
    bucket     INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    PRIMARY KEY (operator, department, kind, period, measure, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_spans (
    operator     TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047),
    kind         TEXT    NOT NULL CHECK (length(kind) <= 64),
    day          INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    department   TEXT    NOT NULL CHECK (length(department) <= 255),
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL CHECK (until >= since),
    PRIMARY KEY (operator, kind, day, conversation, seq)
) STRICT, WITHOUT ROWID;
