-- Within how much business time visitors are to be answered, 0 = no target:
--   * departments: first answer, each next one, and until it is solved.
--   * conversations: the targets that its department had when it began to wait
--     there; since when the first answer is owed and since when the time until
--     it is solved runs, NULL = it does not; how much of that time had gone by
--     before; how far each target has gone (0 runs, 1 warned, 2 missed), and
--     when it is looked at next.
--   * reminders: what of this is to be told with the next reminder.

-- +goose Up

ALTER TABLE departments ADD COLUMN first_ms INTEGER NOT NULL DEFAULT 0 CHECK (first_ms >= 0);
ALTER TABLE departments ADD COLUMN next_ms INTEGER NOT NULL DEFAULT 0 CHECK (next_ms >= 0);
ALTER TABLE departments ADD COLUMN solved_ms INTEGER NOT NULL DEFAULT 0 CHECK (solved_ms >= 0);

ALTER TABLE conversations ADD COLUMN first_ms INTEGER NOT NULL DEFAULT 0 CHECK (first_ms >= 0);
ALTER TABLE conversations ADD COLUMN next_ms INTEGER NOT NULL DEFAULT 0 CHECK (next_ms >= 0);
ALTER TABLE conversations ADD COLUMN solved_ms INTEGER NOT NULL DEFAULT 0 CHECK (solved_ms >= 0);
ALTER TABLE conversations ADD COLUMN first_since INTEGER;
ALTER TABLE conversations ADD COLUMN solve_since INTEGER;
ALTER TABLE conversations ADD COLUMN solve_used_ms INTEGER NOT NULL DEFAULT 0 CHECK (solve_used_ms >= 0);
ALTER TABLE conversations ADD COLUMN answer_stage INTEGER NOT NULL DEFAULT 0 CHECK (answer_stage BETWEEN 0 AND 2);
ALTER TABLE conversations ADD COLUMN solve_stage INTEGER NOT NULL DEFAULT 0 CHECK (solve_stage BETWEEN 0 AND 2);
ALTER TABLE conversations ADD COLUMN due_answer_at INTEGER;
ALTER TABLE conversations ADD COLUMN due_solve_at INTEGER;

ALTER TABLE reminders ADD COLUMN targets TEXT NOT NULL DEFAULT '' CHECK (length(targets) <= 4096);
