package db

import (
	"fmt"

	"porchlight/bridge"
)

const selectOffer = `SELECT conversation, operator, state, desk_seq, created_at, gathered, alone FROM offers `

func scanOffer(r Row) bridge.Offer {
	return bridge.Offer{
		Conversation: r.int(0),
		Operator:     bridge.OperatorJID(r.text(1)),
		State:        bridge.OfferState(r.text(2)),
		DeskSeq:      r.int(3),
		At:           r.time(4),
		Gathered:     r.bool(5),
		Alone:        r.bool(6),
	}
}

// Offers implements bridge.Reader.
func (r *Reader) Offers(number int64) ([]bridge.Offer, error) {
	return list(r.s, "offers", scanOffer, selectOffer+`WHERE conversation = ? ORDER BY operator`, number)
}

// OffersTo implements bridge.Reader.
func (r *Reader) OffersTo(o bridge.OperatorJID, state bridge.OfferState) ([]bridge.Offer, error) {
	return list(r.s, "offers", scanOffer, selectOffer+`WHERE operator = ? AND state = ? ORDER BY conversation`, string(o), string(state))
}

// SaveOffer implements bridge.Tx.
func (t *Tx) SaveOffer(o bridge.Offer) error {
	_, err := t.s.exec(`INSERT INTO offers (conversation, operator, state, desk_seq, created_at, gathered, alone) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (conversation, operator) DO UPDATE SET state = excluded.state, desk_seq = excluded.desk_seq, created_at = excluded.created_at, gathered = excluded.gathered, alone = excluded.alone`,
		o.Conversation, string(o.Operator), string(o.State), o.DeskSeq, millis(o.At), o.Gathered, o.Alone)
	if err != nil {
		return fmt.Errorf("save offer: %w", err)
	}
	return nil
}
