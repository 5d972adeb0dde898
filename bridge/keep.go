package bridge

import (
	"cmp"
	"context"

	"porchlight/bridge/phrase"
)

// Replaced is what SetParticular has replaced.
type Replaced struct {
	Value string
	Given bool   // the visitor gave it, and operators kept nothing: to keep nothing brings it back
	By    string // what is so now
}

// SetParticular keeps something about the visitor of a conversation, "" for nothing, and returns what was there before. It
// counts in the visitor's later requests, too. A name and an address that a signed identity has proved stay. Without a
// name that operators keep, the visitor has the name that they gave last. CodeConflict says, too, that it is so already.
func (b *Bridge) SetParticular(ctx context.Context, jid OperatorJID, v VisitorJID, what Particular, value string) (c Conversation, was Replaced, err error) {
	value = CleanText(value)
	if most := map[Particular]int{KeptName: b.opts.Limits.Name, KeptEmail: b.opts.Limits.Email, KeptPhone: 40, KeptRemark: b.opts.Limits.Message}[what]; len(value) > most {
		return c, was, phrase.Fail(phrase.CodeTooLarge, "The %s is too long: %d bytes at most.", string(what), most)
	}
	if what != KeptRemark {
		value = cleanLine(value)
	}
	if what == KeptEmail && value != "" {
		if err := b.addressed("email", value); err != nil {
			return c, was, err
		}
	}
	var person Visitor
	c, err = b.operatorActs(ctx, jid, func(r Reader) (c Conversation, a Action, err error) {
		if c, err = latest(r, v); err != nil {
			return c, a, err
		}
		q, err := r.Request(c.Number)
		if err == nil {
			person, err = r.Visitor(c.Visitor)
		}
		if err != nil {
			return c, a, err
		}
		if q.Verified != "" && (what == KeptName || what == KeptEmail && q.Email != "") {
			return c, a, phrase.Fail(phrase.CodeConflict, "The %s is proved by a signed identity, so it stays.", string(what))
		}
		was.Given = what == KeptName && person.Called == ""
		before := person
		was.Value = person.keep(what, value, q, c)
		was.By = value
		if what == KeptName {
			was.By = cmp.Or(value, person.Name)
		}
		if was.By == was.Value && person == before {
			return c, a, phrase.Fail(phrase.CodeConflict, "%s: that is how it was. Nothing was changed.", string(what))
		}
		return c, Action{Type: OperatorSets, Particular: what, Text: was.By, Was: was.Value}, nil
	}, func(tx Tx) error {
		if err := tx.SaveVisitor(person); err != nil {
			return err
		}
		now, err := latest(tx, v)
		switch {
		case err != nil:
			return err
		case what == KeptName:
			return tx.SaveRequestName(now.Number, was.By)
		case what == KeptEmail:
			return tx.SaveRequestEmail(now.Number, value)
		}
		return nil
	})
	return c, was, err
}

// keep puts a value into what is known of a visitor, and returns what was there before.
func (v *Visitor) keep(what Particular, value string, q Request, c Conversation) (was string) {
	switch what {
	case KeptName:
		was, v.Called = v.Called, value
		if was == "" {
			was = q.Name
		}
	case KeptEmail:
		was, v.Email = c.Email, value
	case KeptPhone:
		was, v.Phone = v.Phone, value
	case KeptRemark:
		was, v.Remark = v.Remark, value
	}
	return was
}
