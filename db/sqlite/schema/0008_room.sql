-- The operators' room is used only if the desk has made it. Whether it had was not
-- kept before, so a database that is in use takes the room that it finds for its own,
-- once.

-- +goose Up

INSERT INTO settings (key, value) SELECT 'kept room before', 'yes' FROM operators LIMIT 1;
