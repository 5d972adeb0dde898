package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// Choice is one value that a form offers for a field.
type Choice struct{ Value, Label string }

// nothing and nothingSaid are the value and the label of the choice to leave a field empty.
// The value is not empty itself: Profanity 0.13 ends at an option with an empty value, and
// Converse sends the label instead (14.0.0, src/utils/form.js getSelectValues).
const nothing, nothingSaid = "-", "–"

// Form is what a command asks its operator to fill in, in their language.
type Form struct {
	Title  string
	Above  string      // what is said above the fields; may be empty
	Fields []FormField // each with a name of its own
	First  bool        // another form follows this one
	Second bool        // another form came before this one
}

// FormField is one field of a form, or a Heading between them.
type FormField struct {
	Name, Label, Help string
	Kind              FieldKind
	Required          bool
	Choices           []Choice // none of them has an empty value; if there are some, the field takes nothing else
	Values            []string // what is filled in: several for a list, one for each line of a text of several lines; "on" for a Flag
}

// Filled is a form that comes back.
type Filled struct {
	Values map[string][]string // by field; nil if there was no form. A client may leave out what is empty.
	Back   bool                // the operator wants to see the form before this one
}

// Fill carries out a command with what was filled in, or returns the next form. With an error, the form is the same one
// again: it holds what was filled in, so that nobody has to type it again, and nothing was done. A form without an error
// is the first, the second, or asks whether something may be done that can't be taken back.
func (d *Desk) Fill(ctx context.Context, name string, call Call, filled Filled) (answer string, form *Form, err error) {
	c, ok := d.find(name)
	if !ok {
		return "", nil, d.unknown(name, call)
	}
	if err := c.permits(call.Operator); err != nil {
		return "", nil, c.refused(err)
	}
	call.Voice, call.form = voice.For(d.bridge, call.Operator), true
	if filled.Back || filled.Values == nil && c.asks() {
		form, err = d.asks(ctx, c, call, filled.Values)
		return "", form, err
	}
	if c.Record != nil {
		return d.fillRecord(ctx, c, call, filled.Values)
	}
	call.args, err = d.args(call, c, filled.Values)
	if err == nil {
		answer, err = d.do(ctx, c.Name, call)
	}
	return d.orAgain(ctx, c, call, filled.Values, answer, err)
}

// orAgain is the outcome of a form: the answer, or the form again if other values can mend an error or a question is open.
func (d *Desk) orAgain(ctx context.Context, c Command, call Call, values map[string][]string, answer string, err error) (string, *Form, error) {
	var open *question
	isOpen := errors.As(err, &open)
	if !isOpen && !mendable(err) || !c.asks() {
		return answer, nil, err
	}
	form, err2 := d.asks(ctx, c, call, values)
	switch {
	case isOpen && err2 != nil, phrase.CodeOf(err2) == phrase.CodeInternal: // a fault is told and logged, though the input was wrong, too
		return "", nil, err2
	case err2 != nil:
		return "", nil, err
	}
	if isOpen {
		form.Above = open.text
		return "", form, nil
	}
	return "", form, err
}

// mendable reports whether an error is about what was filled in.
func mendable(err error) bool {
	code := phrase.CodeOf(err)
	return code == phrase.CodeInvalid || code == phrase.CodeNotFound
}

// Steps is how many forms the command has, one after the other; 0 is a command that is done at once.
func (c Command) Steps() int {
	n := 0
	if c.asks() {
		n++
	}
	if c.Record != nil {
		n++
	}
	return n
}

// asks reports whether a form has fields of the command's own.
func (c Command) asks() bool {
	return slices.ContainsFunc(c.Fields, func(f Field) bool { return !f.Bare })
}

// asks makes the form of a command's fields, with the values that came, if some did.
func (d *Desk) asks(ctx context.Context, c Command, call Call, values map[string][]string) (*Form, error) {
	form := &Form{Title: call.Voice.Say(c.Title), Above: call.Voice.Say(c.Help), First: c.Record != nil}
	for _, f := range c.Fields {
		if f.Bare {
			continue
		}
		field, err := d.formField(ctx, f, call, values[f.Name])
		if err != nil {
			return nil, err
		}
		if f.Kind == Flag && f.Choices != nil {
			if len(field.Choices) == 0 {
				continue
			}
			field.Choices, field.Values = nil, values[f.Name]
		}
		form.Fields = append(form.Fields, field)
	}
	return form, nil
}

// formField makes a field of a form. A list of which one is chosen has its first choice chosen from the start, since not all
// clients know an empty choice. What is filled in and no choice any more is offered, too, so that it does not get lost.
func (d *Desk) formField(ctx context.Context, f Field, call Call, values []string) (FormField, error) {
	choices, err := d.offered(ctx, f, call)
	if err != nil {
		return FormField{}, err
	}
	has := func(v string) bool { return slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == v }) }
	switch {
	case f.list():
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
		for _, v := range values {
			if len(choices) > 0 && !has(v) {
				choices = append(choices, Choice{v, v})
			}
		}
	case len(choices) > 0 && (len(values) == 0 || !has(values[0])):
		values = []string{choices[0].Value}
	}
	kind := f.Kind
	if kind == Addresses { // each on a line of its own, or several on one
		kind = Lines
	}
	return FormField{Name: f.Name, Label: call.Voice.Say(f.Label), Help: call.Voice.Say(f.Help), Kind: kind, Required: f.Required, Choices: choices, Values: values}, nil
}

// offered lists the values that a form may offer for a field. The first of a list is the default, and no value is empty.
// An error says why there is nothing to choose.
func (d *Desk) offered(ctx context.Context, f Field, call Call) ([]Choice, error) {
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
	return slices.DeleteFunc(list, func(c Choice) bool { return c.Value == "" }), nil
}

// args reads the values of a form. A missing or wrong one is refused with a sentence for the operator.
func (d *Desk) args(call Call, c Command, values map[string][]string) (map[string]string, error) {
	args := make(map[string]string, len(c.Fields))
	for i, f := range c.Fields {
		if f.Bare {
			continue
		}
		text := strings.TrimSpace(strings.Join(values[f.Name], "\n"))
		if f.mayChooseNothing() && (text == nothing || text == nothingSaid) {
			text = ""
		}
		if text == "" {
			if f.Required {
				return nil, c.refused(refuse("Missing: %s.", phrase.Say(f.Label)))
			}
			continue
		}
		var err error
		if f.Kind == Whos {
			text, _, err = d.whos(call, Command{Name: c.Name, Visitor: c.Visitor, Fields: c.Fields[i : i+1]}, 0, text)
		} else {
			text, err = d.check(call, c, f, text)
		}
		if err != nil {
			return nil, c.refused(err)
		}
		args[f.Name] = text
	}
	return args, nil
}
