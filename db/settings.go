package db

import "fmt"

// Setting implements bridge.Reader.
func (r *Reader) Setting(key string) (string, error) {
	var value string
	err := r.s.each(func(r Row) bool {
		value = r.text(0)
		return false
	}, `SELECT value FROM settings WHERE key = ?`, key)
	if err != nil {
		return "", fmt.Errorf("read setting: %w", err)
	}
	return value, nil
}

// SaveSetting implements bridge.Tx.
func (t *Tx) SaveSetting(key, value string) error {
	_, err := t.s.exec(`INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("save setting: %w", err)
	}
	return nil
}
