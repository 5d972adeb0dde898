package bridge

import (
	"slices"

	"porchlight/bridge/phrase"
)

// guard is the transaction in which the team is administered. It has the super operators as the config
// has them, whatever is stored, and refuses what only the config may change.
type guard struct {
	Tx
	commit *commit
	team   *Team
}

// Operator implements Tx.
func (g *guard) Operator(jid OperatorJID) (Operator, error) {
	o, err := g.Tx.Operator(jid)
	return g.team.configured(o), err
}

// Operators implements Tx.
func (g *guard) Operators() ([]Operator, error) {
	list, err := g.Tx.Operators()
	for i, o := range list {
		list[i] = g.team.configured(o)
	}
	return list, err
}

// SaveOperator implements Tx. It refuses to disable a super operator. Whether one would be enabled
// without the config stays as it is stored. Whoever is disabled loses all passes.
func (g *guard) SaveOperator(o Operator) error {
	if !g.team.isSuper(o.JID) {
		err := g.Tx.SaveOperator(o)
		if err == nil && !o.Enabled {
			err = g.Tx.DeletePassesOf(o.JID)
		}
		return err
	}
	if !o.Enabled {
		return protected(o)
	}
	was, err := g.Tx.Operator(o.JID)
	if phrase.CodeOf(err) == phrase.CodeNotFound {
		err = nil
	}
	if err != nil {
		return err
	}
	o.Enabled = was.Enabled
	return g.Tx.SaveOperator(o)
}

// DeleteOperator implements Tx. It refuses to delete a super operator. Whoever is deleted loses all
// passes.
func (g *guard) DeleteOperator(jid OperatorJID) error {
	if g.team.isSuper(jid) {
		o, err := g.Operator(jid)
		if err == nil {
			err = protected(o)
		}
		return err
	}
	if err := g.Tx.DeletePassesOf(jid); err != nil {
		return err
	}
	return g.Tx.DeleteOperator(jid)
}

// AppendDesk implements Tx. The sides are told after the commit.
func (g *guard) AppendDesk(e *DeskEntry) error {
	seq, err := g.commit.tell(*e)
	e.Seq = seq
	return err
}

// isSuper reports whether the config names the operator.
func (t *Team) isSuper(jid OperatorJID) bool { return slices.Contains(t.SuperOperators(), jid) }

// configured is an operator with what the config says of them, whatever is stored.
func (t *Team) configured(o Operator) Operator {
	o.Name = shownName(o.Name)
	if o.Super = t.isSuper(o.JID); o.Super {
		o.Enabled = true
	}
	return o
}

// protected refuses a change of a super operator.
func protected(o Operator) error {
	return phrase.Fail(phrase.CodeForbidden, "%s is a super operator: that is changed in the config.", o.Name)
}
