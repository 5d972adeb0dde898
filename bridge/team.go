package bridge

import (
	"context"
	"slices"
	"sort"

	"porchlight/bridge/phrase"
)

// prepare enters what must be there before the first conversation.
func (b *Bridge) prepare(tx Tx) error {
	known, err := tx.Operators()
	if err != nil {
		return err
	}
	have := make(map[OperatorJID]bool, len(known))
	for _, o := range known {
		have[o.JID] = true
	}
	for _, jid := range b.opts.SuperOperators {
		if have[jid] {
			continue
		}
		// Not enabled by the store: who is taken out of the config is a stranger.
		if err := tx.SaveOperator(Operator{JID: jid, Name: nameFromJID(jid), CreatedAt: b.clock.Now()}); err != nil {
			return err
		}
	}
	if b.Tokens.pepper, err = loadPepper(tx); err != nil {
		return err
	}
	return b.pulse.begin(tx)
}

// loadTeam reads the operators and departments from the store.
func (b *Bridge) loadTeam(ctx context.Context) error {
	turn := b.team.turns.Add(1) // before the look: a later one sees no less
	var operators []Operator
	var departments []Department
	err := b.store.View(ctx, func(r Reader) (err error) {
		if operators, err = r.Operators(); err == nil {
			departments, err = r.Departments()
		}
		return err
	})
	if err != nil {
		return err
	}
	super := make(map[OperatorJID]bool, len(b.opts.SuperOperators))
	for _, jid := range b.opts.SuperOperators {
		super[jid] = true
	}
	for i := range operators {
		operators[i].Name = shownName(operators[i].Name)
		if operators[i].Super = super[operators[i].JID]; operators[i].Super {
			operators[i].Enabled = true // by the config, whatever is stored
		}
	}
	b.team.load(turn, operators, departments)
	return nil
}

// AddOperator enters an operator, or changes the one with that JID.
func (b *Bridge) AddOperator(ctx context.Context, o Operator) error {
	if o.CreatedAt.IsZero() {
		o.CreatedAt = b.clock.Now()
	}
	if o.Name == "" {
		o.Name = nameFromJID(o.JID)
	}
	_, err := b.changeTeam(ctx, o.JID, func(tx Tx) error { return tx.SaveOperator(o) })
	return err
}

// ChangeOperator changes an operator's settings as they are stored, and returns
// them. change may run more than once.
func (b *Bridge) ChangeOperator(ctx context.Context, jid OperatorJID, change func(*Operator)) (Operator, error) {
	return b.changeTeam(ctx, jid, func(tx Tx) error {
		o, err := stored(tx, jid)
		if err != nil {
			return err
		}
		change(&o)
		return tx.SaveOperator(o)
	})
}

// changeTeam stores a change of an operator, and settles what follows: who gets offers
// from now on is offered what waits; what was offered only to who gets none any more is
// offered to others, and so is what belonged to who is disabled.
func (b *Bridge) changeTeam(ctx context.Context, jid OperatorJID, change func(Tx) error) (Operator, error) {
	before, _ := b.team.get(jid)
	was := b.team.offerable(jid)
	err := b.store.Update(ctx, change)
	if err == nil {
		err = b.loadTeam(ctx)
	}
	after, _ := b.team.get(jid)
	if err != nil {
		return after, err
	}
	b.hub.publishStatus()
	if before.Enabled == after.Enabled && before.Paused == after.Paused && slices.Equal(before.Departments, after.Departments) {
		return after, nil
	}
	return after, b.Reach.turned(jid, was, b.team.offerable(jid), false, false).run(ctx)
}

// stored is an operator as stored, without what the config adds.
func stored(r TeamReader, jid OperatorJID) (Operator, error) {
	o, err := r.Operator(jid)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = stranger()
	}
	return o, err
}

func stranger() error { return phrase.Fail(phrase.CodeForbidden, "You are no operator here.") }

// enabled is Operator with the error for a stranger.
func (b *Bridge) enabled(jid OperatorJID) (Operator, error) {
	o, ok := b.Operator(jid)
	if !ok {
		return o, stranger()
	}
	return o, nil
}

// Operator returns an enabled operator; anybody else is a stranger.
func (b *Bridge) Operator(jid OperatorJID) (Operator, bool) {
	o, ok := b.team.get(jid)
	return o, ok && o.Enabled
}

// Presence takes in the presence of one of an operator's resources; resource ""
// with ShowOffline means all of them (RFC 6121 §4.5.4).
func (b *Bridge) Presence(ctx context.Context, jid OperatorJID, resource string, show Show) error {
	if _, ok := b.Operator(jid); !ok {
		return nil
	}
	was, is := b.Reach.show(jid, resource, show, b.clock.Now())
	if show == ShowOffline {
		b.Reach.stopsWriting(jid)
	}
	return b.Reach.moved(ctx, jid, was, is)
}

// Status is whether somebody is there, as the site's button shows it.
type Status struct {
	Online      bool
	Departments []DepartmentStatus
	Operators   int // available
}

// DepartmentStatus is one department's part of a Status.
type DepartmentStatus struct {
	Department
	Online bool
}

// Status tells whether somebody of the department is available, or of any if
// it is "". An unknown department gives CodeNotFound.
func (b *Bridge) Status(department string) (Status, error) {
	_, departments := b.team.list()
	var s Status
	for _, d := range departments {
		if department == "" || d.Name == department {
			s.Departments = append(s.Departments, DepartmentStatus{d, b.team.online(d.Name)})
		}
	}
	if len(s.Departments) == 0 {
		return Status{}, phrase.Fail(phrase.CodeNotFound, "There is no such department.")
	}
	s.Operators = len(b.team.available(department))
	s.Online = s.Operators > 0
	return s, nil
}

// Duty is one operator as colleagues see them.
type Duty struct {
	Operator
	Show      Show
	Fault     Fault // why they can't be reached, if something came back
	Available bool
	Active    int // conversations they own
}

// Duties lists the operators with their presence and load, by JID.
func (b *Bridge) Duties(ctx context.Context) ([]Duty, error) {
	operators, _ := b.team.list()
	list := make([]Duty, 0, len(operators))
	err := b.store.View(ctx, func(r Reader) error {
		list = list[:0]
		for _, o := range operators {
			owned, err := r.OwnedBy(o.JID)
			if err != nil {
				return err
			}
			list = append(list, Duty{Operator: o, Show: b.Reach.shown(o.JID), Fault: b.Reach.fault(o.JID), Available: b.team.offerable(o.JID), Active: len(owned)})
		}
		return nil
	})
	sort.SliceStable(list, func(i, j int) bool { return list[i].Available && !list[j].Available })
	return list, err
}

// Departments lists the departments, by name. Whoever calls it must not change the list.
func (b *Bridge) Departments() []Department {
	_, departments := b.team.list()
	return departments
}

// Available lists who gets offers now, by JID.
func (b *Bridge) Available() []Operator { return b.team.available("") }

// Operators lists those who are enabled, by JID.
func (b *Bridge) Operators() []Operator {
	all, _ := b.team.list()
	return slices.DeleteFunc(slices.Clone(all), func(o Operator) bool { return !o.Enabled })
}

// SuperOperators lists those named in the config.
func (b *Bridge) SuperOperators() []OperatorJID { return b.opts.SuperOperators }
