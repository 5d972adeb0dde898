package desk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// edit is what a call is to change in a record.
type edit struct {
	keys []assignment
	base map[string]string // the values that the form showed, by key; nil if the call came as a line
}

// edited carries out the edit of a call, all of it or nothing, and answers what is new and how to take it back.
func (d *Desk) edited(ctx context.Context, c Command, call Call) (string, error) {
	now, err := c.Record.Read(d, ctx, call)
	if err != nil {
		return "", err
	}
	settings, err := d.fitting(ctx, c, call, now)
	if err != nil {
		return "", err
	}
	var done []step
	said, err := c.Record.Edit(d, ctx, call, func(s Subject) (changes []Change, err error) {
		now = s
		if theirs := call.edit.outdated(s, call.Operator); len(theirs) > 0 {
			return nil, &outdated{s, theirs}
		}
		if done, err = apply(s, settings); err != nil {
			return nil, err
		}
		if len(done) == 0 {
			return nil, errUnchanged
		}
		for _, st := range done {
			if !st.key.Once {
				changes = append(changes, st.told())
			}
		}
		return changes, nil
	})
	if errors.Is(err, errUnchanged) {
		return call.Voice.Say("%s: that is how it was. Nothing was changed.", now.Name), nil
	}
	if err != nil {
		return "", err
	}
	if c.Record.Says {
		return said, nil
	}
	if o, ok := d.bridge.Team.Operator(call.Operator.JID); ok && now.Own { // perhaps they read another language now
		call.Voice = voice.For(d.bridge, o)
	}
	return c.answer(call, now, done, said), nil
}

// errUnchanged ends a transaction in which nothing was to be changed.
var errUnchanged = errors.New("nothing to change")

// fitting brings the settings of a call into the form in which the keys take them, and refuses what may not be changed.
func (d *Desk) fitting(ctx context.Context, c Command, call Call, s Subject) ([]assignment, error) {
	var list []assignment
	for _, set := range call.edit.keys {
		k, ok := s.key(set.key)
		if !ok {
			return nil, noKey(set.key, s.open(call.Operator))
		}
		if err := k.permits(call.Operator, s.Own); err != nil {
			return nil, err
		}
		value, err := d.fit(ctx, call, c, k, set.value)
		if err != nil {
			return nil, err
		}
		list = append(list, assignment{k.Name, value})
	}
	return list, nil
}

// step is a key that was changed, with its value before.
type step struct {
	key Key
	was string
}

// told is the step as others may read it.
func (s step) told() Change {
	c := Change{s.key.Name, s.was, s.key.Value.String()}
	if s.key.Kind == Secret {
		c.Was, c.Is = ends(c.Was), ends(c.Is)
	}
	return c
}

// apply gives the keys of a record their new values, and lists those that are other than before.
func apply(s Subject, settings []assignment) (done []step, err error) {
	for _, set := range settings {
		k, _ := s.key(set.key) // fitting has found it
		was, value := k.Value.String(), set.value
		if k.list() {
			if value, err = merged(was, value); err != nil {
				return nil, err
			}
		}
		if k.Required && value == "" {
			return nil, refuse("%s can't be empty.", k.Name)
		}
		if err := k.Value.Set(value); err != nil {
			return nil, err
		}
		if k.Value.String() != was {
			done = append(done, step{k, was})
		}
	}
	return done, nil
}

// answer says what was changed, and the line that takes it back. A secret can't be taken back, since it is not shown.
func (c Command) answer(call Call, s Subject, done []step, said string) string {
	var news []string
	if s.Now != nil {
		s.Arg = s.Now()
	}
	back := c.mark(call) + strings.TrimSpace(c.Name+" "+s.Arg)
	shortest := len(back)
	for i, st := range done {
		is := st.key.Value.String()
		if st.key.Once {
			continue
		}
		if st.key.Joins && is != "" && i > 0 && s.follows(st.key, done[i-1].key) {
			news[len(news)-1] += " " + st.key.Name + " " + st.key.say(call.Voice, is)
		} else {
			news = append(news, st.key.turned(call.Voice, st.was, is))
		}
		if st.key.Kind != Secret {
			back += " " + st.key.Name + "=" + st.key.written(st.was)
		}
	}
	var lines []string
	if len(news) > 0 {
		lines = append(lines, s.Name+": "+strings.TrimSuffix(strings.Join(news, "; "), ".")+".") // a value may end in one
	}
	if said != "" {
		lines = append(lines, said)
	}
	if !call.form && slices.ContainsFunc(done, func(st step) bool { return st.key.Kind == Secret && st.key.Value.String() != "" }) {
		lines = append(lines, call.Voice.Phrase(deleteKey()))
	}
	if len(back) > shortest {
		lines = append(lines, call.Voice.Say("Back: %s", back))
	}
	return strings.Join(lines, "\n")
}

// follows reports whether a key stands right behind another one in the record.
func (s Subject) follows(k, before Key) bool {
	i := slices.IndexFunc(s.Keys, func(o Key) bool { return o.Name == k.Name })
	return i > 0 && s.Keys[i-1].Name == before.Name
}

// turned says what a key was and is.
func (k Key) turned(v voice.Voice, was, is string) string {
	return k.Name + " " + k.say(v, was) + " → " + k.say(v, is)
}

// written is a value as a line gives it.
func (k Key) written(value string) string {
	if k.Kind == Flag && value == "" {
		return "off"
	}
	return value
}

// outdated is the refusal to save a form after somebody else has changed the record.
type outdated struct {
	now    Subject
	theirs []Change // what the others changed
}

// Error says for the log what happened; Desk.meanwhile says it to the operator.
func (o *outdated) Error() string { return "the record was changed since the form was shown" }

// outdated lists what has changed in a record since the form was shown to an operator.
func (e edit) outdated(s Subject, o bridge.Operator) (theirs []Change) {
	for _, k := range s.open(o) {
		was, shown := e.base[k.Name]
		if is := k.seen(); shown && is != was {
			theirs = append(theirs, Change{k.Name, was, is})
		}
	}
	return theirs
}

// meanwhile says who changed a record while a form was open.
func (d *Desk) meanwhile(ctx context.Context, c Command, call Call, o *outdated) error {
	var list []string
	for _, ch := range o.theirs {
		k, _ := o.now.key(ch.Key)
		if k.Kind == Secret { // the form has shown only what tells it from others
			list = append(list, k.Name)
		} else {
			list = append(list, k.turned(call.Voice, ch.Was, ch.Is))
		}
	}
	news := strings.Join(list, "; ")
	if c.Record.Last != nil {
		name, at, err := c.Record.Last(d, ctx, call)
		if err != nil {
			return err
		}
		if name != "" {
			return phrase.Fail(phrase.CodeConflict, "%s changed %s %s ago (%s). Here is the form again with both.", name, o.now.Name, bridge.Span(d.bridge.Now().Sub(at)), news)
		}
	}
	return phrase.Fail(phrase.CodeConflict, "%s was changed meanwhile (%s). Here is the form again with both.", o.now.Name, news)
}
