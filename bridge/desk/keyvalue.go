package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"porchlight/bridge/voice"
)

// assignment is a value that a command is to give to a key.
type assignment struct{ key, value string }

// assigned matches the name of a key and the = after it, where a word begins. A name has letters, digits and hyphens.
var assigned = regexp.MustCompile(`(?:^|[\s\p{Z}])([\p{L}][\p{L}\p{N}-]*)=`)

// keyValues cuts a text of KEY=VALUE into settings. A value goes on until the next key. A word before a = that is no key
// stays in the value only if the key takes any text and the word does not look like a mistyped key. An error lists the open
// keys.
func keyValues(keys, open []Key, text string) ([]assignment, error) {
	var list []assignment
	begin, known := 0, Subject{Keys: keys}
	end := func(at int) { // the value that is being read ends
		if n := len(list); n > 0 {
			list[n-1].value = strings.TrimSpace(text[begin:at])
		}
	}
	for _, m := range assigned.FindAllStringSubmatchIndex(text, -1) {
		name := strings.ToLower(text[m[2]:m[3]])
		k, ok := known.key(name)
		if !ok && len(list) > 0 {
			if last, _ := known.key(list[len(list)-1].key); last.free() && !near(name, keys) {
				continue
			}
		}
		if !ok {
			return nil, noKey(name, open)
		}
		if slices.ContainsFunc(list, func(s assignment) bool { return s.key == k.Name }) {
			return nil, refuse("%s= is there twice.", k.Name)
		}
		end(m[0])
		list = append(list, assignment{key: k.Name})
		begin = m[1]
	}
	end(len(text))
	before := text
	if first := assigned.FindStringSubmatchIndex(text); first != nil {
		before = text[:first[0]]
	}
	if word, rest := split(before); word != "" {
		if k, ok := known.key(word); ok {
			return nil, refuse("Write %s.", k.Name+"="+voice.Clip(strings.TrimSpace(strings.TrimPrefix(rest, "=")), 40))
		}
		return nil, noKey(word, open)
	}
	return list, nil
}

// free reports whether the key takes any text.
func (k Key) free() bool { return k.Kind == Text || k.Kind == Lines || k.Kind == Rest }

// near reports whether a word may be a mistyped key.
func near(word string, keys []Key) bool {
	return slices.ContainsFunc(keys, func(k Key) bool { return edits(word, k.Name) <= 1+len(k.Name)/6 })
}

func noKey(word string, keys []Key) error {
	return refuse("%q is no key. There are: %s. Write KEY=VALUE.", voice.Clip(word, 40), keyNames(keys))
}

// keyNames lists the names of keys.
func keyNames(keys []Key) string {
	var names []string
	for _, k := range keys {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

// fit brings a value into the form that the key's Value takes, or says what is wrong with it. In a list, + or - may stand
// before what is to be added or taken out.
func (d *Desk) fit(ctx context.Context, call Call, c Command, k Key, text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if k.mayChooseNothing() && (text == nothing || text == nothingSaid) {
		text = ""
	}
	if text == "" {
		if k.Required {
			return "", refuse("%s can't be empty.", k.Name)
		}
		return "", nil
	}
	if k.free() {
		if got, err := keyValues(c.Record.Keys(), nil, k.Name+"="+text); err != nil || len(got) != 1 {
			return "", refuse("%q holds what a line would take for a key: write the = apart.", voice.Clip(text, 40))
		}
	}
	choices, err := d.offered(ctx, k.Field, call)
	if err != nil {
		return "", err
	}
	switch {
	case k.Kind == Several:
		return several(choices, text)
	case (k.Kind == OneOf || k.Kind != Who && len(choices) > 0) && !k.Open:
		return chosen(choices, text)
	}
	return d.check(call, c, k.Field, text)
}

// chosen finds a choice by its value or its label, in any case.
func chosen(choices []Choice, text string) (string, error) {
	var values []string
	for _, ch := range choices {
		if strings.EqualFold(text, ch.Value) || strings.EqualFold(text, ch.Label) {
			return ch.Value, nil
		}
		if ch.Value != nothing {
			values = append(values, ch.Value)
		}
	}
	return "", refuse("%q is none of %s.", voice.Clip(text, 40), strings.Join(values, ", "))
}

// several brings a list into its normal form, which has each choice by its value and commas between. Commas stand between
// what is listed, and if a part is no choice, spaces do.
func several(choices []Choice, text string) (string, error) {
	var list []string
	add := func(item string) error {
		value := item
		var err error
		if strings.HasPrefix(item, "+") || strings.HasPrefix(item, "-") {
			value, err = chosen(choices, strings.TrimSpace(item[1:]))
			value = item[:1] + value
		} else {
			value, err = chosen(choices, item)
		}
		if err == nil && !slices.Contains(list, value) {
			list = append(list, value)
		}
		return err
	}
	for item := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '\n' }) {
		item = strings.TrimSpace(item)
		if item == "" || add(item) == nil {
			continue
		}
		for _, word := range strings.Fields(item) {
			if err := add(word); err != nil {
				return "", err
			}
		}
	}
	return strings.Join(list, ","), nil
}

// everything is the item of a list that stands for all there is and will be; -x beside it leaves x out.
const everything = "*"

// merged is a list after +x and -x are carried out on it. A list that begins with neither replaces it.
func merged(was, said string) (string, error) {
	items := strings.Split(said, ",")
	signed := func(s string) bool { return strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") }
	if said == "" || !signed(items[0]) {
		if i := slices.IndexFunc(items, signed); i >= 0 && !(items[i][0] == '-' && slices.Contains(items, everything)) {
			return "", refuse("%q is a list and a change of the list: write one of both.", voice.Clip(said, 40))
		}
		return said, nil
	}
	var list []string
	if was != "" {
		list = strings.Split(was, ",")
	}
	all := slices.Contains(list, everything)
	for _, item := range items {
		if !signed(item) {
			return "", refuse("%q is a list and a change of the list: write one of both.", voice.Clip(said, 40))
		}
		x := item[1:]
		list = slices.DeleteFunc(list, func(s string) bool { return s == x || s == "-"+x })
		switch {
		case item[0] == '+' && (!all || x == everything):
			list = append(list, x)
		case item[0] == '-' && all && x != everything:
			list = append(list, item)
		}
		all = slices.Contains(list, everything)
	}
	return strings.Join(list, ","), nil
}
