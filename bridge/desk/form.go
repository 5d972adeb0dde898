package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// Choice is one value that a form offers for a field.
type Choice struct{ Value, Label string }

// nothing and nothingSaid are the value and the label of the choice to leave a field empty.
// The value is not empty itself: Profanity 0.13 ends at an option with an empty value, and
// Converse sends the label instead (14.0.0, src/utils/form.js getSelectValues).
const nothing, nothingSaid = "-", "–"

// mayChooseNothing reports whether a form has the choice to leave the field empty.
func (f Field) mayChooseNothing() bool {
	return !f.Required && (f.Choices != nil || len(f.Options) > 0)
}

// Form carries out a command with values from a form, by field name. A missing or wrong value
// is refused with a sentence for the operator, and nothing is done.
func (d *Desk) Form(ctx context.Context, name string, call Call, values map[string]string) (string, error) {
	c, ok := d.find(name)
	if !ok {
		return "", d.unknown(name, call)
	}
	args := make(map[string]string, len(c.Fields))
	for _, f := range c.Fields {
		word := strings.TrimSpace(values[f.Name])
		if f.mayChooseNothing() && (word == nothing || word == nothingSaid) {
			word = ""
		}
		if word == "" {
			if f.Required {
				return "", c.refused(refuse("Missing: %s.", phrase.Say(f.Label)))
			}
			continue
		}
		value, err := d.check(call, c, f, word)
		if err != nil {
			return "", c.refused(err)
		}
		args[f.Name] = value
	}
	return d.do(ctx, c.Name, call, args)
}

// Choices lists the values that a form may offer for each field of a command, by field name.
// The first of a list is the default, and no value is empty. An error says why there is
// nothing to choose.
func (d *Desk) Choices(ctx context.Context, c Command, call Call) (map[string][]Choice, error) {
	all := make(map[string][]Choice)
	call.Voice = voice.For(d.bridge, call.Operator)
	for _, f := range c.Fields {
		var list []Choice
		if f.mayChooseNothing() {
			list = append(list, Choice{nothing, nothingSaid})
		}
		for _, o := range f.Options {
			list = append(list, Choice{o, o})
		}
		if f.Choices != nil {
			found, err := f.Choices(d, ctx, call)
			if err != nil {
				return nil, err
			}
			list = append(list, found...)
		}
		all[f.Name] = slices.DeleteFunc(list, func(c Choice) bool { return c.Value == "" })
	}
	return all, nil
}

// waiting lists the requests that wait, as far as the operator may see them.
func waiting(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	cards, err := d.bridge.Queue(ctx, call.Operator, 200)
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, c := range cards {
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
