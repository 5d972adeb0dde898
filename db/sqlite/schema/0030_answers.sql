-- Stored answers of one's own, of a department, or of all.
--   * answers.owner, answers.department: whose the answer is; both empty: everybody's. The owner is not
--     referenced, since whoever is deleted stays in operators; their answers are deleted with them.
--   * answers.language: the language of the text; empty: the text for all other languages.
--   * answers.actions: commands that are carried out when the answer is sent, a line each.
--   * answers.uses: how often the answer was sent.
--   * An answer that does something need not say anything, so text may be empty now.

-- +goose Up

CREATE TABLE answers_next (
    name       TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    owner      TEXT    NOT NULL CHECK (length(owner) <= 2047),
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    language   TEXT    NOT NULL CHECK (length(language) <= 35),
    text       TEXT    NOT NULL CHECK (length(text) <= 1048576),
    actions    TEXT    NOT NULL CHECK (length(actions) <= 65536),
    uses       INTEGER NOT NULL CHECK (uses >= 0),
    CHECK (owner = '' OR department = ''),
    CHECK (text <> '' OR actions <> ''),
    PRIMARY KEY (name, owner, department, language)
) STRICT, WITHOUT ROWID;

INSERT INTO answers_next (name, owner, department, language, text, actions, uses)
SELECT name, '', '', '', text, '', 0 FROM answers;

DROP TABLE answers;

ALTER TABLE answers_next RENAME TO answers;
