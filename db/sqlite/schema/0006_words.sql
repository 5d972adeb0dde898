-- What operators read depends on:
--   * participants.known_seq: up to here the log had reached the operator before
--     they joined anew, so they are told what came since; -1: what was sent to
--     them came back.
--   * operators.zone: their client's time zone as an offset (XEP-0202), '' = not
--     known.
--   * requests.namesake: 2 for the second of those of a name who were open at one
--     time, and so on; 0 = the first.

-- +goose Up

ALTER TABLE participants ADD COLUMN known_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE operators ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN namesake INTEGER NOT NULL DEFAULT 0;
