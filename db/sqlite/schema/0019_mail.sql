-- Mail in and out.
--   * mailboxes: how far each is read (UIDVALIDITY, the least UID that is not stored, the INTERNALDATE
--     of the newest mail).
--   * mails: what came, whole as it was fetched, or what is known of it.
--   * posts: what goes, whole as it is sent; one for each recipient.
--   * threads: the token of each recipient in each conversation, and what their mail refers to.
--   * mailings: up to which event the visitor has been told, by the page or by mail, and when the rest
--     goes by mail (due_at; NULL: not yet).

-- +goose Up

CREATE TABLE mailboxes (
    name     TEXT    PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 255),
    validity INTEGER NOT NULL CHECK (validity BETWEEN 0 AND 4294967295),
    next_uid INTEGER NOT NULL CHECK (next_uid BETWEEN 0 AND 4294967296),
    last_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE mails (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    mailbox      TEXT    NOT NULL CHECK (length(mailbox) BETWEEN 1 AND 255),
    validity     INTEGER NOT NULL,
    uid          INTEGER NOT NULL,
    fingerprint  TEXT    NOT NULL UNIQUE CHECK (length(fingerprint) BETWEEN 1 AND 255),
    message_id   TEXT    CHECK (length(message_id) BETWEEN 1 AND 2048),
    received_at  INTEGER,
    bytes        INTEGER NOT NULL CHECK (bytes >= 0),
    raw          BLOB    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('new', 'sorted', 'done', 'refused')),
    fate         TEXT    NOT NULL CHECK (length(fate) <= 255),
    conversation INTEGER REFERENCES conversations (number) ON DELETE CASCADE,
    failed       INTEGER NOT NULL CHECK (failed >= 0),
    UNIQUE (mailbox, validity, uid)
) STRICT;

CREATE INDEX mails_by_message ON mails (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX mails_unsorted ON mails (id) WHERE state IN ('new', 'sorted');
CREATE INDEX mails_by_conversation ON mails (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE posts (
    id            TEXT    PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    conversation  INTEGER REFERENCES conversations (number) ON DELETE CASCADE,
    upto          INTEGER NOT NULL CHECK (upto >= 0),
    message_id    TEXT    NOT NULL UNIQUE CHECK (length(message_id) BETWEEN 1 AND 255),
    envelope_from TEXT    NOT NULL CHECK (length(envelope_from) <= 255),
    envelope_to   TEXT    NOT NULL CHECK (length(envelope_to) BETWEEN 1 AND 1024),
    raw           BLOB    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'failed', 'bounced')),
    words         TEXT    NOT NULL CHECK (length(words) <= 4096),
    tries         INTEGER NOT NULL CHECK (tries >= 0),
    made_at       INTEGER NOT NULL,
    due_at        INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX posts_due ON posts (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX posts_by_conversation ON posts (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE threads (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    address      TEXT    NOT NULL CHECK (length(address) BETWEEN 1 AND 1024),
    token        TEXT    NOT NULL UNIQUE CHECK (length(token) BETWEEN 20 AND 64),
    subject      TEXT    NOT NULL CHECK (length(subject) <= 1024),
    last_mail    TEXT    CHECK (length(last_mail) BETWEEN 1 AND 2048),
    PRIMARY KEY (conversation, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE mailings (
    conversation INTEGER PRIMARY KEY REFERENCES conversations (number) ON DELETE CASCADE,
    upto         INTEGER NOT NULL CHECK (upto >= 0),
    due_at       INTEGER,
    forced       INTEGER NOT NULL CHECK (forced IN (0, 1))
) STRICT;

CREATE INDEX mailings_due ON mailings (due_at, conversation) WHERE due_at IS NOT NULL;
