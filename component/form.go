package component

import (
	"slices"
	"strings"

	"porchlight/bridge/desk"
	"porchlight/bridge/voice"
	"porchlight/component/stanza"
	"porchlight/component/stream"
)

// form makes a Data Form (XEP-0004) that asks for a command's fields, with a sentence
// above them. Each field has a label, since not all clients show its name. A choice has a
// value from the start, since not all clients know an empty choice.
func form(v voice.Voice, c desk.Command, above string, choices map[string][]desk.Choice, values map[string]string) *stream.Element {
	x := stream.New(stanza.NSData, "x", stream.Text("", "title", v.Say(c.Title))).With("type", "form")
	if above != "" {
		x.Children = append(x.Children, stream.Text("", "instructions", above))
	}
	for _, f := range c.Fields {
		x.Children = append(x.Children, formField(v, f, choices[f.Name], values[f.Name]))
	}
	return x
}

func formField(v voice.Voice, f desk.Field, choices []desk.Choice, value string) *stream.Element {
	typ := "text-single"
	if f.Kind == desk.Rest {
		typ = "text-multi"
	}
	if len(choices) > 0 {
		typ = "list-single"
		if !slices.ContainsFunc(choices, func(c desk.Choice) bool { return c.Value == value }) {
			value = choices[0].Value
		}
	}
	el := stream.New("", "field").With("type", typ, "var", f.Name, "label", v.Say(f.Label))
	if f.Required {
		el.Children = append(el.Children, stream.New("", "required"))
	}
	if value != "" || len(choices) > 0 {
		for line := range strings.SplitSeq(value, "\n") {
			el.Children = append(el.Children, stream.Text("", "value", line))
		}
	}
	for _, ch := range choices {
		el.Children = append(el.Children, stream.New("", "option", stream.Text("", "value", ch.Value)).With("label", ch.Label))
	}
	return el
}
