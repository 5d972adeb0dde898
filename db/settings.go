package db

import "fmt"

// Setting is as bridge.Store has it.
func (r *reader) Setting(key string) (string, error) {
	var value string
	err := r.c.each(func(r row) bool {
		value = r.text(0)
		return false
	}, `SELECT value FROM settings WHERE key = ?`, key)
	if err != nil {
		return "", fmt.Errorf("read setting: %w", err)
	}
	return value, nil
}

// SaveSetting is as bridge.Store has it.
func (t *tx) SaveSetting(key, value string) error {
	_, err := t.c.exec(`INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("save setting: %w", err)
	}
	return nil
}
