-- What a reader must know:
--   * Each conversation has a log, events, numbered 1, 2, 3 … by seq, and
--     conversations.seq is the last of them. It changes only by compare and
--     swap on (number, seq), so two writers can't both append.
--   * Others hold cursors into that log (participants.*_seq), and operators
--     have a log of their own, desk_entries, with a cursor in operators.
--   * Times are integer milliseconds since 1970 UTC, named *_at; NULL = never.
--     They never decide an order; seq and number do.
--   * next_due_at is the earliest of the due_* times beside it.
--   * '' is "no text"; NULL is used where emptiness matters to a key.
--   * Booleans are 0 or 1. Lengths are a last fence; the edges have lower limits.
--   * events.type is not listed in a CHECK: new types come often, and changing
--     a CHECK means rewriting the largest table.
--   * Deleting a conversation deletes all that was said in it.

-- +goose Up

CREATE TABLE departments (
    name  TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 255),
    title TEXT NOT NULL CHECK (length(title) <= 1024)
) STRICT, WITHOUT ROWID;

INSERT INTO departments (name, title) VALUES ('support', 'Support');

CREATE TABLE operators (
    jid            TEXT    NOT NULL PRIMARY KEY CHECK (length(jid) BETWEEN 1 AND 2047),
    name           TEXT    NOT NULL CHECK (length(name) <= 1024),
    enabled        INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    paused         INTEGER NOT NULL CHECK (paused IN (0, 1)),
    desk_seq       INTEGER NOT NULL DEFAULT 0 CHECK (desk_seq >= 0),
    desk_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (desk_confirmed BETWEEN 0 AND desk_seq),
    created_at     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_departments (
    operator   TEXT NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    department TEXT NOT NULL REFERENCES departments (name) ON DELETE CASCADE,
    PRIMARY KEY (operator, department)
) STRICT, WITHOUT ROWID;

CREATE INDEX operator_departments_by_department ON operator_departments (department);

CREATE TABLE visitors (
    jid        TEXT NOT NULL PRIMARY KEY CHECK (length(jid) BETWEEN 1 AND 2047),
    name       TEXT NOT NULL CHECK (length(name) <= 1024),
    email      TEXT NOT NULL CHECK (length(email) <= 1024),
    subject    TEXT UNIQUE CHECK (length(subject) BETWEEN 1 AND 1024), -- of a signed identity
    created_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    number            INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, even after a deletion
    id                TEXT    NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 255),
    request_key       TEXT    NOT NULL UNIQUE CHECK (length(request_key) BETWEEN 1 AND 255),
    token_hash        BLOB    CHECK (length(token_hash) <= 64), -- NULL: no visitor can come back to it by HTTP
    visitor           TEXT    NOT NULL REFERENCES visitors (jid),
    department        TEXT    NOT NULL REFERENCES departments (name),
    kind              TEXT    NOT NULL CHECK (kind IN ('chat', 'ticket')),
    state             TEXT    NOT NULL CHECK (state IN ('waiting', 'active', 'closed')),
    reason            TEXT    NOT NULL CHECK (length(reason) <= 64),
    owner             TEXT    REFERENCES operators (jid),
    email             TEXT    NOT NULL CHECK (length(email) <= 1024),
    seq               INTEGER NOT NULL CHECK (seq >= 0),
    present           INTEGER NOT NULL CHECK (present IN (0, 1)),
    opened_at         INTEGER NOT NULL,
    closed_at         INTEGER,
    due_waiting_at    INTEGER,
    due_visitor_at    INTEGER,
    due_operator_at   INTEGER,
    due_idle_warn_at  INTEGER,
    due_idle_close_at INTEGER,
    next_due_at       INTEGER
) STRICT;

CREATE INDEX conversations_by_visitor ON conversations (visitor, number);
CREATE INDEX conversations_open ON conversations (state, number) WHERE state <> 'closed';
CREATE INDEX conversations_by_owner ON conversations (owner, number) WHERE owner IS NOT NULL;
CREATE INDEX conversations_due ON conversations (next_due_at, number) WHERE next_due_at IS NOT NULL;

-- What the visitor gave when asking.
CREATE TABLE requests (
    conversation  INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (number) ON DELETE CASCADE,
    name          TEXT NOT NULL CHECK (length(name) <= 1024),
    email         TEXT NOT NULL CHECK (length(email) <= 1024),
    reason        TEXT NOT NULL CHECK (length(reason) <= 1048576),
    verified      TEXT NOT NULL CHECK (length(verified) <= 1024), -- subject of the signed identity
    page_url      TEXT NOT NULL CHECK (length(page_url) <= 65536),
    page_title    TEXT NOT NULL CHECK (length(page_title) <= 65536),
    page_referrer TEXT NOT NULL CHECK (length(page_referrer) <= 65536),
    language      TEXT NOT NULL CHECK (length(language) <= 255),
    browser       TEXT NOT NULL CHECK (length(browser) <= 4096),
    attributes    TEXT NOT NULL CHECK (length(attributes) <= 1048576) -- JSON object, or ''
) STRICT;

CREATE TABLE events (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    seq          INTEGER NOT NULL CHECK (seq > 0),
    type         TEXT    NOT NULL CHECK (length(type) BETWEEN 1 AND 32),
    created_at   INTEGER NOT NULL,
    sender       TEXT    NOT NULL CHECK (sender IN ('', 'visitor', 'operator', 'system')),
    operator     TEXT    NOT NULL CHECK (length(operator) <= 2047), -- kept when the operator is deleted
    name         TEXT    NOT NULL CHECK (length(name) <= 1024),
    text         TEXT    NOT NULL CHECK (length(text) <= 1048576),
    state        TEXT    NOT NULL CHECK (length(state) <= 64),
    reason       TEXT    NOT NULL CHECK (length(reason) <= 64),
    number       INTEGER NOT NULL,
    origin       TEXT    CHECK (length(origin) BETWEEN 1 AND 8192), -- the sender's id for it
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX events_by_origin ON events (conversation, origin) WHERE origin IS NOT NULL;

CREATE TABLE participants (
    conversation  INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator      TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    joined_seq    INTEGER NOT NULL CHECK (joined_seq >= 0),
    has_left      INTEGER NOT NULL CHECK (has_left IN (0, 1)),
    confirmed_seq INTEGER NOT NULL CHECK (confirmed_seq >= 0),
    delivered_seq INTEGER NOT NULL CHECK (delivered_seq >= 0),
    displayed_seq INTEGER NOT NULL CHECK (displayed_seq >= 0),
    PRIMARY KEY (conversation, operator)
) STRICT, WITHOUT ROWID;

CREATE INDEX participants_by_operator ON participants (operator);

CREATE TABLE offers (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    state        TEXT    NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'revoked')),
    desk_seq     INTEGER NOT NULL CHECK (desk_seq >= 0),
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (conversation, operator)
) STRICT, WITHOUT ROWID;

CREATE INDEX offers_by_operator ON offers (operator, state, conversation);

CREATE TABLE desk_entries (
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    seq          INTEGER NOT NULL CHECK (seq > 0),
    kind         TEXT    NOT NULL CHECK (kind IN ('offer', 'outcome', 'notice')),
    created_at   INTEGER NOT NULL,
    conversation INTEGER REFERENCES conversations (number) ON DELETE CASCADE,
    ref          INTEGER NOT NULL CHECK (ref >= 0),
    text         TEXT    NOT NULL CHECK (length(text) <= 1048576),
    PRIMARY KEY (operator, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX desk_entries_by_conversation ON desk_entries (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 255),
    value TEXT NOT NULL CHECK (length(value) <= 1048576)
) STRICT, WITHOUT ROWID;
