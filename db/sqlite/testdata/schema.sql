CREATE TABLE "answers" (
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

CREATE TABLE api_keys (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    name       TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
    scopes     TEXT    NOT NULL CHECK (length(scopes) <= 1024),
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL CHECK (length(created_by) <= 2047),
    used_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE archive_readings (
    conversation INTEGER NOT NULL PRIMARY KEY,
    seq          INTEGER NOT NULL CHECK (seq > 0)
) STRICT;

CREATE VIRTUAL TABLE archive_words USING fts5 (words, content = '', contentless_delete = 1, detail = none, prefix = '3', tokenize = "ascii tokenchars '='");

CREATE TABLE audits (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at  INTEGER NOT NULL,
    by_operator TEXT    NOT NULL CHECK (length(by_operator) <= 2047),
    by_name     TEXT    NOT NULL CHECK (length(by_name) <= 1024),
    about       TEXT    NOT NULL CHECK (length(about) <= 2047),
    line        TEXT    NOT NULL CHECK (length(line) <= 1048576),
    changes     TEXT    NOT NULL CHECK (length(changes) <= 1048576)
) STRICT;

CREATE INDEX audits_by_about ON audits (about, created_at, id);

CREATE INDEX audits_by_time ON audits (created_at, id);

CREATE TABLE blocks (
    target     TEXT    NOT NULL PRIMARY KEY CHECK (length(target) BETWEEN 1 AND 2047), -- a visitor's JID or a prefix such as 192.0.2.0/24
    name       TEXT    NOT NULL CHECK (length(name) <= 1024), -- of the visitor
    reason     TEXT    NOT NULL CHECK (length(reason) <= 1048576),
    operator   TEXT    NOT NULL CHECK (length(operator) <= 2047), -- kept when the operator is deleted
    created_at INTEGER NOT NULL,
    ends_at    INTEGER -- NULL: never
) STRICT, WITHOUT ROWID;

CREATE TABLE commands (
    operator   TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    origin     TEXT    NOT NULL CHECK (length(origin) BETWEEN 1 AND 8192),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (operator, origin)
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
, due_receipt_at INTEGER, due_offer_at INTEGER, waits_since INTEGER, due_overflow_at INTEGER, escalated_ms INTEGER NOT NULL DEFAULT 0 CHECK (escalated_ms >= 0), reminded_ms INTEGER NOT NULL DEFAULT 0 CHECK (reminded_ms >= 0), due_escalate_at INTEGER, due_remind_at INTEGER, unanswered_since INTEGER, due_later_at INTEGER, merged_into INTEGER, first_ms INTEGER NOT NULL DEFAULT 0 CHECK (first_ms >= 0), next_ms INTEGER NOT NULL DEFAULT 0 CHECK (next_ms >= 0), solved_ms INTEGER NOT NULL DEFAULT 0 CHECK (solved_ms >= 0), first_since INTEGER, solve_since INTEGER, solve_used_ms INTEGER NOT NULL DEFAULT 0 CHECK (solve_used_ms >= 0), answer_stage INTEGER NOT NULL DEFAULT 0 CHECK (answer_stage BETWEEN 0 AND 2), solve_stage INTEGER NOT NULL DEFAULT 0 CHECK (solve_stage BETWEEN 0 AND 2), due_answer_at INTEGER, due_solve_at INTEGER) STRICT;

CREATE INDEX conversations_by_merger ON conversations (merged_into, number) WHERE merged_into IS NOT NULL;

CREATE INDEX conversations_by_visitor ON conversations (visitor, number);

CREATE INDEX conversations_due ON conversations (next_due_at, number) WHERE next_due_at IS NOT NULL;

CREATE INDEX conversations_ended ON conversations (department, closed_at, number) WHERE state = 'closed';

CREATE INDEX conversations_open ON conversations (state, number) WHERE state <> 'closed';

CREATE INDEX conversations_owned ON conversations (owner, number) WHERE state = 'active';

CREATE TABLE departments (
    name  TEXT NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 255),
    title TEXT NOT NULL CHECK (length(title) <= 1024)
, routing TEXT NOT NULL DEFAULT '' CHECK (length(routing) <= 64), overflow TEXT NOT NULL DEFAULT '' CHECK (length(overflow) <= 255), after_ms INTEGER NOT NULL DEFAULT 0 CHECK (after_ms >= 0), offer_ms INTEGER NOT NULL DEFAULT 0 CHECK (offer_ms >= 0), at_most INTEGER NOT NULL DEFAULT 0 CHECK (at_most >= 0), language TEXT NOT NULL DEFAULT '' CHECK (length(language) <= 35), own_hours TEXT NOT NULL DEFAULT '' CHECK (length(own_hours) <= 65536), removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)), asks_tags INTEGER NOT NULL DEFAULT 0 CHECK (asks_tags IN (0, 1)), retention_ms INTEGER NOT NULL DEFAULT 0, first_ms INTEGER NOT NULL DEFAULT 0 CHECK (first_ms >= 0), next_ms INTEGER NOT NULL DEFAULT 0 CHECK (next_ms >= 0), solved_ms INTEGER NOT NULL DEFAULT 0 CHECK (solved_ms >= 0)) STRICT, WITHOUT ROWID;

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

CREATE TABLE "events" (
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

CREATE UNIQUE INDEX events_by_origin ON events (conversation, origin) WHERE origin IS NOT NULL;

CREATE TABLE file_parts (
    file TEXT    NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    part INTEGER NOT NULL CHECK (part >= 0),
    data BLOB    NOT NULL,
    PRIMARY KEY (file, part)
) STRICT;

CREATE TABLE files (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    name         TEXT    NOT NULL CHECK (length(name) <= 1024),
    type         TEXT    NOT NULL CHECK (length(type) BETWEEN 1 AND 255),
    size         INTEGER NOT NULL CHECK (size >= 0),
    created_at   INTEGER NOT NULL,
    whole        INTEGER NOT NULL CHECK (whole IN (0, 1)) -- its event is stored
) STRICT, WITHOUT ROWID;

CREATE INDEX files_broken_off ON files (id) WHERE whole = FALSE;

CREATE INDEX files_of_conversation ON files (conversation);

CREATE TABLE hook_cursors (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    hook         TEXT    NOT NULL REFERENCES hooks (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL CHECK (seq >= 0),
    part         INTEGER NOT NULL CHECK (part >= 0),
    tries        INTEGER NOT NULL CHECK (tries >= 0),
    due_at       INTEGER,
    PRIMARY KEY (conversation, hook)
) STRICT, WITHOUT ROWID;

CREATE INDEX hook_cursors_by_hook ON hook_cursors (hook, conversation);

CREATE INDEX hook_cursors_due ON hook_cursors (hook, due_at, conversation) WHERE due_at IS NOT NULL;

CREATE TABLE hooks (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    name         TEXT    NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    url          TEXT    NOT NULL CHECK (length(url) BETWEEN 1 AND 4096),
    secret       TEXT    NOT NULL CHECK (length(secret) <= 255),
    types        TEXT    NOT NULL CHECK (length(types) <= 1024),
    state        TEXT    NOT NULL CHECK (state IN ('on', 'off', 'gone')),
    since_number INTEGER NOT NULL CHECK (since_number >= 0),
    created_at   INTEGER NOT NULL,
    created_by   TEXT    NOT NULL CHECK (length(created_by) <= 2047),
    given_up     INTEGER NOT NULL CHECK (given_up >= 0),
    tried_at     INTEGER,
    result       TEXT    NOT NULL CHECK (length(result) <= 4096),
    failing_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    name           TEXT    NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 40),
    text           TEXT    NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
    page           TEXT    NOT NULL CHECK (length(page) <= 500),
    after_ms       INTEGER NOT NULL CHECK (after_ms >= 0),
    returning_only INTEGER NOT NULL CHECK (returning_only IN (0, 1)),
    once           TEXT    NOT NULL CHECK (once IN ('day', 'visit')),
    hours          TEXT    NOT NULL CHECK (length(hours) <= 4096),
    department     TEXT    NOT NULL CHECK (length(department) <= 255),
    language       TEXT    NOT NULL CHECK (length(language) <= 35),
    created_at     INTEGER NOT NULL,
    created_by     TEXT    NOT NULL CHECK (length(created_by) <= 2047)
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
    name       TEXT    NOT NULL PRIMARY KEY,
    holder     TEXT    NOT NULL,
    epoch      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (name, epoch)
) STRICT;

CREATE TABLE mail_parts (
    apart   TEXT    NOT NULL CHECK (length(apart) BETWEEN 1 AND 255),
    part    INTEGER NOT NULL CHECK (part >= 0),
    made_at INTEGER NOT NULL,
    raw     BLOB    NOT NULL,
    PRIMARY KEY (apart, part)
) STRICT;

CREATE INDEX mail_parts_by_age ON mail_parts (made_at, apart, part);

CREATE TABLE mailboxes (
    name     TEXT    PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 255),
    validity INTEGER NOT NULL CHECK (validity BETWEEN 0 AND 4294967295),
    next_uid INTEGER NOT NULL CHECK (next_uid BETWEEN 0 AND 4294967296),
    last_at  INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE mailings (
    conversation INTEGER PRIMARY KEY REFERENCES conversations (number) ON DELETE CASCADE,
    upto         INTEGER NOT NULL CHECK (upto >= 0),
    due_at       INTEGER,
    forced       INTEGER NOT NULL CHECK (forced IN (0, 1))
) STRICT;

CREATE INDEX mailings_due ON mailings (due_at, conversation) WHERE due_at IS NOT NULL;

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
    failed       INTEGER NOT NULL CHECK (failed >= 0), apart TEXT CHECK (length(apart) BETWEEN 1 AND 255), kept_at INTEGER, due_at INTEGER,
    UNIQUE (mailbox, validity, uid)
) STRICT;

CREATE INDEX mails_apart ON mails (apart) WHERE apart IS NOT NULL;

CREATE INDEX mails_by_any_case ON mails (lower(message_id), id);

CREATE INDEX mails_by_conversation ON mails (conversation) WHERE conversation IS NOT NULL;

CREATE INDEX mails_by_message ON mails (message_id) WHERE message_id IS NOT NULL;

CREATE INDEX mails_kept ON mails (kept_at, id) WHERE kept_at IS NOT NULL;

CREATE INDEX mails_unsorted ON mails (id) WHERE state IN ('new', 'sorted');

CREATE TABLE news (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    operator   TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    by_name    TEXT    NOT NULL CHECK (length(by_name) <= 1024),
    created_at INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    text       TEXT    NOT NULL CHECK (length(text) <= 1048576)
) STRICT;

CREATE INDEX news_by_due ON news (due_at, operator);

CREATE INDEX news_by_operator ON news (operator, due_at);

CREATE TABLE nodes (
    id         TEXT    NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 256),
    name       TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    shared     TEXT    NOT NULL,
    url        TEXT    NOT NULL,
    schema     INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE "notices" (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    way          TEXT    NOT NULL,
    asked_at     INTEGER NOT NULL,
    due_at       INTEGER,
    sent         INTEGER NOT NULL CHECK (sent >= 0),
    sent_at      INTEGER,
    failed       INTEGER NOT NULL CHECK (failed >= 0),
    receipt      TEXT    NOT NULL DEFAULT '' CHECK (length(receipt) <= 200),
    PRIMARY KEY (conversation, operator, way)
) STRICT, WITHOUT ROWID;

CREATE INDEX notices_by_age ON notices (asked_at);

CREATE INDEX notices_by_due ON notices (way, due_at);

CREATE INDEX notices_by_operator ON notices (operator, way, sent_at);

CREATE TABLE "offers" (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator     TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    state        TEXT    NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'revoked', 'expired', 'lost')),
    desk_seq     INTEGER NOT NULL CHECK (desk_seq >= 0),
    created_at   INTEGER NOT NULL,
    gathered     INTEGER NOT NULL DEFAULT 0 CHECK (gathered IN (0, 1)), alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1)),
    PRIMARY KEY (conversation, operator)
) STRICT, WITHOUT ROWID;

CREATE INDEX offers_by_operator ON offers (operator, state, conversation);

CREATE TABLE operators (
    jid            TEXT    NOT NULL PRIMARY KEY CHECK (length(jid) BETWEEN 1 AND 2047),
    name           TEXT    NOT NULL CHECK (length(name) <= 1024),
    enabled        INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    paused         INTEGER NOT NULL CHECK (paused IN (0, 1)),
    desk_seq       INTEGER NOT NULL DEFAULT 0 CHECK (desk_seq >= 0),
    desk_confirmed INTEGER NOT NULL DEFAULT 0 CHECK (desk_confirmed BETWEEN 0 AND desk_seq),
    created_at     INTEGER
, language TEXT NOT NULL DEFAULT '' CHECK (length(language) <= 35), locale TEXT NOT NULL DEFAULT '' CHECK (length(locale) <= 35), satellite INTEGER NOT NULL DEFAULT 0 CHECK (satellite IN (0, 1)), permissions TEXT NOT NULL DEFAULT '' CHECK (length(permissions) <= 1024), greeted INTEGER NOT NULL DEFAULT 0 CHECK (greeted IN (0, 1)), no_room INTEGER NOT NULL DEFAULT 0 CHECK (no_room IN (0, 1)), zone TEXT NOT NULL DEFAULT '', departments TEXT NOT NULL DEFAULT '' CHECK (length(departments) <= 65536), tickets TEXT NOT NULL DEFAULT '' CHECK (length(tickets) <= 65536), about TEXT NOT NULL DEFAULT '' CHECK (length(about) <= 65536), invitation TEXT NOT NULL DEFAULT '' CHECK (length(invitation) <= 65536), whatsapp TEXT NOT NULL DEFAULT '' CHECK (length(whatsapp) <= 64), at_most INTEGER NOT NULL DEFAULT 0 CHECK (at_most >= 0), own_hours TEXT NOT NULL DEFAULT '' CHECK (length(own_hours) <= 65536), notices TEXT NOT NULL DEFAULT '' CHECK (length(notices) <= 65536), removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)), asked_at INTEGER, greeting TEXT NOT NULL DEFAULT '' CHECK (length(greeting) <= 65536), no_face INTEGER NOT NULL DEFAULT 0 CHECK (no_face IN (0, 1))) STRICT, WITHOUT ROWID;

CREATE TABLE pages (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    node         TEXT    NOT NULL CHECK (length(node) BETWEEN 1 AND 256),
    PRIMARY KEY (conversation, node)
) STRICT, WITHOUT ROWID;

CREATE INDEX pages_by_node ON pages (node, conversation);

CREATE TABLE participants (
    conversation  INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    operator      TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    joined_seq    INTEGER NOT NULL CHECK (joined_seq >= 0),
    has_left      INTEGER NOT NULL CHECK (has_left IN (0, 1)),
    confirmed_seq INTEGER NOT NULL CHECK (confirmed_seq >= 0),
    delivered_seq INTEGER NOT NULL CHECK (delivered_seq >= 0),
    displayed_seq INTEGER NOT NULL CHECK (displayed_seq >= 0), settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)), known_seq INTEGER NOT NULL DEFAULT 0, watches INTEGER NOT NULL DEFAULT 0 CHECK (watches IN (0, 1)),
    PRIMARY KEY (conversation, operator)
) STRICT, WITHOUT ROWID;

CREATE INDEX participants_by_operator ON participants (operator);

CREATE INDEX participants_unsettled ON participants (conversation, operator) WHERE settled = FALSE AND has_left = FALSE;

CREATE TABLE passes (
    hash       BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    kind       TEXT    NOT NULL CHECK (kind IN ('link', 'session', 'wall')),
    operator   TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047),
    name       TEXT    NOT NULL CHECK (length(name) <= 255),
    created_at INTEGER NOT NULL,
    ends_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX passes_by_end ON passes (ends_at);

CREATE INDEX passes_by_operator ON passes (operator, kind, created_at, hash);

CREATE UNIQUE INDEX passes_by_wall ON passes (name) WHERE kind = 'wall';

CREATE TABLE past_rows (
    operator   TEXT    NOT NULL CHECK (length(operator) <= 2047),
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    kind       TEXT    NOT NULL CHECK (length(kind) <= 64),
    period     INTEGER NOT NULL,
    measure    TEXT    NOT NULL CHECK (length(measure) BETWEEN 1 AND 64),
    bucket     INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    PRIMARY KEY (operator, department, kind, period, measure, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE past_spans (
    operator   TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047),
    kind       TEXT    NOT NULL CHECK (length(kind) <= 64),
    day        INTEGER NOT NULL,
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    since      INTEGER NOT NULL,
    until      INTEGER NOT NULL CHECK (until >= since),
    PRIMARY KEY (operator, kind, day, department, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE past_tags (
    day        INTEGER NOT NULL,
    tag        TEXT    NOT NULL CHECK (length(tag) BETWEEN 1 AND 64),
    kind       TEXT    NOT NULL CHECK (length(kind) <= 64),
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    owner      TEXT    NOT NULL CHECK (length(owner) <= 2047),
    n          INTEGER NOT NULL CHECK (n > 0),
    PRIMARY KEY (day, tag, kind, department, owner)
) STRICT, WITHOUT ROWID;

CREATE INDEX past_tags_by_tag ON past_tags (tag);

CREATE TABLE past_votes (
    operator TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047), -- kept when the operator is deleted
    hour     INTEGER NOT NULL,
    score    INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    n        INTEGER NOT NULL CHECK (n > 0),
    PRIMARY KEY (operator, hour, score)
) STRICT, WITHOUT ROWID;

CREATE TABLE portraits (
    operator   TEXT    NOT NULL PRIMARY KEY REFERENCES operators (jid),
    source     TEXT    NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
    name       TEXT    NOT NULL CHECK (length(name) <= 64),
    media      TEXT    NOT NULL CHECK (media IN ('', 'image/png', 'image/jpeg')),
    bytes      BLOB    NOT NULL CHECK (length(bytes) <= 65536),
    learned_at INTEGER NOT NULL
) STRICT;

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
, operator TEXT CHECK (length(operator) BETWEEN 1 AND 2047), kind TEXT NOT NULL DEFAULT 'answer' CHECK (length(kind) BETWEEN 1 AND 32), apart TEXT CHECK (length(apart) BETWEEN 1 AND 255), kept_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX posts_apart ON posts (apart) WHERE apart IS NOT NULL;

CREATE INDEX posts_automatic ON posts (made_at) WHERE kind IN ('acknowledgement', 'closed');

CREATE INDEX posts_automatic_to ON posts (lower(envelope_to), made_at) WHERE kind IN ('acknowledgement', 'closed');

CREATE INDEX posts_by_any_case ON posts (lower(message_id));

CREATE INDEX posts_by_conversation ON posts (conversation) WHERE conversation IS NOT NULL;

CREATE INDEX posts_due ON posts (due_at, kind, made_at, id) WHERE due_at IS NOT NULL;

CREATE INDEX posts_kept ON posts (kept_at, id) WHERE kept_at IS NOT NULL;

CREATE INDEX posts_ordered ON posts (made_at) WHERE operator IS NOT NULL;

CREATE INDEX posts_undelivered ON posts (lower(envelope_to), made_at) WHERE state IN ('failed', 'bounced');

CREATE TABLE presences (
    operator   TEXT    NOT NULL PRIMARY KEY REFERENCES operators (jid),
    show       TEXT    NOT NULL CHECK (length(show) <= 16),
    since      INTEGER,
    fault      TEXT    NOT NULL,
    fault_text TEXT    NOT NULL
) STRICT;

CREATE TABLE reminders (
    operator TEXT NOT NULL PRIMARY KEY REFERENCES operators (jid) ON DELETE CASCADE,
    told_at  INTEGER, -- NULL: never
    due_at   INTEGER  -- NULL: nothing is to be told
, targets TEXT NOT NULL DEFAULT '' CHECK (length(targets) <= 4096)) STRICT, WITHOUT ROWID;

CREATE INDEX reminders_due ON reminders (due_at, operator) WHERE due_at IS NOT NULL;

CREATE TABLE report_readings (
    conversation INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (number) ON DELETE CASCADE,
    seq          INTEGER NOT NULL CHECK (seq > 0),
    account      TEXT    NOT NULL CHECK (length(account) <= 1048576),
    owed_since   INTEGER,
    operator     TEXT    NOT NULL CHECK (length(operator) <= 2047),
    department   TEXT    NOT NULL CHECK (length(department) <= 255),
    kind         TEXT    NOT NULL CHECK (length(kind) <= 64)
) STRICT;

CREATE INDEX report_readings_owed ON report_readings (owed_since) WHERE owed_since IS NOT NULL;

CREATE TABLE report_rows (
    operator   TEXT    NOT NULL CHECK (length(operator) <= 2047),
    department TEXT    NOT NULL CHECK (length(department) <= 255),
    kind       TEXT    NOT NULL CHECK (length(kind) <= 64),
    period     INTEGER NOT NULL,
    measure    TEXT    NOT NULL CHECK (length(measure) BETWEEN 1 AND 64),
    bucket     INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    total      INTEGER NOT NULL,
    PRIMARY KEY (operator, department, kind, period, measure, bucket)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_spans (
    operator     TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047),
    kind         TEXT    NOT NULL CHECK (length(kind) <= 64),
    day          INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    department   TEXT    NOT NULL CHECK (length(department) <= 255),
    since        INTEGER NOT NULL,
    until        INTEGER NOT NULL CHECK (until >= since),
    PRIMARY KEY (operator, kind, day, conversation, seq)
) STRICT, WITHOUT ROWID;

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
, time_zone TEXT NOT NULL DEFAULT '' CHECK (length(time_zone) <= 255), address TEXT NOT NULL DEFAULT '' CHECK (length(address) <= 255), namesake INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '' CHECK (length(digest) <= 64), fields TEXT NOT NULL DEFAULT '' CHECK (length(fields) <= 1048576), invited TEXT NOT NULL DEFAULT '' CHECK (length(invited) <= 1048576)) STRICT;

CREATE INDEX requests_by_identity ON requests (verified, conversation) WHERE verified <> '';

CREATE TABLE sessions (
    operator TEXT    NOT NULL REFERENCES operators (jid) ON DELETE CASCADE,
    began_at INTEGER NOT NULL,
    ended_at INTEGER CHECK (ended_at >= began_at),
    PRIMARY KEY (operator, began_at)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_end ON sessions (ended_at, operator);

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 255),
    value TEXT NOT NULL CHECK (length(value) <= 1048576)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_links (
    name       TEXT    NOT NULL PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    template   TEXT    NOT NULL CHECK (length(template) BETWEEN 1 AND 4096),
    created_at INTEGER NOT NULL,
    created_by TEXT    NOT NULL CHECK (length(created_by) <= 2047)
, secret TEXT NOT NULL DEFAULT '' CHECK (length(secret) <= 255)) STRICT, WITHOUT ROWID;

CREATE TABLE site_settings (
    key   TEXT NOT NULL PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 100),
    value TEXT NOT NULL CHECK (length(value) <= 16384)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    tag          TEXT    NOT NULL CHECK (length(tag) BETWEEN 1 AND 64),
    added_at     INTEGER NOT NULL,
    PRIMARY KEY (conversation, tag)
) STRICT, WITHOUT ROWID;

CREATE INDEX tags_by_tag ON tags (tag, conversation);

CREATE INDEX tags_by_time ON tags (added_at, tag, conversation);

CREATE TABLE threads (
    conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,
    address      TEXT    NOT NULL CHECK (length(address) BETWEEN 1 AND 1024),
    token        TEXT    NOT NULL UNIQUE CHECK (length(token) BETWEEN 20 AND 64),
    subject      TEXT    NOT NULL CHECK (length(subject) <= 1024),
    last_mail    TEXT    CHECK (length(last_mail) BETWEEN 1 AND 2048),
    PRIMARY KEY (conversation, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE visitor_words (
    word    TEXT NOT NULL CHECK (length(word) BETWEEN 1 AND 255),
    visitor TEXT NOT NULL REFERENCES visitors (jid) ON DELETE CASCADE,
    PRIMARY KEY (word, visitor)
) STRICT, WITHOUT ROWID;

CREATE INDEX visitor_words_by_visitor ON visitor_words (visitor, word);

CREATE TABLE visitors (
    jid        TEXT NOT NULL PRIMARY KEY CHECK (length(jid) BETWEEN 1 AND 2047),
    name       TEXT NOT NULL CHECK (length(name) <= 1024),
    email      TEXT NOT NULL CHECK (length(email) <= 1024),
    subject    TEXT UNIQUE CHECK (length(subject) BETWEEN 1 AND 1024), -- of a signed identity
    created_at INTEGER
, called TEXT NOT NULL DEFAULT '' CHECK (length(called) <= 1024), phone TEXT NOT NULL DEFAULT '' CHECK (length(phone) <= 64), remark TEXT NOT NULL DEFAULT '' CHECK (length(remark) <= 65536)) STRICT, WITHOUT ROWID;

CREATE TABLE votes (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation   INTEGER NOT NULL UNIQUE REFERENCES conversations (number) ON DELETE CASCADE,
    operator       TEXT    NOT NULL CHECK (length(operator) BETWEEN 1 AND 2047), -- kept when the operator is deleted
    score          INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
    comment        TEXT    NOT NULL CHECK (length(comment) <= 1048576),
    created_at     INTEGER NOT NULL,
    told_seq       INTEGER NOT NULL CHECK (told_seq >= 0),
    deleted_at     INTEGER,
    deleted_by     TEXT    NOT NULL CHECK (length(deleted_by) <= 2047),
    deleted_reason TEXT    NOT NULL CHECK (length(deleted_reason) <= 1048576)
) STRICT;

CREATE INDEX votes_by_operator ON votes (operator, created_at, id);
