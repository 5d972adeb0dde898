package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// option is one key of the config, read from the tags of its struct field.
type option struct {
	name   string // "web.listen"; "super_operators" at the top
	field  []int  // index of the field, from Config
	typ    reflect.Type
	deflt  string
	doc    string
	checks []named

	inTable bool   // it is a key of each table of a list, and field begins there
	example string // of such a key
}

// section is a table of the file. The first section has no name and holds the keys at the top.
type section struct {
	name, doc string
	options   []option
}

// sections reads Config's tags, in the order of its fields.
func sections() []section {
	all := []section{{}}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		name := f.Tag.Get("toml")
		if f.Type.Kind() != reflect.Struct {
			all[0].options = append(all[0].options, newOption("", f.Index, f))
			continue
		}
		s := section{name: name, doc: f.Tag.Get("doc")}
		for _, inner := range reflect.VisibleFields(f.Type) {
			index := append(append([]int{}, f.Index...), inner.Index...)
			s.options = append(s.options, newOption(name+".", index, inner))
		}
		all = append(all, s)
	}
	return all
}

// options lists the options of all sections.
func options() []option {
	var all []option
	for _, s := range sections() {
		all = append(all, s.options...)
	}
	return all
}

func newOption(prefix string, index []int, f reflect.StructField) option {
	o := option{
		name:  prefix + f.Tag.Get("toml"),
		field: index,
		typ:   f.Type,
		deflt: f.Tag.Get("default"),
		doc:   f.Tag.Get("doc"),

		example: f.Tag.Get("example"),
	}
	if tag := f.Tag.Get("check"); tag != "" {
		for word := range strings.SplitSeq(tag, ",") {
			name, arg, _ := strings.Cut(word, "=")
			o.checks = append(o.checks, named{name, arg})
		}
	}
	return o
}

// key returns the option's name inside its section.
func (o option) key() string { return o.name[strings.LastIndexByte(o.name, '.')+1:] }

// env returns the name of the option's environment variable.
func (o option) env() string { return envName(o.name) }

func envName(name string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
}

func (o option) secret() bool { return o.typ == reflect.TypeFor[Secret]() }

func (o option) required() bool {
	for _, c := range o.checks {
		if c.name == "required" {
			return true
		}
	}
	return false
}

// keys returns the names by which the option can be given: its own, and for a secret also the name for
// the path of a file.
func (o option) keys() []string {
	if o.secret() {
		return []string{o.name, o.name + "_file"}
	}
	return []string{o.name}
}

// parse turns the text of a default or an environment variable into the value that TOML would give.
// Text that doesn't fit the option's type stays text, and set refuses it.
func (o option) parse(text string) any {
	switch o.typ.Kind() {
	case reflect.Int:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	case reflect.Bool:
		if text == "true" || text == "false" {
			return text == "true"
		}
	case reflect.Slice: // of a list of tables only "", which is none of them, fits
		list := []any{}
		for word := range strings.SplitSeq(text, ",") {
			if word = strings.TrimSpace(word); word != "" {
				list = append(list, word)
			}
		}
		return list
	}
	return text
}

// set stores a value, in the type that TOML gives it, in what c points to: a Config, or a table of a
// list. It returns false if that is the wrong type.
func (o option) set(c any, value any) bool {
	field := reflect.ValueOf(c).Elem().FieldByIndex(o.field)
	text, isText := value.(string)
	switch field.Interface().(type) {
	case string:
		field.SetString(text)
		return isText
	case Secret:
		field.Set(reflect.ValueOf(NewSecret(text)))
		return isText
	case time.Duration:
		d, err := time.ParseDuration(text)
		field.SetInt(int64(d))
		return err == nil
	case int:
		n, ok := value.(int64)
		field.SetInt(n)
		return ok && !field.OverflowInt(n)
	case bool:
		on, ok := value.(bool)
		field.SetBool(on)
		return ok
	case []string:
		list, ok := texts(value)
		field.Set(reflect.ValueOf(list))
		return ok
	}
	if list, ok := tablesOf(value); ok && o.tables() { // loader.applyTables sets those of a file
		return len(list) == 0
	}
	return false
}

// mistyped says why set refused a value. It may quote text, which can't be a secret, since set takes
// any text for a secret.
func (o option) mistyped(value any) string {
	text, isText := value.(string)
	switch {
	case isText && o.typ == reflect.TypeFor[time.Duration]():
		return quote(text) + " is no duration"
	case isText && o.typ.Kind() == reflect.Int:
		return quote(text) + " is no whole number"
	case isText && o.typ.Kind() == reflect.Bool:
		return quote(text) + " is neither true nor false"
	}
	return "is " + kind(value)
}

// texts converts a list, and returns false if it holds anything other than texts.
func texts(value any) ([]string, bool) {
	list, ok := value.([]any)
	var out []string
	for _, element := range list {
		s, isText := element.(string)
		if !isText {
			return nil, false
		}
		out = append(out, s)
	}
	return out, ok
}

// kind names a TOML value's type for people.
func kind(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case int64:
		return "a number"
	case float64:
		return "a number with a point"
	case bool:
		return "true or false"
	case []map[string]any:
		return "a list of tables"
	case []any:
		return "a list of something else"
	case time.Time:
		return "a date or time"
	}
	return "a table"
}

// allowed tells people which values the option takes.
func (o option) allowed() string {
	if o.tables() {
		return "tables in the file, as in [[" + o.name + "]]"
	}
	var parts []string
	switch o.typ {
	case reflect.TypeFor[time.Duration]():
		parts = append(parts, "a duration as in 30s, 2m or 336h")
	case reflect.TypeFor[int]():
		parts = append(parts, "a whole number")
	case reflect.TypeFor[bool]():
		parts = append(parts, "true or false")
	}
	for _, c := range o.checks {
		if text := checks[c.name].allowed; strings.Contains(text, "%s") {
			parts = append(parts, fmt.Sprintf(text, c.arg))
		} else if text != "" {
			parts = append(parts, text)
		}
	}
	text := strings.Join(parts, ", ")
	if text == "" {
		text = "text"
	}
	if o.typ.Kind() == reflect.Slice {
		return "a list, each " + text
	}
	return text
}
