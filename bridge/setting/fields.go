package setting

import (
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// Field is a field of one's own in the request form. What a visitor fills in is kept under the label.
type Field struct {
	Label    string
	Type     FieldType
	Options  []string // for OneOf
	Required bool     // for YesNo fields: the box must be ticked
}

// FieldType is what a visitor fills in.
type FieldType string

// The types of field.
const (
	FreeText FieldType = "text"
	OneOf    FieldType = "list"
	Tick     FieldType = "yes/no"
)

// The bounds of a field. A label is the name of an attribute of the request, an option its value.
const (
	labelLetters  = 60
	optionLetters = 60
	mostOptions   = 20
)

// Phone is the attribute of a request under which the visitor's phone number is kept, so no field of one's own is called so.
const Phone = "phone"

// ParseFields reads fields as people write them, with ; or line breaks between: "Order number!; Product: Shop, App;
// Newsletter: yes/no". A field without a colon is a text, one with several words after it a list; ! says that it must
// be filled in.
func ParseFields(text string, most int) ([]Field, error) {
	var list []Field
	if strings.EqualFold(strings.TrimSpace(text), off) {
		return nil, nil
	}
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		f, err := parseField(part)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(list, func(o Field) bool { return strings.EqualFold(o.Label, f.Label) }) {
			return nil, phrase.Fail(phrase.CodeInvalid, "%q is there twice.", clip(f.Label))
		}
		list = append(list, f)
	}
	if len(list) > most {
		return nil, phrase.Fail(phrase.CodeInvalid, "These are %d; there is room for %d.", len(list), most)
	}
	return list, nil
}

func parseField(text string) (Field, error) {
	label, kind, _ := strings.Cut(text, ":")
	label, required := strings.CutSuffix(strings.Join(strings.Fields(label), " "), "!")
	f := Field{Label: strings.TrimSpace(label), Type: FreeText, Required: required}
	kind = strings.Join(strings.Fields(kind), " ")
	switch strings.ToLower(kind) {
	case "", string(FreeText):
	case string(Tick), "yes or no":
		f.Type = Tick
	default:
		f.Type, f.Options = OneOf, items(kind)
	}
	if strings.EqualFold(f.Label, Phone) {
		return f, phrase.Fail(phrase.CodeInvalid, "The form asks for the phone number by a setting of its own: settings phone optional.")
	}
	if f.Label == "" || len([]rune(f.Label)) > labelLetters {
		return f, phrase.Fail(phrase.CodeInvalid, "%q needs a name of 1 to %d letters before the colon.", clip(strings.TrimSpace(text)), labelLetters)
	}
	if f.Type == OneOf && (len(f.Options) < 2 || len(f.Options) > mostOptions) {
		return f, phrase.Fail(phrase.CodeInvalid, "%q is neither text nor yes/no nor a list of 2 to %d values with commas between.", clip(kind), mostOptions)
	}
	for _, o := range f.Options {
		if len([]rune(o)) > optionLetters {
			return f, phrase.Fail(phrase.CodeInvalid, "%q has %d letters; there is room for %d.", clip(o), len([]rune(o)), optionLetters)
		}
	}
	return f, nil
}

// items cuts a list at its commas.
func items(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// WriteFields is the normal form of fields, which ParseFields reads.
func WriteFields(list []Field) string {
	var parts []string
	for _, f := range list {
		s := f.Label
		if f.Required {
			s += "!"
		}
		switch f.Type {
		case OneOf:
			s += ": " + strings.Join(f.Options, ", ")
		case Tick:
			s += ": " + string(Tick)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// Offers reports whether a list has a value.
func (f Field) Offers(value string) bool { return slices.Contains(f.Options, value) }
