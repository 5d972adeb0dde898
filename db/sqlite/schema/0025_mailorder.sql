-- In which order mail goes: what operators said before what is sent by itself, so the index of what is due
-- has all that the order needs, and a look at a long queue reads no mail.

-- +goose Up

DROP INDEX posts_due;
CREATE INDEX posts_due ON posts (due_at, kind, made_at, id) WHERE due_at IS NOT NULL;
