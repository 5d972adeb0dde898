package staff

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Add enters an operator at the address, who is enabled from now on. An address that an operator has
// already is refused.
func (s *Staff) Add(ctx context.Context, by bridge.Operator, address, name string, in bridge.Circle) (bridge.Operator, error) {
	jid, err := s.bridge.Team.Address(address)
	if err != nil {
		return bridge.Operator{}, err
	}
	o := bridge.Operator{JID: jid, Name: name, Enabled: true, Departments: in, CreatedAt: s.bridge.Now()}
	if name == "" {
		o.Name = bridge.NameFromJID(jid)
	}
	if err := s.called(o.Name); err != nil {
		return bridge.Operator{}, err
	}
	err = s.change(ctx, by, func(d deed) error {
		was, err := d.Operator(jid)
		if err == nil {
			return refuse("%s (%s) is an operator already.", was.Name, was.JID)
		}
		if phrase.CodeOf(err) != phrase.CodeNotFound {
			return err
		}
		if err := d.SaveOperator(o); err != nil {
			return err
		}
		changes := []bridge.Changed{{Key: "name", Is: o.Name}}
		if len(in) > 0 {
			changes = append(changes, bridge.Changed{Key: "departments", Is: strings.Join(in, ",")})
		}
		return d.audit(string(jid), "operator-add "+s.Arg(o), changes...)
	})
	return o, err
}

// Passed is the conversations that an operator owned until now.
type Passed struct {
	bridge.Operator
	Open  []phrase.Phrase // as "#41 Anna", by number
	Total int             // all conversations in which the operator has taken part
}

// Turned says which operators a change was about.
type Turned struct {
	Done    []Passed
	Already []bridge.Operator // those whom it did not change
}

// Who lists the operators who were changed.
func (t Turned) Who() (list []bridge.Operator) {
	for _, p := range t.Done {
		list = append(list, p.Operator)
	}
	return list
}

// Enable enables operators, all of them or none.
func (s *Staff) Enable(ctx context.Context, by bridge.Operator, who []bridge.OperatorJID) (Turned, error) {
	return s.turn(ctx, by, who, true)
}

// Disable disables operators, all of them or none: what they own is offered to the others. A super
// operator is refused, and so is the operator who asks for it.
func (s *Staff) Disable(ctx context.Context, by bridge.Operator, who []bridge.OperatorJID) (Turned, error) {
	if err := s.others(by, who); err != nil {
		return Turned{}, err
	}
	return s.turn(ctx, by, who, false)
}

// turn enables or disables operators.
func (s *Staff) turn(ctx context.Context, by bridge.Operator, who []bridge.OperatorJID, on bool) (t Turned, err error) {
	line, was, is := "operator-disable", "on", "off"
	if on {
		line, was, is = "operator-enable", "off", "on"
	}
	err = s.change(ctx, by, func(d deed) error {
		t = Turned{}
		for _, jid := range who {
			o, err := d.Operator(jid)
			if err != nil {
				return err
			}
			if o.Enabled == on {
				t.Already = append(t.Already, o)
				continue
			}
			p, err := passed(d, o)
			if err != nil {
				return err
			}
			o.Enabled = on
			if err := d.SaveOperator(o); err != nil {
				return err
			}
			if err := d.audit(string(jid), line+" "+s.Arg(o), bridge.Changed{Key: "enabled", Was: was, Is: is}); err != nil {
				return err
			}
			p.Operator = o
			t.Done = append(t.Done, p)
			if !on {
				continue
			}
			if err := d.tell(o, phrase.Say("your state: you are an operator again")); err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

// Leavers says what would go with operators who are deleted. The operators whom Disable refuses are
// refused.
func (s *Staff) Leavers(ctx context.Context, by bridge.Operator, who []bridge.OperatorJID) (list []Passed, err error) {
	if err := s.others(by, who); err != nil {
		return nil, err
	}
	err = s.bridge.Team.Look(ctx, func(r bridge.Reader) error {
		list = nil
		for _, jid := range who {
			o, err := r.Operator(jid)
			if err != nil {
				return err
			}
			p, err := passed(r, o)
			if err != nil {
				return err
			}
			list = append(list, p)
		}
		return nil
	})
	return list, err
}

// Delete deletes operators, all of them or none: what they own is offered to the others, and what they
// said keeps their names. The operators whom Disable refuses are refused.
func (s *Staff) Delete(ctx context.Context, by bridge.Operator, who []bridge.OperatorJID) (t Turned, err error) {
	if err := s.others(by, who); err != nil {
		return t, err
	}
	err = s.change(ctx, by, func(d deed) error {
		t = Turned{}
		for _, jid := range who {
			o, err := d.Operator(jid)
			if err != nil {
				return err
			}
			p, err := passed(d, o)
			if err != nil {
				return err
			}
			if err := d.DeleteOperator(jid); err != nil {
				return err
			}
			if err := d.audit(string(jid), "operator-delete "+s.Arg(o), bridge.Changed{Key: "name", Was: o.Name}); err != nil {
				return err
			}
			t.Done = append(t.Done, p)
		}
		return nil
	})
	return t, err
}

// others refuses super operators, and the operator who gives the command.
func (s *Staff) others(by bridge.Operator, who []bridge.OperatorJID) error {
	for _, jid := range who {
		if slices.Contains(s.bridge.Team.SuperOperators(), jid) {
			return barred("%s is a super operator: that is changed in the config.", s.bridge.Team.Name(jid))
		}
		if jid == by.JID {
			return barred("%s, that is you: somebody else has to do it.", by.Name)
		}
	}
	return nil
}

// passed is what an operator owns.
func passed(r bridge.Reader, o bridge.Operator) (Passed, error) {
	p := Passed{Operator: o}
	owned, err := r.OwnedBy(o.JID)
	if err != nil {
		return p, err
	}
	for _, c := range owned {
		q, err := r.Request(c.Number)
		if err != nil {
			return p, err
		}
		p.Open = append(p.Open, named(c.Number, q))
	}
	p.Total, err = r.TookPart(o.JID)
	return p, err
}

// named is a conversation in a few words: "#41 Anna".
func named(number int64, q bridge.Request) phrase.Phrase {
	return phrase.Phrase{Format: "%s %s", Args: []any{fmt.Sprint("#", number), q.Called()}}
}
