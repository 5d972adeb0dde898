-- What bridge/archive searches; all of it can be made anew from the events.
--   * archive_readings: how far each log was read into the index.
--   * archive_words: the index, an FTS5 table whose rows have the numbers of conversations. It keeps no
--     text (content = '') and no places of words (detail = none), and rows can be deleted all the
--     same. What it is given are words that are folded and cut already, with spaces between; a label
--     begins with =. Words that begin with three given letters have an index of their own. PostgreSQL has a
--     table with a tsvector in its place.

-- +goose Up

CREATE TABLE archive_readings (
    conversation INTEGER NOT NULL PRIMARY KEY,
    seq          INTEGER NOT NULL CHECK (seq > 0)
) STRICT;

CREATE VIRTUAL TABLE archive_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, prefix = '3', tokenize = "ascii tokenchars '='");

-- Parts of the index are merged when there are eight of a size: half as much is written as with four, and eight times
-- a few parts are still searched in no time.
INSERT INTO archive_words (archive_words, rank) VALUES ('automerge', 8);
