-- Events say what they hold:
--   * events.data: the particulars of an event as a JSON object, which bridge.Data
--     describes by type; '' = none. state, reason and number, which meant something else
--     for each type, are gone; text holds words only, name an operator's name only.
--   * What the system said to visitors is a phrase (phrase.Phrase, encoded) instead of an
--     English sentence, so that each reader gets it in their language.
--   * json_patch leaves out what is NULL.

-- +goose Up

CREATE TABLE events_next (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    seq          INTEGER NOT NULL CHECK (seq > 0),
    type         TEXT    NOT NULL CHECK (length(type) BETWEEN 1 AND 32),
    created_at   INTEGER NOT NULL,
    sender       TEXT    NOT NULL CHECK (sender IN ('', 'visitor', 'operator', 'system')),
    operator     TEXT    NOT NULL CHECK (length(operator) <= 2047), -- kept when the operator is deleted
    name         TEXT    NOT NULL CHECK (length(name) <= 1024),
    text         TEXT    NOT NULL CHECK (length(text) <= 1048576),
    data         TEXT    NOT NULL CHECK (length(data) <= 1048576),
    origin       TEXT    CHECK (length(origin) BETWEEN 1 AND 8192), -- the sender's id for it
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO events_next (conversation, seq, type, created_at, sender, operator, name, text, data, origin)
SELECT conversation, seq, type, created_at, sender, operator,
    CASE WHEN type = 'page' OR type = 'message' AND sender = 'system' THEN '' ELSE name END,
    CASE WHEN type IN ('page', 'file') OR type = 'message' AND sender = 'system' THEN '' ELSE text END,
    CASE
    WHEN type = 'message' AND sender = 'system' THEN json_patch('{}', json_object(
        'phrase', CASE reason WHEN 'silent' THEN json_array('%s''s device has not confirmed the last message yet.', name) || '' ELSE text END,
        'reason', nullif(reason, '')))
    WHEN state = '' AND reason = '' AND number = 0 AND type <> 'file' THEN ''
    ELSE json_patch('{}', CASE type
        WHEN 'message' THEN json_object('reply_to', nullif(number, 0), 'reason', nullif(reason, ''))
        WHEN 'file' THEN json_object(
            'id', CASE sender WHEN 'visitor' THEN reason END,
            'url', CASE sender WHEN 'operator' THEN text END,
            'name', CASE sender WHEN 'visitor' THEN text ELSE nullif(reason, '') END,
            'media', nullif(state, ''), 'bytes', nullif(number, 0))
        WHEN 'state' THEN json_object('state', nullif(state, ''), 'reason', nullif(reason, ''))
        WHEN 'operator' THEN json_object('action', nullif(state, ''), 'reason', nullif(reason, ''), 'reached', nullif(number, 0))
        WHEN 'position' THEN json_object('position', number)
        WHEN 'correction' THEN json_object('of', number)
        WHEN 'retraction' THEN json_object('of', number)
        WHEN 'reaction' THEN json_object('to', number)
        WHEN 'offer' THEN json_object('action', state)
        WHEN 'page' THEN json_object('action', nullif(state, ''), 'url', nullif(text, ''), 'title', nullif(name, ''))
        WHEN 'owner' THEN json_object('action', state)
        ELSE json_object('state', nullif(state, ''), 'reason', nullif(reason, ''), 'number', nullif(number, 0)) END)
    END,
    origin
FROM events ORDER BY conversation, seq;

DROP TABLE events;

ALTER TABLE events_next RENAME TO events;

CREATE UNIQUE INDEX events_by_origin ON events (conversation, origin) WHERE origin IS NOT NULL;
