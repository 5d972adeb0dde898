-- Who does not answer is reminded:
--   * conversations: since when what the visitor said has no answer of an
--     operator; NULL: everything is answered, or the conversation has ended.

-- +goose Up

ALTER TABLE conversations ADD COLUMN unanswered_since INTEGER;

UPDATE conversations SET unanswered_since = (
    SELECT MIN(said.created_at) FROM events said
    WHERE said.conversation = conversations.number AND said.sender = 'visitor' AND said.type IN ('message', 'file')
        AND said.seq > (SELECT COALESCE(MAX(answer.seq), 0) FROM events answer
            WHERE answer.conversation = conversations.number
                AND (answer.sender = 'operator' AND answer.type IN ('message', 'file') OR answer.type = 'state' AND answer.data LIKE '%"closed"%')))
WHERE state <> 'closed';
