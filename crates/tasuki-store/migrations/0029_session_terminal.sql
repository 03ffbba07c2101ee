-- The terminal at which a session began; empty where none was shown.
ALTER TABLE session ADD COLUMN terminal_id {TEXT} NOT NULL DEFAULT '';
