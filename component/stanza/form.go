package stanza

import "porchlight/component/stream"

// Field makes a field of a form with one value (XEP-0004 §3.2).
func Field(name, value string) *stream.Element {
	return stream.New("", "field", stream.Text("", "value", value)).With("var", name)
}

// Submitted returns the values of a form by field, in order. The form may be nil.
func Submitted(x *stream.Element) map[string][]string {
	values := make(map[string][]string)
	if x == nil {
		return values
	}
	for _, f := range x.Children {
		if f.Local != "field" {
			continue
		}
		var list []string
		for _, v := range f.Children {
			if v.Local == "value" {
				list = append(list, v.Text)
			}
		}
		values[f.Get("var")] = list
	}
	return values
}
