package phrase

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Phrase is something to be said to a person: an English format as of package
// fmt with %s, %d and %q, and its particulars apart from it, so that it can be
// said in another language. A particular is a string, an integer or a Phrase.
type Phrase struct {
	Format string
	Args   []any
}

// Say makes a Phrase.
func Say(format string, args ...any) Phrase {
	for i, a := range args {
		args[i] = plain(a)
	}
	return Phrase{format, args}
}

// plain makes of a particular what a Phrase holds.
func plain(a any) any {
	switch a := a.(type) {
	case Phrase, string, int64:
		return a
	case int:
		return int64(a)
	}
	return fmt.Sprint(a)
}

// Lines is several phrases, one to a line.
func Lines(list ...Phrase) Phrase {
	args := make([]any, len(list))
	for i, p := range list {
		args[i] = p
	}
	return Phrase{strings.TrimSuffix(strings.Repeat("%s\n", len(list)), "\n"), args}
}

// String says it in English.
func (p Phrase) String() string { return p.In(func(english string) string { return english }) }

// In says it in the language into which translate translates formats.
func (p Phrase) In(translate func(english string) string) string {
	if len(p.Args) == 0 {
		return translate(p.Format)
	}
	args := slices.Clone(p.Args)
	for i, a := range args {
		if inner, ok := a.(Phrase); ok {
			args[i] = inner.In(translate)
		}
	}
	return fmt.Sprintf(translate(p.Format), args...)
}

// Encode makes a text of it for the store: the format alone where that is all,
// otherwise a JSON list.
func (p Phrase) Encode() string {
	if len(p.Args) == 0 && !strings.HasPrefix(p.Format, "[") {
		return p.Format
	}
	b, err := json.Marshal(p.list())
	if err != nil { // there are only strings and integers in it
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

// Decode is the inverse of Encode. Any other text stands for itself.
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
