package bridge

import (
	"errors"
	"testing"
	"time"
)

// brokenTx stores no offer.
type brokenTx struct {
	Tx
	offers int
}

func (t *brokenTx) Append(...Event) error { return nil }

func (t *brokenTx) SaveOffer(Offer) error {
	t.offers++
	return errors.New("disk full")
}

// Nothing is written after the first error: the update is undone as a whole.
func TestCarryOut_EndsWithTheFirstError(t *testing.T) {
	b := &Bridge{clock: clockFunc(func() time.Time { return t0 })}
	var tx brokenTx
	closed := Effect{Type: CloseOffer, Operator: "xavi@example.org", Offer: OfferDeclined}
	if err := b.carryOut(&tx, Conversation{}, []Effect{closed, closed}, new(outcome)); err == nil || tx.offers != 1 {
		t.Errorf("%d offers were written, %v", tx.offers, err)
	}
}
