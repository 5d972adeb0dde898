package staff

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// May is the key under which the audit log has what an operator might do before and may now.
const May = "may"

// Granted says what a change of permissions did.
type Granted struct {
	bridge.Operator                // as the operator is then
	More, Less      []bridge.Right // what they may now, and what no more; what was so before is in neither
}

// Grant gives an operator rights and takes others away. A super operator may do everything, which
// only the config changes, except for being in the operators' room.
func (s *Staff) Grant(ctx context.Context, by bridge.Operator, who bridge.OperatorJID, give, take []bridge.Right) (g Granted, err error) {
	err = s.change(ctx, by, func(d deed) error {
		g = Granted{}
		o, err := d.Operator(who)
		if err != nil {
			return err
		}
		was := o
		set := func(list []bridge.Right, given bool) (changed []bridge.Right, err error) {
			for _, r := range list {
				if o.Super && r.Permission != bridge.MayRoom {
					return nil, barred("%s is a super operator and may do everything: that is changed in the config.", o.Name)
				}
				if o.May(r.Permission) != given {
					o.Permissions, changed = o.Permissions.With(r, given), append(changed, r)
				}
			}
			return changed, nil
		}
		if g.More, err = set(give, true); err != nil {
			return err
		}
		g.Less, err = set(take, false)
		g.Operator = o
		if err != nil || len(g.More)+len(g.Less) == 0 {
			return err
		}
		if err := d.SaveOperator(o); err != nil {
			return err
		}
		return s.record(d, was, g)
	})
	return g, err
}

// record stores in the audit log what a change of permissions did, and tells it to the operator.
func (s *Staff) record(d deed, was bridge.Operator, g Granted) error {
	line := strings.Join(strings.Fields("permissions "+s.Arg(g.Operator)+" "+words("+", g.More)+" "+words("-", g.Less)), " ")
	if err := d.audit(string(g.JID), line, bridge.Changed{Key: May, Was: Words(RightsOf(was, true)), Is: Words(RightsOf(g.Operator, true))}); err != nil {
		return err
	}
	return d.tell(g.Operator, g.says())
}

// says tells the operator what was changed.
func (g Granted) says() phrase.Phrase {
	switch {
	case len(g.Less) == 0:
		return phrase.Say("what you may: now %s", Words(g.More))
	case len(g.More) == 0:
		return phrase.Say("what you may: no more %s", Words(g.Less))
	}
	return phrase.Say("what you may: now %s, no more %s", Words(g.More), Words(g.Less))
}

// Words lists the words of rights, with commas between.
func Words(list []bridge.Right) string { return strings.Join(strings.Fields(words("", list)), ", ") }

// words lists the words of rights with a sign before each, as a line has them.
func words(sign string, list []bridge.Right) string {
	var all []string
	for _, r := range list {
		all = append(all, sign+string(r.Permission))
	}
	return strings.Join(all, " ")
}

// Back is the line, after the operator, that takes a change back.
func (g Granted) Back() string {
	return strings.TrimSpace(words("-", g.More) + " " + words("+", g.Less))
}

// RightsOf lists the rights that an operator has, or those that they lack.
func RightsOf(o bridge.Operator, has bool) (list []bridge.Right) {
	for _, r := range bridge.Rights() {
		if o.May(r.Permission) == has {
			list = append(list, r)
		}
	}
	return list
}
