package desk

import (
	"context"
	"fmt"
	"strings"

	"porchlight/bridge"
)

// Choice is one value that a form offers for a field.
type Choice struct{ Value, Label string }

// Form carries out a command whose fields come from a form, by name. A value
// that is missing or wrong is refused with a sentence for the operator, and
// nothing is done.
func (d *Desk) Form(ctx context.Context, name string, call Call, values map[string]string) (string, error) {
	c, ok := d.find(name)
	if !ok {
		return "", d.unknown(name)
	}
	args := make(map[string]string, len(c.Fields))
	for _, f := range c.Fields {
		word := strings.TrimSpace(values[f.Name])
		if word == "" {
			if f.Required {
				return "", refuse("%s is missing.", f.Label)
			}
			continue
		}
		value, err := f.check(word, c)
		if err != nil {
			return "", err
		}
		args[f.Name] = value
	}
	return d.Do(ctx, c.Name, call, args)
}

// Choices lists what a form may offer for a command's fields, by field; the first
// of each is the default. A request to take is chosen from those that wait; if
// none does, the error says so.
func (d *Desk) Choices(ctx context.Context, c Command, call Call) (map[string][]Choice, error) {
	choices := make(map[string][]Choice)
	for _, f := range c.Fields {
		switch f.Kind {
		case OneOf:
			if !f.Required {
				choices[f.Name] = []Choice{{"", "leave as it is"}}
			}
			for _, o := range f.Options {
				choices[f.Name] = append(choices[f.Name], Choice{o, o})
			}
		case Number:
			waiting, err := d.waiting(ctx, call)
			if err != nil {
				return nil, err
			}
			choices[f.Name] = waiting
		case Named:
			choices[f.Name] = d.names()
		}
	}
	return choices, nil
}

// waiting lists the requests that wait for the operator.
func (d *Desk) waiting(ctx context.Context, call Call) ([]Choice, error) {
	cards, err := d.bridge.Queue(ctx, call.Operator, 200)
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, c := range cards {
		if c.State == bridge.Waiting {
			list = append(list, Choice{fmt.Sprint(c.Number), fmt.Sprintf("#%d %s, %s: %s", c.Number, c.Request.Name, d.title(c.Department),
				clip(strings.ReplaceAll(c.Request.Reason, "\n", " "), 80))})
		}
	}
	if len(list) == 0 {
		return nil, refuse("Nobody waits.")
	}
	return list, nil
}

// names lists the commands, for help.
func (d *Desk) names() []Choice {
	list := []Choice{{"", "all commands"}}
	for _, c := range d.commands {
		list = append(list, Choice{c.Name, c.Name + " – " + c.Title})
	}
	return list
}
