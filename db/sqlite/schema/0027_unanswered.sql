-- Who does not answer is reminded, and what nobody takes goes further:
--   * conversations: since when what the visitor said has no answer of an
--     operator, NULL if everything is answered or the conversation has ended;
--     how far the schedules of escalation and of reminders have gone, and when
--     they go on.
--   * reminders: when an operator was reminded last, and is reminded next.

-- +goose Up

CREATE TABLE reminders (
    operator TEXT NOT NULL PRIMARY KEY REFERENCES operators (jid) ON DELETE CASCADE,
    told_at  INTEGER, -- NULL: never
    due_at   INTEGER  -- NULL: nothing is to be told
) STRICT, WITHOUT ROWID;

CREATE INDEX reminders_due ON reminders (due_at, operator) WHERE due_at IS NOT NULL;

ALTER TABLE conversations ADD COLUMN escalated_ms INTEGER NOT NULL DEFAULT 0 CHECK (escalated_ms >= 0);

ALTER TABLE conversations ADD COLUMN reminded_ms INTEGER NOT NULL DEFAULT 0 CHECK (reminded_ms >= 0);

ALTER TABLE conversations ADD COLUMN due_escalate_at INTEGER;

ALTER TABLE conversations ADD COLUMN due_remind_at INTEGER;

ALTER TABLE conversations ADD COLUMN unanswered_since INTEGER;

UPDATE conversations SET unanswered_since = (
    SELECT MIN(said.created_at) FROM events said
    WHERE said.conversation = conversations.number AND said.sender = 'visitor' AND said.type IN ('message', 'file')
        AND said.seq > (SELECT COALESCE(MAX(answer.seq), 0) FROM events answer
            WHERE answer.conversation = conversations.number
                AND (answer.sender = 'operator' AND answer.type IN ('message', 'file') OR answer.type = 'state' AND answer.data LIKE '%"closed"%')))
WHERE state <> 'closed';
