-- The tables of Dino 0.4.2 (libdino/src/service/database.vala) that say who
-- logs in and how large the window is. It makes the others itself.
CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, bare_jid TEXT NOT NULL UNIQUE, resourcepart TEXT, password TEXT,
	alias TEXT, enabled INTEGER, roster_version TEXT, mam_earliest_synced INTEGER);
INSERT INTO account (bare_jid, resourcepart, password, alias, enabled, mam_earliest_synced)
	VALUES ('xavi@localhost', 'dino', 'demo', 'Xavi', 1, 0);
CREATE TABLE settings (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, value TEXT);
INSERT INTO settings (key, value) VALUES ('window_width', '900'), ('window_height', '560'), ('check_spelling', 'false');
