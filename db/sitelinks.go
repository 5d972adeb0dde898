package db

import (
	"fmt"

	"porchlight/bridge"
	"porchlight/bridge/links"
)

// LinkReader reads the links into the site's own systems, in the transaction of the Reader that it was made of.
type LinkReader struct{ s *Session }

// LinkTx also writes.
type LinkTx struct{ LinkReader }

var (
	_ links.Reader = (*LinkReader)(nil)
	_ links.Tx     = (*LinkTx)(nil)
)

// Links returns a LinkReader for the same transaction.
func (r *Reader) Links() LinkReader { return LinkReader{r.s} }

// LinkTx returns a LinkTx for the same transaction.
func (t *Tx) LinkTx() LinkTx { return LinkTx{t.Links()} }

// SiteLinks implements links.Reader.
func (r *LinkReader) SiteLinks() ([]bridge.SiteLink, error) {
	return list(r.s, "links", func(row Row) bridge.SiteLink {
		return bridge.SiteLink{Name: row.text(0), Template: row.text(1), Secret: row.text(2), Made: row.time(3), By: row.text(4)}
	}, `SELECT name, template, secret, created_at, created_by FROM site_links ORDER BY name`)
}

// SaveSiteLink implements links.Tx.
func (t *LinkTx) SaveSiteLink(l bridge.SiteLink) error {
	_, err := t.s.exec(`INSERT INTO site_links (name, template, secret, created_at, created_by) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET template = excluded.template, secret = excluded.secret`, l.Name, l.Template, l.Secret, millis(l.Made), l.By)
	if err != nil {
		return fmt.Errorf("save link: %w", err)
	}
	return nil
}

// DeleteSiteLink implements links.Tx.
func (t *LinkTx) DeleteSiteLink(name string) error {
	return t.s.tx().change("link", `DELETE FROM site_links WHERE name = ?`, name)
}

// AppendAudit implements links.Tx.
func (t *LinkTx) AppendAudit(a *bridge.Audit) error { return t.s.tx().AppendAudit(a) }
