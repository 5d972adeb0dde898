package db

import (
	"fmt"

	"porchlight/bridge"
)

// SiteLinks implements bridge.Reader.
func (r *Reader) SiteLinks() ([]bridge.SiteLink, error) {
	return list(r.s, "links", func(row Row) bridge.SiteLink {
		return bridge.SiteLink{Name: row.text(0), Template: row.text(1), Secret: row.text(2), Made: row.time(3), By: row.text(4)}
	}, `SELECT name, template, secret, created_at, created_by FROM site_links ORDER BY name`)
}

// SaveSiteLink implements bridge.Tx.
func (t *Tx) SaveSiteLink(l bridge.SiteLink) error {
	_, err := t.s.exec(`INSERT INTO site_links (name, template, secret, created_at, created_by) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET template = excluded.template, secret = excluded.secret`, l.Name, l.Template, l.Secret, millis(l.Made), l.By)
	if err != nil {
		return fmt.Errorf("save link: %w", err)
	}
	return nil
}

// DeleteSiteLink implements bridge.Tx.
func (t *Tx) DeleteSiteLink(name string) error {
	return t.change("link", `DELETE FROM site_links WHERE name = ?`, name)
}
