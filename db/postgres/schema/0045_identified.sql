-- A signed identity finds the conversations that are its own, from any browser. requests.verified has been there from the start.

-- +goose Up

CREATE INDEX requests_by_identity ON requests (verified, conversation) WHERE verified <> '';
