package desk

import (
	"context"
	"slices"
	"strings"
)

// Field is one argument of a command, or one key of a record.
type Field struct {
	Name     string
	Label    string
	Help     string // what is to be said beside the label, in forms and in the help; may be empty
	Kind     FieldKind
	Required bool
	Options  []string // for OneOf
	Choices  choices  // the values that a form offers beside Options; nil: none. A form has a Flag with Choices only while there are some
	Open     bool     // the Choices of a key are the common values: a form takes others beside the list
	All      bool     // for Who and Where: "all" is a value, too
	Disabled bool     // for Who, Whos and Where: operators who are disabled can be meant, too
	Former   bool     // for Who and Where: who and what was deleted can be meant, too, unless somebody else is called so
	Form     bool     // a form has it; a line gives it as the command's Help says
	Bare     bool     // only a line has it, unless it goes on with KEY=VALUE; a form asks for the keys of the command's Record, if there is one
}

// choices finds the values that a form offers for a field at the moment.
type choices func(*Desk, context.Context, Call) ([]Choice, error)

// FieldKind is the type of a field.
type FieldKind int

// The kinds of field. A field of kind Who, Where, Department, Whose, OneOf or Flag that is neither required
// nor the last one is left out by a line that goes on with something else; before a During or a Page, only if
// that begins like a range or a number.
const (
	Word       FieldKind = iota // one word
	Head                        // any text on one line, which ends at a colon in a line that goes on
	Text                        // any text, on one line; only the last field of a line may be one
	Lines                       // any text, of several lines; only the last field of a line may be one
	Rest                        // the rest of the line, which a form takes in several lines; only the last field of a line may be one
	Addresses                   // email addresses, with commas or spaces between, up to a word without @; the value is the addresses in lower case with spaces between
	Secret                      // one word that nobody may read over a shoulder; it is shown by its ends only
	Who                         // an operator, by any of their names; the value is the address
	Whos                        // several operators, with commas or spaces between; the value is their addresses with spaces between
	Where                       // a department, whose name is the value then, or an operator
	Department                  // a department, whose name is the value
	Whose                       // a department, an operator, or "site", which is the value then
	Number                      // the number of a conversation, with or without #
	Numbers                     // several whole numbers from 1, with commas between; the value has spaces between
	OneOf                       // one of Options, or of Choices
	Several                     // several of Options or Choices, with commas between; the value has commas between, too
	Flag                        // on, or "" if it is off; in a line of text the field's name alone says on
	Span                        // 30m, 12h, 7d or 4w; if the field is not required, a word that is no number belongs to the next field
	During                      // a range of days, as bridge.ParseRange reads it; if the field is not required, a number that is no year belongs to the next field
	Page                        // the number of a page of a list, from 1
	Hidden                      // what a form brings back as it is; the desk alone makes such fields
	Heading                     // a heading between the fields of a form; the desk alone makes such fields
)

// list reports whether a form takes several values for the field.
func (f Field) list() bool {
	return f.Kind == Whos || f.Kind == Several || f.Kind == Numbers || f.Kind == Addresses
}

// shown is how the field is written in a command's usage.
func (f Field) shown() string {
	if f.Form {
		return f.Name + "="
	}
	switch f.Kind {
	case OneOf:
		if len(f.Options) > 0 {
			return strings.Join(f.Options, "|")
		}
	case Where:
		if f.All {
			return "WHO|DEPARTMENT|" + allOfThem
		}
		return "OPERATOR-or-DEPARTMENT"
	case Who:
		if f.All {
			return "WHO|" + allOfThem
		}
	case Flag:
		return f.Name
	case Head:
		return strings.ToUpper(f.Name) + ":"
	case Whos, Addresses:
		return strings.ToUpper(f.Name) + " …"
	}
	return strings.ToUpper(f.Name)
}

// mayChooseNothing reports whether a form has the choice to leave the field empty.
func (f Field) mayChooseNothing() bool {
	return f.Kind != Flag && !f.Required && !f.list() && (f.Choices != nil || len(f.Options) > 0)
}

// allOfThem is the value of a field that means all operators and departments.
const allOfThem = "all"

// claims reports whether a text begins with a word that belongs to one of the fields: an option of a OneOf, or the name
// of a Flag.
func claims(fields []Field, text string) bool {
	word, _ := split(strings.ToLower(text))
	return slices.ContainsFunc(fields, func(f Field) bool {
		return f.Kind == OneOf && slices.Contains(f.Options, word) || f.Kind == Flag && word == f.Name
	})
}
