-- Several porchlights on one database, each of them a node. In a file of SQLite there is only one, so there they stay empty.
--   * nodes: who is there. id is new with each start; shared is a hash of what must be alike in their configs.
--   * leases: who may do what only one may do. Whoever takes a lease from somebody else makes a new epoch. It stands in a unique index, so
--     that on PostgreSQL a taking waits for all who have the row locked FOR KEY SHARE, and a renewal does not.
--   * presences: how the operators can be reached, as the node with the XMPP link last knew it.
--   * pages: of which conversations a node has pages connected.

-- +goose Up

CREATE TABLE nodes (
    id         TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 256),
    name       TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    shared     TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    schema     BIGINT  NOT NULL,
    started_at BIGINT  NOT NULL,
    seen_at    BIGINT  NOT NULL
);

CREATE TABLE leases (
    name       TEXT    NOT NULL PRIMARY KEY,
    holder     TEXT    NOT NULL,
    epoch      BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL,
    UNIQUE (name, epoch)
);

CREATE TABLE presences (
    operator   TEXT    NOT NULL PRIMARY KEY REFERENCES operators (jid),
    show       TEXT    NOT NULL CHECK (length(show) <= 16),
    since      BIGINT,
    fault      TEXT    NOT NULL,
    fault_text TEXT    NOT NULL
);

CREATE TABLE pages (
    conversation BIGINT  NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    node         TEXT    NOT NULL CHECK (length(node) BETWEEN 1 AND 256),
    PRIMARY KEY (conversation, node)
);

CREATE INDEX pages_by_node ON pages (node, conversation);
