package hook

import (
	"context"
	"fmt"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

const (
	// Patience is how long after it happened something is tried to be told. Each event is tried once at least.
	Patience = 3 * 24 * time.Hour

	// AlarmAfter is how long a receiver takes nothing before the super operators are told.
	AlarmAfter = time.Hour

	pause    = time.Minute // after which a success means that the receiver is back
	atOnce   = 50          // events that are read at once
	idleRuns = 100         // events without a post after which the cursor is stored all the same
)

// waits are how long a post waits after it has failed once, twice, and so on; the last one counts from then on.
var waits = [...]time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour}

// errand is one post that is to be made, or how far a log has nothing to post.
type errand struct {
	hook Hook
	was  Cursor // as it is stored
	at   Cursor // where the post stands: after it was taken, its part is one more
	post *Post  // nil: there is nothing to post
	when time.Time
	shut bool // the conversation is closed
}

// tell makes the next post about a conversation, and stores what became of it; more says that there may be another
// one. A post that waits to be tried again is not made before.
func (k *courier) tell(ctx context.Context, number int64) (more bool, err error) {
	var e errand
	err = k.hooks.store.ViewHooks(ctx, func(r Reader) (err error) {
		e, err = k.hooks.errand(r, k.id, number)
		return err
	})
	switch {
	case phrase.CodeOf(err) == phrase.CodeNotFound: // the webhook or the conversation was deleted
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read log: %w", err)
	case e.hook.State != On:
		return false, nil
	case !e.was.Due.IsZero() && k.now().Before(e.was.Due):
		k.due(e.was.Due)
		return false, nil
	case e.post == nil:
		return false, k.hooks.skip(ctx, e)
	}
	a, err := k.hooks.opts.Carrier.Post(ctx, *e.post)
	if ctx.Err() != nil {
		return false, nil // the program ends, and posts it after the next start
	}
	return k.settle(context.WithoutCancel(ctx), e, a, err) // whoever stops the courier now waits for that
}

// errand finds the next post about a conversation.
func (h *Hooks) errand(r Reader, id string, number int64) (e errand, err error) {
	if e.hook, err = r.Hook(id); err != nil {
		return e, err
	}
	c, err := r.Conversation(number)
	if err != nil {
		return e, err
	}
	e.shut = c.State == bridge.Closed
	e.was, err = r.HookCursor(id, number)
	e.at = e.was
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		e.was, e.at, err = Cursor{}, Cursor{Hook: id, Conversation: number}, nil
		if number <= e.hook.Since {
			e.at.Seq, err = r.Before(number, e.hook.Made)
		}
	}
	for err == nil {
		var events []bridge.Event
		events, err = r.Events(number, e.at.Seq, atOnce)
		switch i := e.pass(events); {
		case err != nil:
		case i < len(events):
			e.post, e.when, err = h.write(r, e, c)
			return e, err
		case len(events) < atOnce:
			return e, nil
		}
	}
	return e, err
}

// pass moves the cursor over events of which nothing is posted, and returns how many these are.
func (e *errand) pass(events []bridge.Event) int {
	for i, event := range events {
		types := typesOf(event)
		for ; e.at.Part < int64(len(types)); e.at.Part++ {
			if e.hook.wants(types[e.at.Part]) {
				return i
			}
		}
		e.at.Seq, e.at.Part = event.Seq, 0
	}
	return len(events)
}

// write writes the post at the cursor, and says when it happened what it tells.
func (h *Hooks) write(r Reader, e errand, c bridge.Conversation) (*Post, time.Time, error) {
	request, err := r.Request(c.Number)
	if err != nil {
		return nil, time.Time{}, err
	}
	events, err := r.Events(c.Number, e.at.Seq, 2) // whoever takes a conversation joins in the event after that
	if err != nil {
		return nil, time.Time{}, err
	}
	event, taker := events[0], events[0]
	if len(events) > 1 && events[1].Joins() {
		taker = events[1]
	}
	if taker.Operator != "" && taker.Name == "" {
		taker.Name = h.opts.Bridge.Team.Name(taker.Operator)
	}
	t := typesOf(event)[e.at.Part]
	return &Post{ID: postID(e.hook.ID, c.ID, event.Seq, t), URL: e.hook.URL, Secret: e.hook.Secret, Body: bodyOf(t, c, request, event, taker)}, event.At, nil
}

// skip stores that there is nothing to post up to some event. It does so rarely, since a look at these events costs
// less: at the end of the conversation, or when they are many.
func (h *Hooks) skip(ctx context.Context, e errand) error {
	if e.at.Seq == e.was.Seq || !e.shut && e.at.Seq-e.was.Seq < idleRuns {
		return nil
	}
	return h.save(ctx, e, func(Tx, *Hook) error { return nil })
}

// save stores where the cursor stands, and what f changes of the webhook. It does nothing if the webhook is not on
// any more, or somebody else has told this.
func (h *Hooks) save(ctx context.Context, e errand, f func(Tx, *Hook) error) error {
	err := h.store.UpdateHooks(ctx, func(tx Tx) error {
		now, err := tx.Hook(e.hook.ID)
		if err != nil || now.State != On {
			return err
		}
		was := now
		if err := tx.SaveHookCursor(e.at, e.was); err != nil {
			return err
		}
		if err := f(tx, &now); err != nil || same(now, was) {
			return err
		}
		return tx.SaveHook(now)
	})
	switch phrase.CodeOf(err) {
	case phrase.CodeNotFound, phrase.CodeConflict:
		return nil
	}
	if err != nil {
		return fmt.Errorf("store what was told: %w", err)
	}
	return nil
}
