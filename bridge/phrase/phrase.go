package phrase

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Phrase is something to be said to a person: an English format of package fmt with the
// verbs %s, %d and %q, and its particulars apart from it, so that the phrase can be said
// in another language. A particular is a string, an int64 or a Phrase.
type Phrase struct {
	Format string
	Args   []any
}

// Say makes a Phrase. An int becomes an int64, and a particular of any other type the text
// that fmt.Sprint makes of it.
func Say(format string, args ...any) Phrase {
	for i, a := range args {
		args[i] = plain(a)
	}
	return Phrase{format, args}
}

// plain turns a particular into one of the types that a Phrase holds.
func plain(a any) any {
	switch a := a.(type) {
	case Phrase, string, int64:
		return a
	case int:
		return int64(a)
	}
	return fmt.Sprint(a)
}

// Lines joins several phrases into one, each on a line of its own.
func Lines(list ...Phrase) Phrase {
	args := make([]any, len(list))
	for i, p := range list {
		args[i] = p
	}
	return Phrase{strings.TrimSuffix(strings.Repeat("%s\n", len(list)), "\n"), args}
}

// String says the phrase in English.
func (p Phrase) String() string { return p.in(func(english string) string { return english }) }

// in says the phrase in the language into which translate translates formats.
func (p Phrase) in(translate func(english string) string) string {
	if len(p.Args) == 0 {
		return translate(p.Format)
	}
	args := slices.Clone(p.Args)
	for i, a := range args {
		if inner, ok := a.(Phrase); ok {
			args[i] = inner.in(translate)
		}
	}
	return fmt.Sprintf(translate(p.Format), args...)
}

// Encode makes a text of the phrase for the store: the format alone if there are no
// particulars, otherwise a JSON list.
func (p Phrase) Encode() string {
	if len(p.Args) == 0 && !strings.HasPrefix(p.Format, "[") {
		return p.Format
	}
	b, err := json.Marshal(p.list())
	if err != nil { // can't happen: the list holds only strings, integers and such lists
		panic(err)
	}
	return string(b)
}

func (p Phrase) list() []any {
	list := []any{p.Format}
	for _, a := range p.Args {
		if inner, ok := a.(Phrase); ok {
			a = inner.list()
		}
		list = append(list, a)
	}
	return list
}

// Decode is the inverse of Encode. A text that Encode did not make stands for itself.
func Decode(s string) Phrase {
	var list []any
	if !strings.HasPrefix(s, "[") || json.Unmarshal([]byte(s), &list) != nil {
		return Phrase{Format: s}
	}
	if p, ok := phraseOf(list); ok {
		return p
	}
	return Phrase{Format: s}
}

func phraseOf(list []any) (p Phrase, ok bool) {
	if len(list) == 0 {
		return p, false
	}
	if p.Format, ok = list[0].(string); !ok {
		return p, false
	}
	for _, a := range list[1:] {
		switch v := a.(type) {
		case string:
			p.Args = append(p.Args, v)
		case float64:
			if v != math.Trunc(v) {
				return p, false
			}
			p.Args = append(p.Args, int64(v))
		case []any:
			inner, ok := phraseOf(v)
			if !ok {
				return p, false
			}
			p.Args = append(p.Args, inner)
		default:
			return p, false
		}
	}
	return p, true
}
