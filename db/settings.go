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

// SiteSettings implements bridge.Reader.
func (r *Reader) SiteSettings() (map[string]string, error) {
	list := make(map[string]string)
	err := r.s.each(func(row Row) bool {
		list[row.text(0)] = row.text(1)
		return true
	}, `SELECT key, value FROM site_settings ORDER BY key`)
	if err != nil {
		return nil, fmt.Errorf("read site settings: %w", err)
	}
	return list, nil
}

// SaveSiteSetting implements bridge.Tx.
func (t *Tx) SaveSiteSetting(key, value string) error {
	_, err := t.s.exec(`INSERT INTO site_settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("save site setting: %w", err)
	}
	return nil
}

// DeleteSiteSetting implements bridge.Tx.
func (t *Tx) DeleteSiteSetting(key string) error {
	if _, err := t.s.exec(`DELETE FROM site_settings WHERE key = ?`, key); err != nil {
		return fmt.Errorf("delete site setting: %w", err)
	}
	return nil
}
