package bridge

import (
	"context"
	"errors"
	"slices"

	"porchlight/bridge/phrase"
)

// Administer changes operators and departments in one transaction; change may run
// more than once. After it the mirror is renewed, and what follows is settled: who
// gets offers from now on is offered what waits; what was offered only to those
// who get none any more is offered to others, and so is what belonged to those who
// are disabled.
func (t *Team) Administer(ctx context.Context, change func(Tx) error) error {
	before, _ := t.list()
	offerable := t.Available()
	if err := t.bridge.store.Update(ctx, change); err != nil {
		return err
	}
	if err := t.renew(ctx); err != nil {
		return err
	}
	t.bridge.hub.publishStatus()
	var errs []error
	for _, jid := range t.turned(before) {
		was := slices.ContainsFunc(offerable, func(o Operator) bool { return o.JID == jid })
		errs = append(errs, t.bridge.Reach.turned(jid, was, t.offerable(jid), false, false).run(ctx))
	}
	return errors.Join(errs...)
}

// turned lists the operators for whom it may have changed what they are offered.
func (t *Team) turned(before []Operator) (list []OperatorJID) {
	was := make(map[OperatorJID]Operator, len(before))
	for _, o := range before {
		was[o.JID] = o
	}
	now, _ := t.list()
	for _, o := range now {
		old := was[o.JID]
		delete(was, o.JID)
		if o.Enabled != old.Enabled || o.Paused != old.Paused || !slices.Equal(o.Departments, old.Departments) {
			list = append(list, o.JID)
		}
	}
	for jid := range was { // they are no operators any more
		list = append(list, jid)
	}
	return list
}

// renew reads the operators and departments from the store.
func (t *Team) renew(ctx context.Context) error {
	turn := t.turns.Add(1) // before the look: a later one sees no less
	var operators []Operator
	var departments []Department
	err := t.bridge.store.View(ctx, func(r Reader) (err error) {
		if operators, err = r.Operators(); err == nil {
			departments, err = r.Departments()
		}
		return err
	})
	if err != nil {
		return err
	}
	for i := range operators {
		o := &operators[i]
		o.Name = shownName(o.Name)
		if o.Super = slices.Contains(t.SuperOperators(), o.JID); o.Super {
			o.Enabled = true // by the config, whatever is stored
		}
	}
	t.mirror(turn, operators, departments)
	return nil
}

// enterSuper enters the super operators who are not known yet.
func (t *Team) enterSuper(tx Tx) error {
	for _, jid := range t.SuperOperators() {
		_, err := tx.Operator(jid)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			// Not enabled by the store: who is taken out of the config is a stranger.
			err = tx.SaveOperator(Operator{JID: jid, Name: nameFromJID(jid), CreatedAt: t.bridge.clock.Now()})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Add enters an operator, or changes the one with that JID.
func (t *Team) Add(ctx context.Context, o Operator) error {
	if o.CreatedAt.IsZero() {
		o.CreatedAt = t.bridge.clock.Now()
	}
	if o.Name == "" {
		o.Name = nameFromJID(o.JID)
	}
	return t.Administer(ctx, func(tx Tx) error { return tx.SaveOperator(o) })
}

// Change changes an operator's settings as they are stored, and returns them as they
// are then. change may run more than once.
func (t *Team) Change(ctx context.Context, jid OperatorJID, change func(*Operator)) (Operator, error) {
	err := t.Administer(ctx, func(tx Tx) error {
		o, err := stored(tx, jid)
		if err != nil {
			return err
		}
		change(&o)
		return tx.SaveOperator(o)
	})
	o, _ := t.get(jid)
	return o, err
}

// stored is an operator as stored, without what the config adds.
func stored(r TeamReader, jid OperatorJID) (Operator, error) {
	o, err := r.Operator(jid)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = stranger()
	}
	return o, err
}
