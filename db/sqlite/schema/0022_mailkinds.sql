-- What a mail that goes is for.
--   * posts.kind: answer, transcript, acknowledgement, closed, notice, … Which kinds there are is the
--     bridge's to know, so the table takes any.
--   * The automatic ones are counted, so that they stay few; and mail that did not arrive is looked
--     for by its recipient, who has no mailbox then.

-- +goose Up

ALTER TABLE posts ADD COLUMN kind TEXT NOT NULL DEFAULT 'answer' CHECK (length(kind) BETWEEN 1 AND 32);

UPDATE posts SET kind = 'notice' WHERE conversation IS NULL;

CREATE INDEX posts_automatic ON posts (made_at) WHERE kind IN ('acknowledgement', 'closed');
CREATE INDEX posts_automatic_to ON posts (lower(envelope_to), made_at) WHERE kind IN ('acknowledgement', 'closed');
CREATE INDEX posts_undelivered ON posts (lower(envelope_to), made_at) WHERE state IN ('failed', 'bounced');
