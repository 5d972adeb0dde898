package hook

import (
	"context"
	"errors"
	"net/http"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// settle stores what became of a post, and reports whether the next one may go at once.
func (k *courier) settle(ctx context.Context, e errand, a Answer, failed error) (more bool, err error) {
	switch {
	case failed == nil && a.Taken():
		return true, k.taken(ctx, e)
	case failed == nil && a.Status == http.StatusGone:
		return false, k.unwanted(ctx, e)
	}
	return k.failed(ctx, e, why(a, failed), a.Wait)
}

// taken moves the cursor past a post that was taken. If nothing was taken for a while before, the receiver is back,
// and all that has failed is due.
func (k *courier) taken(ctx context.Context, e errand) error {
	h, now := k.hooks, k.now()
	e.at.Part, e.at.Tries, e.at.Due = e.at.Part+1, 0, time.Time{}
	back := false
	err := h.save(ctx, e, func(tx Tx, w *Hook) error {
		back = !w.Failing.IsZero() && now.Sub(w.Failing) >= pause
		w.Tried, w.Result, w.Failing = now, phrase.Phrase{}, time.Time{}
		if back {
			return tx.HastenCursors(w.ID, now)
		}
		return nil
	})
	if err != nil {
		return err
	}
	h.taken.Add(1)
	if back {
		k.due(now)
		h.opts.Bridge.Alarms.Clear(alarm(e.hook), phrase.Say("The webhook %s takes what it is told again.", e.hook.Name))
	}
	return nil
}

// failed stores that a post was not taken: it waits, or is given up when it is too old. more says that it was given
// up, so the next one may go.
func (k *courier) failed(ctx context.Context, e errand, result phrase.Phrase, asks time.Duration) (more bool, err error) {
	h, now := k.hooks, k.now()
	over := now.Sub(e.when) >= Patience
	if over {
		e.at.Part, e.at.Tries, e.at.Due = e.at.Part+1, 0, time.Time{}
	} else {
		e.at.Tries++
		e.at.Due = now.Add(max(waits[min(e.at.Tries, int64(len(waits)))-1], min(asks, waits[len(waits)-1])))
	}
	var since time.Time
	err = h.save(ctx, e, func(_ Tx, w *Hook) error {
		w.Tried, w.Result = now, result
		if w.Failing.IsZero() {
			w.Failing = now
		}
		if over {
			w.GivenUp++
		}
		since = w.Failing
		return nil
	})
	if err != nil {
		return false, err
	}
	h.failed.Add(1)
	if over {
		h.givenUp.Add(1)
		h.opts.Log.Warn("a webhook was not told", "hook", e.hook.Name, "conversation", e.at.Conversation, "seq", e.at.Seq, "why", result.String())
	}
	if !since.IsZero() && now.Sub(since) >= AlarmAfter {
		h.opts.Bridge.Alarms.RaiseDaily(alarm(e.hook), phrase.Say("The webhook %s has taken nothing for more than an hour: %s What is to be told waits, for three days at most. webhooks says more.", e.hook.Name, result))
	}
	k.due(e.at.Due)
	return over, nil
}

// unwanted switches a webhook off whose receiver wants no more posts, and tells the super operators.
func (k *courier) unwanted(ctx context.Context, e errand) error {
	h, now := k.hooks, k.now()
	turned := false // of the posts that are under way at the same time, one switches it off
	err := h.store.UpdateHooks(ctx, func(tx Tx) error {
		w, err := tx.Hook(e.hook.ID)
		turned = err == nil && w.State == On
		if !turned {
			return err
		}
		w.State, w.Tried, w.Result = Off, now, why(Answer{Status: http.StatusGone}, nil)
		return tx.SaveHook(w)
	})
	if err != nil || !turned {
		return err
	}
	h.ring()
	h.opts.Bridge.Alarms.Clear(alarm(e.hook), phrase.Say("The webhook %s is off.", e.hook.Name))
	said := phrase.Say("The webhook %s is off: its receiver wants nothing more (410). %s deletes it; %s switches it on again if it is taken.", e.hook.Name, "webhook-delete "+e.hook.Name, "webhook-test "+e.hook.Name)
	for _, o := range h.opts.Bridge.Team.SuperOperators() {
		err = errors.Join(err, h.opts.Bridge.Team.Tell(ctx, o, said))
	}
	return err
}

// alarm is the name of the alarm about a webhook.
func alarm(w Hook) string { return bridge.AlarmWebhook + w.ID }

// why says why a post was not taken.
func why(a Answer, failed error) phrase.Phrase {
	switch {
	case errors.Is(failed, context.DeadlineExceeded):
		return phrase.Say("It did not answer in time.")
	case phrase.CodeOf(failed) == phrase.CodeInternal:
		return phrase.Say("There was no answer: %s.", bridge.Clip(failed.Error(), 200))
	case failed != nil:
		return phrase.Of(failed)
	case a.Status >= 300 && a.Status < 400:
		return phrase.Say("It answered %d, which leads elsewhere. A webhook follows nothing.", a.Status)
	}
	return phrase.Say("It answered %d.", a.Status)
}
