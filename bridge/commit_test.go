package bridge

import (
	"errors"
	"testing"
	"time"
)

// brokenTx fails to store any offer.
type brokenTx struct {
	Tx
	offers int
}

func (t *brokenTx) Append(...Event) error { return nil }

func (t *brokenTx) SaveOffer(Offer) error {
	t.offers++
	return errors.New("disk full")
}

// Nothing is written after the first error, since the whole update is undone.
func TestCarryOut_EndsWithTheFirstError(t *testing.T) {
	b := &Bridge{clock: clockFunc(func() time.Time { return t0 })}
	var tx brokenTx
	closed := Effect{Type: CloseOffer, Operator: "xavi@example.org", Offer: OfferDeclined}
	if _, err := (&commit{b: b, tx: &tx}).carryOut(new(Conversation), []Effect{closed, closed}); err == nil || tx.offers != 1 {
		t.Errorf("%d offers were written, %v", tx.offers, err)
	}
}
