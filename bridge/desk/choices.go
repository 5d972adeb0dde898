package desk

import (
	"context"
	"fmt"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// waiting lists the requests that wait, as far as the operator may see them.
func waiting(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	q, err := d.bridge.QueuePage(ctx, call.Operator, 1, 200) // those that wait come first
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, c := range q.Cards {
		if c.State == bridge.Waiting {
			list = append(list, Choice{fmt.Sprint(c.Number), call.Voice.Line(c)})
		}
	}
	if len(list) == 0 {
		return nil, refuse("Nobody waits.")
	}
	return list, nil
}

// names lists the commands that the operator may use.
func names(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	var list []Choice
	for _, c := range d.For(call.Operator) {
		list = append(list, Choice{c.Name, c.Name + " – " + call.Voice.Say(c.Title)})
	}
	return list, nil
}

// colleagues lists the other operators.
func colleagues(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	duties, err := d.bridge.Team.Duties(ctx)
	var list []Choice
	for _, o := range duties {
		if o.Enabled && o.JID != call.Operator.JID {
			list = append(list, Choice{string(o.JID), o.Name + " (" + call.Voice.Duty(o) + ")"})
		}
	}
	if len(list) == 0 && err == nil {
		err = refuse("You have no colleagues here yet.")
	}
	return list, err
}

// everybody lists all operators, those who give the command first.
func everybody(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	list := []Choice{{string(call.Operator.JID), call.Operator.Name}}
	others, err := colleagues(d, ctx, call)
	if phrase.CodeOf(err) == phrase.CodeInvalid { // there are no colleagues
		err = nil
	}
	return append(list, others...), err
}

// receivers lists to whom a conversation can be passed on: departments, then colleagues.
func receivers(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	var list []Choice
	for _, dep := range d.bridge.Team.Departments() {
		list = append(list, Choice{dep.Name, dep.Title})
	}
	people, err := colleagues(d, ctx, call)
	if phrase.CodeOf(err) == phrase.CodeInvalid { // there are no colleagues
		err = nil
	}
	return append(list, people...), err
}

// earlier lists the visitor's latest other conversations.
func earlier(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	card, err := d.card(ctx, call)
	if err != nil {
		return nil, err
	}
	cards, _, err := d.bridge.Past(ctx, card.Conversation, pastListed)
	var list []Choice
	for _, c := range cards {
		list = append(list, Choice{fmt.Sprint(c.Number), call.Voice.Brief(c, bridge.Feedback{})})
	}
	return list, err
}

// taken lists the conversations that others have, for who may take over.
func taken(d *Desk, ctx context.Context, call Call) (list []Choice, err error) {
	if !call.Operator.May(bridge.MayTakeOver) {
		return nil, nil
	}
	q, err := d.bridge.QueuePage(ctx, call.Operator, 1, 200)
	for _, c := range q.Cards {
		if c.State == bridge.Active && c.Owner != call.Operator.JID {
			list = append(list, Choice{fmt.Sprint(c.Number), call.Voice.Line(c)})
		}
	}
	return list, err
}

// takeable lists the requests that wait, and, for who may take over, the conversations that others have.
func takeable(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	if !call.Operator.May(bridge.MayTakeOver) {
		return waiting(d, ctx, call)
	}
	list, err := open(d, ctx, call)
	if phrase.CodeOf(err) == phrase.CodeInvalid {
		err = refuse("Nobody waits.")
	}
	return list, err
}
