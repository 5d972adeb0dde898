-- What Gajim 1.7.3 keeps in settings.sqlite (gajim/common/settings.py).
CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
INSERT INTO settings VALUES
	('app', '{"use_keyring": false, "is_window_visible": true, "show_notifications": false, "check_for_update": false}'),
	('soundevents', '{}'), ('status_presets', '{}'), ('proxies', '{}'), ('plugins', '{}'),
	('workspaces', '{"5a7de3c1-3c8b-4b8a-9d4a-8f6f0d7d1b11": {"name": "Support", "color": "rgb(60, 110, 180)", "chats": []}}');
INSERT INTO account_settings VALUES ('localhost', '{"account": {
	"name": "xavi", "hostname": "localhost", "resource": "gajim", "account_label": "Xavi", "account_color": "rgb(60,110,180)",
	"use_custom_host": true, "custom_host": "127.0.0.1", "custom_port": 5222, "custom_type": "PLAIN",
	"confirm_unencrypted_connection": false, "savepass": true, "password": "demo",
	"active": true, "autoconnect": true, "last_status": "online", "roster_version": ""
}, "contact": {}, "group_chat": {}}');
PRAGMA user_version = 5;
