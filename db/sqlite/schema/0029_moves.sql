-- What operators do with conversations beside answering:
--   * conversations.due_later_at: until when the owner has put it off, NULL = it is not put off.
--   * conversations.merged_into: the conversation in which this one goes on, NULL = none.
--   * visitors.called, visitors.phone, visitors.remark: what operators keep about a visitor,
--     '' = nothing.
--   * operators.greeting: what is said to the visitor when the operator takes a request,
--     '' = nothing.
--   * departments.asks_tags: whoever ends a conversation is asked for tags.
--   * tags: words by which operators sort conversations, in lower case.

-- +goose Up

ALTER TABLE conversations ADD COLUMN due_later_at INTEGER;
ALTER TABLE conversations ADD COLUMN merged_into INTEGER;

CREATE INDEX conversations_by_merger ON conversations (merged_into, number) WHERE merged_into IS NOT NULL;

ALTER TABLE visitors ADD COLUMN called TEXT NOT NULL DEFAULT '' CHECK (length(called) <= 1024);
ALTER TABLE visitors ADD COLUMN phone TEXT NOT NULL DEFAULT '' CHECK (length(phone) <= 64);
ALTER TABLE visitors ADD COLUMN remark TEXT NOT NULL DEFAULT '' CHECK (length(remark) <= 65536);

ALTER TABLE operators ADD COLUMN greeting TEXT NOT NULL DEFAULT '' CHECK (length(greeting) <= 65536);

ALTER TABLE departments ADD COLUMN asks_tags INTEGER NOT NULL DEFAULT 0 CHECK (asks_tags IN (0, 1));

CREATE TABLE tags (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    tag          TEXT    NOT NULL CHECK (length(tag) BETWEEN 1 AND 64),
    added_at     INTEGER NOT NULL,
    PRIMARY KEY (conversation, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_by_time ON tags (added_at, tag, conversation);
