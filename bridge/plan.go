package bridge

import (
	"context"
	"slices"
)

// finder loads a conversation that a person or a timer wants to act on.
type finder func(Reader) (Conversation, error)

func byNumber(number int64) finder {
	return func(r Reader) (Conversation, error) { return r.Conversation(number) }
}

func byVisitor(v VisitorJID) finder {
	return func(r Reader) (Conversation, error) { return latest(r, v) }
}

// plan loads a conversation and says which action is wanted, as the conversation is now; an action
// without a type means none. A plan may run more than once.
type plan func(Reader) (Conversation, Action, error)

// then is the plan of an action that is known beforehand.
func (find finder) then(a Action) plan {
	return func(r Reader) (Conversation, Action, error) {
		c, err := find(r)
		return c, a, err
	}
}

// outcome is what an accepted action led to.
type outcome struct {
	Conversation Conversation
	Events       []Event
	Duplicate    bool // the Events are those of an earlier action of the same origin
}

// of is the event that has an action's Origin: the words, and not what followed from them. It is zero if there is none.
func (o outcome) of(origin string) Event {
	if i := slices.IndexFunc(o.Events, func(e Event) bool { return e.Origin == origin }); i >= 0 {
		return o.Events[i]
	}
	return Event{}
}

// act applies the action of a plan, stores what follows in the same transaction, and tells the sides
// after the commit. An action that came before, by its Origin and its content, is not applied again. If
// the action is applied, each function in with runs in its transaction.
func (b *Bridge) act(ctx context.Context, p plan, with ...func(Tx) error) (outcome, error) {
	var out outcome
	err := b.update(ctx, func(u *commit) (err error) {
		out, err = u.act(p, with)
		return err
	})
	if err != nil {
		return outcome{}, err
	}
	return out, nil
}

func (u *commit) act(p plan, with []func(Tx) error) (out outcome, err error) {
	c, a, err := p(u.tx)
	out.Conversation = c
	if err != nil || a.Type == "" {
		return out, err
	}
	if a.Origin != "" {
		e, again, err := earlier(u.tx, c, &a, u.b.clock.Now())
		if again {
			out.Events, out.Duplicate = []Event{e}, true
		}
		if again || err != nil {
			return out, err
		}
	}
	for _, write := range with {
		if err := write(u.tx); err != nil {
			return out, err
		}
	}
	out.Conversation, out.Events, err = u.apply(c, a)
	return out, err
}
