-- Mail that is large, and mail that is old.
--   * mail_parts: the bytes of a large mail, in parts of which each is written and deleted in a transaction
--     of its own, so that others need not wait; the column raw is empty then, and apart names the parts.
--     Parts that no mail names are left over, from a mail whose row never came or is gone.
--   * kept_at: when the mail was stored; NULL: its bytes were deleted, and only what is known of it is left.
--   * ids are found in other letters too, since some mail programs change them.

-- +goose Up

CREATE TABLE mail_parts (
    apart   TEXT    NOT NULL CHECK (length(apart) BETWEEN 1 AND 255),
    part    INTEGER NOT NULL CHECK (part >= 0),
    made_at INTEGER NOT NULL,
    raw     BLOB    NOT NULL,
    PRIMARY KEY (apart, part)
) STRICT;

CREATE INDEX mail_parts_by_age ON mail_parts (made_at, apart, part);

ALTER TABLE mails ADD COLUMN apart TEXT CHECK (length(apart) BETWEEN 1 AND 255);
ALTER TABLE mails ADD COLUMN kept_at INTEGER;
ALTER TABLE posts ADD COLUMN apart TEXT CHECK (length(apart) BETWEEN 1 AND 255);
ALTER TABLE posts ADD COLUMN kept_at INTEGER;

UPDATE mails SET kept_at = COALESCE(received_at, 0);
UPDATE posts SET kept_at = made_at;

CREATE INDEX mails_apart ON mails (apart) WHERE apart IS NOT NULL;
CREATE INDEX mails_kept ON mails (kept_at, id) WHERE kept_at IS NOT NULL;
CREATE INDEX mails_by_any_case ON mails (lower(message_id), id);
CREATE INDEX posts_apart ON posts (apart) WHERE apart IS NOT NULL;
CREATE INDEX posts_kept ON posts (kept_at, id) WHERE kept_at IS NOT NULL;
CREATE INDEX posts_by_any_case ON posts (lower(message_id));
