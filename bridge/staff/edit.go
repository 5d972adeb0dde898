package staff

import (
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// EditOperator changes an operator in one transaction, perhaps running change more than once; change says
// what it changed, what the operator may under the key May. The operator is told. A super operator can't be disabled.
func (s *Staff) EditOperator(ctx context.Context, by bridge.Operator, who bridge.OperatorJID, change func(*bridge.Operator) ([]bridge.Changed, error)) error {
	return s.change(ctx, by, func(d deed) error {
		o, err := d.Operator(who)
		if err != nil {
			return err
		}
		was := o
		changes, err := change(&o)
		if err == nil && o.Name != was.Name {
			err = s.called(o.Name)
		}
		switch {
		case err != nil || len(changes) == 0:
			return err
		case !o.Enabled && was.Enabled:
			if err := s.others(by, []bridge.OperatorJID{who}); err != nil {
				return err
			}
		case o.Name != was.Name && by.JID == who && !by.May(bridge.MayUsers):
			if err := s.ownName(o); err != nil {
				return err
			}
		}
		if err := d.SaveOperator(o); err != nil {
			return err
		}
		rest := slices.DeleteFunc(slices.Clone(changes), func(c bridge.Changed) bool { return c.Key == May })
		if len(rest) < len(changes) {
			if err := s.granted(d, was, o); err != nil {
				return err
			}
		}
		if len(rest) == 0 {
			return nil
		}
		if err := d.audit(string(who), "operator-edit "+s.Arg(o), rest...); err != nil {
			return err
		}
		return d.tell(o, phrase.Say("%s", Told(rest)))
	})
}

// ownName refuses a name that somebody else has: an operator could pass for a colleague by it, before visitors and the team.
func (s *Staff) ownName(o bridge.Operator) error {
	for _, other := range s.bridge.Team.Everybody() {
		if other.JID != o.JID && strings.EqualFold(bare(other.Name), bare(o.Name)) {
			return phrase.Fail(phrase.CodeConflict, "Somebody else is called %s. Choose another name. Nothing was changed.", o.Name)
		}
	}
	return nil
}

// bare is a name without what nobody sees of it.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if bridge.Unseen(r) {
			return -1
		}
		return r
	}, name)
}

// granted audits and tells which rights an operator was given and which were taken, as Grant does; whether they are in the
// operators' room has a key of its own.
func (s *Staff) granted(d deed, was, is bridge.Operator) error {
	g := Granted{Operator: is}
	for _, r := range bridge.Rights() {
		switch has := is.May(r.Permission); {
		case has == was.May(r.Permission) || r.Permission == bridge.MayRoom:
		case has:
			g.More = append(g.More, r)
		default:
			g.Less = append(g.Less, r)
		}
	}
	return s.record(d, was, g)
}

// EditDepartment changes a department as EditOperator changes an operator.
func (s *Staff) EditDepartment(ctx context.Context, by bridge.Operator, name string, change func(*bridge.Department) ([]bridge.Changed, error)) error {
	return s.change(ctx, by, func(d deed) error {
		dep, err := department(d, name)
		if err != nil {
			return err
		}
		title := dep.Title
		changes, err := change(&dep)
		if err == nil && dep.Title != title {
			err = s.unlike(dep.Title)
		}
		if err != nil || len(changes) == 0 {
			return err
		}
		if err := d.SaveDepartment(dep); err != nil {
			return err
		}
		return d.audit(name, "department-edit "+name, changes...)
	})
}

// toldMost is how much of a value is told, in bytes. A line with all of it would be no line any more, and many
// of them together would be more than a server takes as one message.
const toldMost = 60

// Told says what was changed: "limit 4 → 3; name Olga → Olga Petrova". Of a long value it has the beginning.
func Told(changes []bridge.Changed) string {
	var list []string
	for _, c := range changes {
		if c.Key != May {
			list = append(list, strings.Join(strings.Fields(c.Key+" "+orNone(c.Was)+" → "+orNone(c.Is)), " "))
		}
	}
	return strings.Join(list, "; ")
}

func orNone(value string) string {
	switch {
	case value == "":
		return "–"
	case len(value) > toldMost:
		return bridge.Cut(value, toldMost) + "…"
	}
	return value
}
