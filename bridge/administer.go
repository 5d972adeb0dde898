package bridge

import (
	"context"
	"errors"
	"slices"

	"porchlight/bridge/hours"
	"porchlight/bridge/phrase"
)

// Administer changes operators and departments in one transaction; change may run more than
// once. Then the mirror is renewed, the sides are told, and what follows is settled: operators
// who get offers from now on are offered the requests that wait. Requests that were offered
// only to operators who get none any more are offered to others, and so are the conversations
// of operators who were disabled. A super operator can be neither disabled nor deleted: the change
// fails with CodeForbidden then. change may append to desk logs.
func (t *Team) Administer(ctx context.Context, change func(Tx) error) error {
	return t.administer(ctx, func(_ *commit, tx Tx) error { return change(tx) })
}

// CloseDepartment deletes a department after change, in one transaction; see Administer. Its open
// conversations go to another: those that wait keep their time and are offered there. So do its answers, and the rules of
// invitations for it.
func (t *Team) CloseDepartment(ctx context.Context, name string, to Department, change func(Tx) error) error {
	return t.administer(ctx, func(u *commit, tx Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		open, err := tx.OpenConversations(New, 0, settleMost)
		if err != nil {
			return err
		}
		for _, c := range open {
			if c.Department != name {
				continue
			}
			if _, _, err := u.apply(c, Action{Type: DepartmentGone, Department: to}); err != nil {
				return err
			}
		}
		if err := tx.SaveSetting(settingFollows+name, to.Name); err != nil {
			return err
		}
		if err := errors.Join(passAnswersOn(tx, name, to.Name), tx.MoveInvitations(name, to.Name)); err != nil {
			return err
		}
		return tx.DeleteDepartment(name)
	})
}

// settingFollows begins the name of a setting that holds which department followed a deleted one.
const settingFollows = "follows "

// followedMost is how many departments are followed that were deleted one after the other.
const followedMost = 20

// following is the department in which a conversation of a department begins again: that one, or the one
// which followed it when it was deleted. If none followed, it is the one for requests that name none.
func following(r Reader, name string) (string, error) {
	list, err := r.Departments()
	if err != nil {
		return name, err
	}
	next := name
	for range followedMost {
		if next == "" || slices.ContainsFunc(list, func(d Department) bool { return d.Name == next }) {
			break
		}
		if next, err = r.Setting(settingFollows + next); err != nil {
			return name, err
		}
	}
	q := Inquiry{Department: next}
	if !q.find(list) {
		q.Department = ""
		q.find(list)
	}
	return q.Department, nil
}

func (t *Team) administer(ctx context.Context, change func(*commit, Tx) error) error {
	before := t.state()
	err := t.bridge.update(ctx, func(u *commit) error { return change(u, &guard{u.tx, u, t}) })
	if err != nil {
		return err
	}
	if err := t.renew(ctx); err != nil {
		return err
	}
	t.bridge.hub.publishStatus()
	t.bridge.Nodes.Changed()
	return t.follow(ctx, before)
}

// teamState is what a change of the team is compared with.
type teamState struct {
	operators   []Operator
	departments []Department
	offerable   []Operator
	site        hours.Table
}

func (t *Team) state() (s teamState) {
	s.operators, s.departments = t.list()
	s.offerable, s.site = t.Available(), t.bridge.Hours.Site()
	return s
}

// follow settles what follows from a change of the team that is mirrored.
func (t *Team) follow(ctx context.Context, was teamState) error {
	if !t.bridge.Nodes.Holding() {
		return nil
	}
	before, departments, offerable, site := was.operators, was.departments, was.offerable, was.site
	var errs []error
	if t.rehoured(site, departments) {
		errs = append(errs, retime(ctx, t.bridge))
	}
	turned := t.turned(before)
	if len(turned) == 0 && (site.String() != t.bridge.Hours.Site().String() || t.asksOtherwise(before, departments)) {
		errs = append(errs, t.bridge.askOthers(ctx))
	}
	for _, jid := range turned { // what waits is settled with each of them
		was := slices.ContainsFunc(offerable, func(o Operator) bool { return o.JID == jid })
		_, enabled := t.Operator(jid) // who is not, is a stranger, and later comes as somebody who logs in
		s := t.bridge.Reach.turned(jid, was, t.offerable(jid), false, !enabled)
		if i := slices.IndexFunc(before, func(o Operator) bool { return o.JID == jid }); i >= 0 {
			s.before = &before[i]
		}
		errs = append(errs, s.run(ctx))
	}
	return errors.Join(errs...)
}

// Look runs f on a consistent snapshot of what is committed; it may run more than once.
func (t *Team) Look(ctx context.Context, f func(Reader) error) error {
	return t.bridge.store.View(ctx, f)
}

// turned lists the operators who may get other offers than before.
func (t *Team) turned(before []Operator) (list []OperatorJID) {
	was := make(map[OperatorJID]Operator, len(before))
	for _, o := range before {
		was[o.JID] = o
	}
	now, _ := t.list()
	for _, o := range now {
		old := was[o.JID]
		delete(was, o.JID)
		if o.Enabled != old.Enabled || o.Paused != old.Paused || !slices.Equal(o.Departments, old.Departments) || !slices.Equal(o.Tickets, old.Tickets) || o.May(MayWatch) != old.May(MayWatch) {
			list = append(list, o.JID)
		}
	}
	for jid := range was { // operators who were deleted
		list = append(list, jid)
	}
	return list
}

// renew reads the operators and departments from the store.
func (t *Team) renew(ctx context.Context) error {
	turn := t.turns.Add(1) // counted before the look: a look that begins later sees no less
	var operators []Operator
	var departments []Department
	var former former
	var site string
	err := t.bridge.store.View(ctx, func(r Reader) (err error) {
		if operators, err = r.Operators(); err == nil {
			departments, err = r.Departments()
		}
		if err == nil {
			former.operators, err = r.FormerOperators()
		}
		if err == nil {
			former.departments, err = r.FormerDepartments()
		}
		if err == nil {
			site, err = r.Setting(SiteHours)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, o := range operators {
		operators[i] = t.configured(o)
	}
	t.bridge.Hours.mirror(turn, site, operators, departments)
	t.mirror(turn, operators, departments, former)
	return nil
}

// enterSuper stores the super operators who are not stored yet.
func (t *Team) enterSuper(tx Tx) error {
	for _, jid := range t.SuperOperators() {
		_, err := tx.Operator(jid)
		if phrase.CodeOf(err) == phrase.CodeNotFound {
			// Not enabled in the store: an operator who is taken out of the config is a stranger.
			err = tx.SaveOperator(Operator{JID: jid, Name: NameFromJID(jid), CreatedAt: t.bridge.clock.Now()})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Add stores an operator, and changes the one with that JID if there is one.
func (t *Team) Add(ctx context.Context, o Operator) error {
	if o.CreatedAt.IsZero() {
		o.CreatedAt = t.bridge.clock.Now()
	}
	if o.Name == "" {
		o.Name = NameFromJID(o.JID)
	}
	o.Enabled = o.Enabled || t.isSuper(o.JID)
	return t.Administer(ctx, func(tx Tx) error { return tx.SaveOperator(o) })
}

// Change changes an operator's stored settings, and returns the operator as they are then;
// change may run more than once. A stranger is refused with the error of stranger.
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

// stored is an operator as the store has them, without what the config adds.
func stored(r TeamReader, jid OperatorJID) (Operator, error) {
	o, err := r.Operator(jid)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = stranger()
	}
	return o, err
}
