--   * visitor_words: by which words visitors are found: those of the names and email addresses that they
--     have given, in lower case (bridge.Visitor.FoundBy). Words are compared as bytes, which takes COLLATE "C"
--     elsewhere. Those of earlier visitors are entered here as well as SQL can: letters beyond ASCII keep
--     their case until the visitor comes again.

-- +goose Up

CREATE TABLE visitor_words (
    word    TEXT NOT NULL CHECK (length(word) BETWEEN 1 AND 255),
    visitor TEXT NOT NULL REFERENCES visitors (jid) ON DELETE CASCADE,
    PRIMARY KEY (word, visitor)
) STRICT, WITHOUT ROWID;

WITH RECURSIVE cut (visitor, word, rest) AS (
    SELECT jid, '', replace(replace(replace(replace(lower(name), '-', ' '), '.', ' '), ',', ' '), '''', ' ') || ' ' FROM visitors WHERE name <> 'Visitor'
    UNION ALL
    SELECT visitor, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM cut WHERE rest <> ''
)
INSERT INTO visitor_words (word, visitor)
SELECT substr(word, 1, 40), visitor FROM cut WHERE word <> ''
UNION SELECT substr(lower(email), 1, 40), jid FROM visitors WHERE email LIKE '_%@_%'
UNION SELECT substr(lower(email), instr(email, '@') + 1, 40), jid FROM visitors WHERE email LIKE '_%@_%';

CREATE INDEX visitor_words_by_visitor ON visitor_words (visitor, word);
