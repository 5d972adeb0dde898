package db

import (
	"fmt"

	"porchlight/bridge"
	"porchlight/bridge/portraits"
)

// PortraitReader reads operators' portraits, in the transaction of the Reader that it was made of.
type PortraitReader struct{ s *Session }

// PortraitTx also writes.
type PortraitTx struct{ PortraitReader }

var (
	_ portraits.Reader = (*PortraitReader)(nil)
	_ portraits.Tx     = (*PortraitTx)(nil)
)

// PortraitsIn returns a PortraitReader for the transaction of r.
func PortraitsIn(r *Reader) PortraitReader { return PortraitReader{r.s} }

// PortraitTx returns a PortraitTx for the same transaction.
func (t *Tx) PortraitTx() PortraitTx { return PortraitTx{PortraitReader{t.s}} }

func scanPortrait(r Row) portraits.Portrait {
	return portraits.Portrait{Operator: bridge.OperatorJID(r.text(0)), Source: r.text(1), Name: r.text(2), Media: r.text(3), Learned: r.time(4)}
}

const selectPortrait = `SELECT operator, source, name, media, learned_at`

// Portraits implements portraits.Reader.
func (r *PortraitReader) Portraits() ([]portraits.Portrait, error) {
	return list(r.s, "portraits", scanPortrait, selectPortrait+` FROM portraits ORDER BY operator`)
}

// Portrait implements portraits.Reader.
func (r *PortraitReader) Portrait(o bridge.OperatorJID) (portraits.Portrait, error) {
	return one(r.s, "portrait", func(row Row) portraits.Portrait {
		p := scanPortrait(row)
		p.Bytes = append([]byte(nil), row.bytes(5)...)
		return p
	}, selectPortrait+`, bytes FROM portraits WHERE operator = ?`, string(o))
}

// SavePortrait implements portraits.Tx.
func (t *PortraitTx) SavePortrait(p portraits.Portrait) error {
	_, err := t.s.exec(`INSERT INTO portraits (operator, source, name, media, bytes, learned_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (operator) DO UPDATE SET source = excluded.source, name = excluded.name, media = excluded.media, bytes = excluded.bytes, learned_at = excluded.learned_at`,
		string(p.Operator), p.Source, p.Name, p.Media, append([]byte{}, p.Bytes...), millis(p.Learned))
	if err != nil {
		return fmt.Errorf("save portrait: %w", err)
	}
	return nil
}

// DeletePortrait implements portraits.Tx.
func (t *PortraitTx) DeletePortrait(o bridge.OperatorJID) error {
	if _, err := t.s.exec(`DELETE FROM portraits WHERE operator = ?`, string(o)); err != nil {
		return fmt.Errorf("delete portrait: %w", err)
	}
	return nil
}
