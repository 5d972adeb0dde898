package report

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"

	"porchlight/bridge/phrase"
)

// UnsubscribePath is below the URL of the visitors' side; a token of a subscription follows it.
const UnsubscribePath = "/unsubscribe/"

// link is the address at which the recipient ends a subscription. It holds the subscription's id with a seal, so it
// opens nothing else.
func (r *Report) link(id string) string {
	return r.opts.Mailing.URL + UnsubscribePath + id + "." + r.seal(id)
}

func (r *Report) seal(id string) string {
	return r.opts.Mailing.Bridge.Tokens.Seal("statistics by mail", id)
}

// Subscribed finds the subscription of a recipient's token; going is false if it has ended. CodeNotFound says that
// the token is not ours.
func (r *Report) Subscribed(ctx context.Context, token string) (s Subscription, going bool, err error) {
	id, seal, _ := strings.Cut(token, ".")
	if r.opts.Mailing == nil || subtle.ConstantTimeCompare([]byte(seal), []byte(r.seal(id))) != 1 {
		return s, false, phrase.Fail(phrase.CodeNotFound, "This link is not known here.")
	}
	err = r.store.ViewReport(ctx, func(x Reader) (err error) {
		s, err = x.Subscription(id)
		return err
	})
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return s, false, nil
	}
	return s, err == nil, err
}

// Unsubscribe ends the subscription of a recipient's token, and tells who has ordered it. One that has ended is no error.
func (r *Report) Unsubscribe(ctx context.Context, token string) error {
	s, going, err := r.Subscribed(ctx, token)
	if err != nil || !going {
		return err
	}
	err = r.store.UpdateReport(ctx, func(tx Tx) error { return tx.DeleteSubscription(s.ID) })
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end subscription: %w", err)
	}
	r.tell(ctx, s, phrase.Say("%s wants no more weekly statistics: the link in the mail was used.", s.Address))
	return nil
}

// tell tells who has ordered a subscription. That it can't be told is logged alone: what it is about is done.
func (r *Report) tell(ctx context.Context, s Subscription, said phrase.Phrase) {
	if err := r.opts.Mailing.Bridge.Team.Tell(ctx, s.Operator, said); err != nil && !errors.Is(err, context.Canceled) {
		r.opts.Log.Error("tell of a subscription", "subscription", s.ID, "err", err)
	}
}
