package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// Record is what a command edits: something with several keys. A line names the keys it changes, as KEY=VALUE; a form
// shows all of them, filled in. The command's Fields say which record is meant, and none are needed if there is only one.
type Record struct {
	// Keys lists all keys, in the order of the form, bound to an empty record. The help and the docs describe them.
	Keys func() []Key

	// Read finds the record that the call is about.
	Read func(*Desk, context.Context, Call) (Subject, error)

	// Edit finds the record again within a transaction, lets change alter it, and stores it and what was changed. It
	// stores nothing if change fails, and returns that error. It may call change more than once. What it says
	// beside the changes may be empty.
	Edit func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (said string, err error)

	// Says is set if what Edit says is the whole answer: what is so now, and how to take it back.
	Says bool

	// Last tells who changed the record last, and when; name is "" if that is not known. Last may be nil.
	Last func(*Desk, context.Context, Call) (name string, at time.Time, err error)
}

// Subject is a record that may be changed.
type Subject struct {
	Name string // what people call it
	Arg  string // how a line names it, after the command's name; "" if the command is always about the same
	Own  bool   // it belongs to the operator who gives the command
	Keys []Key  // bound to the record: to set one changes the record

	// Now is how a line names the record after a change of keys that are a part of its name; nil: as Arg does.
	Now func() string
}

// Key is one value of a record.
type Key struct {
	Field                        // one that is Required can't be emptied
	Heading    string            // the heading that this key begins in a form; "": it stands under the one before
	Permission bridge.Permission // who may see the key and change it
	Own        bool              // everybody may see it and change it in a record of their own
	Joins      bool              // what it is now is said together with the key before it, if both change and it is not empty
	Once       bool              // to set it does something once: it is no change, and can't be taken back
	Value      Value
	Shown      func(voice.Voice, string) string // says a value; nil: as its kind says it
}

// Value is what a record has under a key, as text. Lists have commas between, a Flag is "on" or "", and what is empty is "".
// Set gets a text that fits the key's kind; its error is a sentence about what is wrong, as refuse makes it.
type Value interface {
	String() string
	Set(string) error
}

// Change is one key that a command changed. The values are those that Value has; of a Secret they are the ends only.
type Change struct{ Key, Was, Is string }

// value is a Value made of two functions.
type value struct {
	get func() string
	set func(string) error
}

// String returns what the record has.
func (v value) String() string { return v.get() }

// Set changes the record.
func (v value) Set(s string) error { return v.set(s) }

// textOf is the Value of a text of at most so many letters.
func textOf(p *string, most int) Value {
	return value{func() string { return *p }, func(s string) error {
		if n := len([]rune(s)); n > most {
			return refuse("%q has %d letters; there is room for %d.", voice.Clip(s, 40), n, most)
		}
		*p = s
		return nil
	}}
}

// flagOf is the Value of a Flag that is on while *p is set.
func flagOf(p *bool, set bool) Value {
	get := func() string {
		if *p == set {
			return on
		}
		return ""
	}
	return value{get, func(s string) error {
		*p = (s == on) == set
		return nil
	}}
}

// key finds a key by its name, in any case.
func (s Subject) key(name string) (Key, bool) {
	i := slices.IndexFunc(s.Keys, func(k Key) bool { return strings.EqualFold(k.Name, name) })
	if i < 0 {
		return Key{}, false
	}
	return s.Keys[i], true
}

// open lists the keys that an operator may see and change.
func (s Subject) open(o bridge.Operator) []Key {
	return slices.DeleteFunc(slices.Clone(s.Keys), func(k Key) bool { return k.permits(o, s.Own) != nil })
}

// permits refuses an operator who may not change the key.
func (k Key) permits(o bridge.Operator, own bool) error {
	switch {
	case k.Own && own || o.May(k.Permission):
		return nil
	case k.Permission == bridge.MaySuper:
		return phrase.Fail(phrase.CodeForbidden, "You may not change %s: only super operators may.", k.Name)
	}
	if k.Own {
		return phrase.Fail(phrase.CodeForbidden, "You may not change %s of others, only your own. A super operator can allow it.", k.Name)
	}
	return phrase.Fail(phrase.CodeForbidden, "You may not change %s. A super operator can allow it.", k.Name)
}

// say says a value of the key to a reader.
func (k Key) say(v voice.Voice, value string) string {
	switch {
	case k.Kind == Flag && value == "":
		return v.Say("off")
	case k.Kind == Flag:
		return v.Say("on")
	case k.Shown != nil:
		return k.Shown(v, value)
	case value == "":
		return v.Say("none")
	case k.Kind == Secret:
		return ends(value)
	case k.list():
		return strings.ReplaceAll(value, ",", ", ")
	}
	return voice.Clip(strings.Join(strings.Fields(value), " "), 60)
}

// ends shows no more of a secret than who knows it needs to recognize it.
func ends(secret string) string {
	r := []rune(secret)
	switch {
	case len(r) == 0:
		return ""
	case len(r) < 10:
		return "…"
	}
	return string(r[:2]) + "…" + string(r[len(r)-2:])
}
