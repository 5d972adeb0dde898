-- Statistics by mail.
--   * posts.operator: who ordered a mail that belongs to no conversation, and is told if it fails.
--   * report_subscriptions: statistics that go each week. of_operator and of_department say whose they
--     are, both '' those of the site. due_at is when the next mail goes, post is the mail that went last,
--     and failed is how many in a row could not be delivered.

-- +goose Up

ALTER TABLE posts ADD COLUMN operator TEXT CHECK (length(operator) BETWEEN 1 AND 2047);

CREATE INDEX posts_ordered ON posts (made_at) WHERE operator IS NOT NULL;

CREATE TABLE report_subscriptions (
    id            TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 16 AND 64),
    operator      TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047),
    address       TEXT    NOT NULL CHECK (length(address) BETWEEN 1 AND 1024),
    of_operator   TEXT    NOT NULL CHECK (length(of_operator) <= 2047),
    of_department TEXT    NOT NULL CHECK (length(of_department) <= 255),
    created_at    INTEGER NOT NULL,
    due_at        INTEGER NOT NULL,
    post          TEXT    NOT NULL CHECK (length(post) <= 255),
    failed        INTEGER NOT NULL CHECK (failed >= 0),
    UNIQUE (operator, address, of_operator, of_department)
) STRICT, WITHOUT ROWID;

CREATE INDEX report_subscriptions_due ON report_subscriptions (due_at, id);
