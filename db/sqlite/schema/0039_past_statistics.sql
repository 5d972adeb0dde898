-- What the statistics have of conversations that are deleted. It can't be counted anew, and names no conversation:
--   * past_rows: what was added up of them, as in report_rows, from which it was taken.
--   * past_spans: when operators had them, as in report_spans; which of several that began at the same moment was longest is all that
--     counts.

-- +goose Up

CREATE TABLE past_rows (
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

CREATE TABLE past_spans (
    operator   TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047),
    kind       TEXT    NOT NULL CHECK (length(kind) <= 64),
    day        INTEGER NOT NULL,
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    since      INTEGER NOT NULL,
    until      INTEGER NOT NULL CHECK (until >= since),
    PRIMARY KEY (operator, kind, day, department, since)
) STRICT, WITHOUT ROWID;
