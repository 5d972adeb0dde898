package component

import (
	"porchlight/bridge/desk"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// form makes a Data Form (XEP-0004) with a sentence above the fields.
func form(f *desk.Form, above string) *stream.Element {
	x := stream.New(stanza.NSData, "x", stream.Text("", "title", f.Title)).With("type", "form")
	if above != "" {
		x.Children = append(x.Children, stream.Text("", "instructions", above))
	}
	for _, field := range f.Fields {
		x.Children = append(x.Children, formField(field))
	}
	return x
}

// formField makes a field. Each has a name, headings too, since a client may look fields up by name, and each that people
// fill in has a label, since not all clients show its name. An option or a list never has an empty value: Profanity 0.13 ends at
// such an option, and nbxmpp (dataforms.py, ListMultiField) takes such a list for a broken form.
func formField(f desk.FormField) *stream.Element {
	el := stream.New("", "field").With("type", fieldType(f), "var", f.Name)
	if f.Label != "" {
		el = el.With("label", f.Label)
	}
	if f.Help != "" {
		el.Children = append(el.Children, stream.Text("", "desc", f.Help))
	}
	if f.Required {
		el.Children = append(el.Children, stream.New("", "required"))
	}
	for _, value := range fieldValues(f) {
		el.Children = append(el.Children, stream.Text("", "value", value))
	}
	for _, ch := range f.Choices {
		el.Children = append(el.Children, stream.New("", "option", stream.Text("", "value", ch.Value)).With("label", ch.Label))
	}
	return el
}

// fieldType is the type of a field (XEP-0004 §3.3).
func fieldType(f desk.FormField) string {
	switch f.Kind {
	case desk.Hidden:
		return "hidden"
	case desk.Heading:
		return "fixed"
	case desk.Flag:
		return "boolean"
	case desk.Secret:
		return "text-private"
	case desk.Whos, desk.Several, desk.Numbers:
		if len(f.Choices) > 0 {
			return "list-multi"
		}
		return "text-multi"
	}
	switch {
	case len(f.Choices) > 0:
		return "list-single"
	case f.Kind == desk.Rest || f.Kind == desk.Lines:
		return "text-multi"
	}
	return "text-single"
}

// fieldValues are the values as the form has them: a box has 1 if it is ticked, else 0 (XEP-0004 §3.3).
func fieldValues(f desk.FormField) []string {
	switch {
	case f.Kind != desk.Flag:
		return f.Values
	case len(f.Values) > 0:
		return []string{"1"}
	}
	return []string{"0"}
}
