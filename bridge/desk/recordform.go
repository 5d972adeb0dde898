package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// versionField is the field of a form that holds the values which the form showed, by key, as JSON. It comes back with the
// form, so that nothing has to be remembered between two requests.
const versionField = "version"

// fillRecord carries out the two steps of a form about a record: which record, and what of it.
func (d *Desk) fillRecord(ctx context.Context, c Command, call Call, values map[string][]string) (answer string, form *Form, err error) {
	if call.args, err = d.args(call, c, values); err != nil {
		return d.orAgain(ctx, c, call, values, "", err)
	}
	now, err := c.Record.Read(d, ctx, call)
	if err != nil {
		return d.orAgain(ctx, c, call, values, "", c.refused(err))
	}
	version := values[versionField]
	if len(version) == 0 {
		said := now.filled(call, values)
		form, err = d.whole(ctx, c, call, now, said)
		if err == nil && len(said) > 0 { // the first form asks for no keys, and the second one has a version
			err = damaged()
		}
		return "", form, c.refused(err)
	}
	return d.save(ctx, c, call, now, version[0], values)
}

// save changes what was changed in the form. If that can't be, the form comes back with it.
func (d *Desk) save(ctx context.Context, c Command, call Call, now Subject, version string, values map[string][]string) (string, *Form, error) {
	said := make(map[string]string)
	if json.Unmarshal([]byte(version), &call.edit.base) != nil || call.edit.base == nil {
		form, err := d.whole(ctx, c, call, now, nil)
		if err == nil {
			err = damaged()
		}
		return "", form, c.refused(err)
	}
	for _, k := range now.open(call.Operator) {
		was, shown := call.edit.base[k.Name]
		text, came := k.filled(values[k.Name])
		if other := strings.TrimSpace(strings.Join(values[k.Name+beside], " ")); k.Open && other != "" {
			text, came = other, true
		}
		if !shown || !came || k.same(text, was) {
			continue
		}
		said[k.Name] = text
		call.edit.keys = append(call.edit.keys, assignment{k.Name, text})
	}
	answer, err := d.do(ctx, c.Name, call)
	var old *outdated
	switch {
	case errors.As(err, &old):
		now, err = old.now, d.meanwhile(ctx, c, call, old)
	case mendable(err) || phrase.CodeOf(err) == phrase.CodeForbidden || phrase.CodeOf(err) == phrase.CodeConflict:
	default:
		return answer, nil, err
	}
	form, err2 := d.whole(ctx, c, call, now, said)
	if err2 != nil {
		return "", nil, err2
	}
	return "", form, err
}

// damaged is the error for a form that came back without its version, or with one that the desk did not make.
func damaged() error { return refuse("This form is damaged. Here it is anew.") }

// filled is what a form has for the key, as text, and whether that says anything. Gajim leaves out every field that is
// empty (nbxmpp, dataforms.py get_purged and cleanup), newer versions a box that is not ticked, too. So what
// is not there is empty; but a list of one always has something chosen, and an empty secret stays as it is, since a form does
// not show it.
func (k Key) filled(values []string) (text string, came bool) {
	text = strings.TrimSpace(strings.ReplaceAll(strings.Join(values, "\n"), "\r\n", "\n"))
	if text == "" {
		return "", !k.single() && k.Kind != Secret
	}
	switch {
	case k.list():
		return strings.Join(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" }), ","), true
	case k.Kind == Secret && text == nothing, k.mayChooseNothing() && (text == nothing || text == nothingSaid):
		return "", true
	case k.Kind == Flag:
		if value, err := flag(k.Field, text); err == nil {
			return value, true
		}
	}
	return text, true
}

// single reports whether a form has a list for the key of which one is chosen.
func (k Key) single() bool { return !k.list() && (k.Choices != nil || len(k.Options) > 0) }

// filled is what a form has for the keys that the operator may change, by key, of those fields that came. Nothing of it
// can be saved before the operator has seen the record; it is shown with the record, so that nobody has to write it again.
func (s Subject) filled(call Call, values map[string][]string) map[string]string {
	said := make(map[string]string)
	for _, k := range s.open(call.Operator) {
		if list, there := values[k.Name]; there {
			if text, came := k.filled(list); came {
				said[k.Name] = text
			}
		}
	}
	return said
}

// same reports whether a text of a form is the value that the form showed; the order of a list does not matter.
func (k Key) same(text, was string) bool {
	if !k.list() {
		return text == was
	}
	a, b := strings.Split(text, ","), strings.Split(was, ",")
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// seen is the value of the key as the version of a form holds it: of a secret only what tells it from others.
func (k Key) seen() string {
	value := k.Value.String()
	if k.Kind != Secret || value == "" {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:8])
}

// whole makes the form of a whole record, filled in: with what was filled in before, and else with what the record has.
func (d *Desk) whole(ctx context.Context, c Command, call Call, now Subject, said map[string]string) (*Form, error) {
	form := &Form{Title: call.Voice.Say(c.Title), Above: now.Name, Second: c.asks()}
	version, heading := make(map[string]string), ""
	for _, f := range c.Fields {
		if f.Bare {
			continue
		}
		form.Fields = append(form.Fields, FormField{Name: f.Name, Kind: Hidden, Values: f.separate(call.args[f.Name])})
	}
	at := len(form.Fields)
	open := now.open(call.Operator)
	if len(open) == 0 {
		return nil, phrase.Fail(phrase.CodeForbidden, "You may not change anything of %s.", now.Name)
	}
	for _, k := range now.Keys {
		if k.Heading != "" {
			heading = k.Heading
		}
		if !slices.ContainsFunc(open, func(o Key) bool { return o.Name == k.Name }) {
			continue
		}
		if heading != "" {
			form.Fields = append(form.Fields, FormField{Name: "heading-" + k.Name, Kind: Heading, Values: []string{call.Voice.Say(heading)}})
			heading = ""
		}
		version[k.Name] = k.seen()
		value, ok := said[k.Name]
		switch {
		case !ok && k.Kind == Secret:
			value = ""
		case !ok:
			value = k.Value.String()
		}
		fields, err := d.keyFields(ctx, k, call, value)
		if err != nil {
			return nil, err
		}
		form.Fields = append(form.Fields, fields...)
	}
	b, err := json.Marshal(version)
	form.Fields = slices.Insert(form.Fields, at, FormField{Name: versionField, Kind: Hidden, Values: []string{string(b)}})
	return form, err
}

// beside is what the name of a field ends with that takes values which the list of an open key does not have. No client
// that operators use lets people write into a list (XEP-0122 §3.2.2), so there is a field beside it.
const beside = "-other"

// keyFields are the fields of a form for a key, with its value: one, or, if the key is open, a list and a field for what is
// not in it. The list has the value that the key has now.
func (d *Desk) keyFields(ctx context.Context, k Key, call Call, value string) ([]FormField, error) {
	field, err := d.formField(ctx, k.Field, call, k.separate(value))
	if err != nil || !k.Open {
		return []FormField{field}, err
	}
	other := FormField{Name: k.Name + beside, Label: call.Voice.Say("%s, if it is not in the list", call.Voice.Say(k.Label)), Help: field.Help, Kind: Word}
	if value != "" && !slices.ContainsFunc(field.Choices, func(c Choice) bool { return c.Value == value }) {
		field.Values, other.Values = []string{cmp.Or(k.Value.String(), field.Choices[0].Value)}, k.separate(value)
	}
	field.Help = ""
	return []FormField{field, other}, nil
}

// separate cuts a value into what a form has as the values of one field.
func (f Field) separate(value string) []string {
	switch {
	case value == "":
		return nil
	case f.Kind == Several:
		return strings.Split(value, ",")
	case f.Kind == Whos:
		return strings.Fields(value)
	}
	return strings.Split(value, "\n")
}
