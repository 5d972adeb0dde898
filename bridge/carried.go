package bridge

import (
	"context"
	"log/slog"
	"time"
)

// Carried knows which commands were carried out, also after a restart, so that a command that
// comes again under the same id within Repeats is not carried out again. The methods may be
// called by any goroutine.
type Carried struct {
	store Store
	clock Clock
	log   *slog.Logger
}

// Before reports whether an operator's command was carried out before; content is all that
// tells the command from others under the same id.
func (k *Carried) Before(ctx context.Context, jid OperatorJID, stanzaID string, content ...any) (bool, error) {
	var at time.Time
	err := k.store.View(ctx, func(r Reader) (err error) {
		at, err = r.CarriedOut(jid, sayingOrigin(jid, stanzaID, "", content...))
		return err
	})
	return !at.IsZero() && at.Add(Repeats).After(k.clock.Now()), err
}

// Remember stores that a command was carried out. An error of the store is only logged, since
// the command is done.
func (k *Carried) Remember(ctx context.Context, jid OperatorJID, stanzaID string, content ...any) {
	now := k.clock.Now()
	err := k.store.Update(ctx, func(tx Tx) error {
		return tx.SaveCarriedOut(jid, sayingOrigin(jid, stanzaID, "", content...), now, now.Add(-Repeats))
	})
	if err != nil {
		k.log.Error("remember command", "operator", jid, "err", err)
	}
}
