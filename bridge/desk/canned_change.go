package desk

import (
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// cannedAdd stores an answer.
func cannedAdd(d *Desk, ctx context.Context, call Call) (string, error) {
	r := readRef(call.arg("name"))
	s := stored{call.arg("for"), call.arg("lang"), thenCommands(call.arg("then")), call.arg("text")}
	if !call.form {
		var err error
		if s, err = readStored(s.text); err != nil {
			return "", err
		}
	}
	if s.whose == "" {
		s.whose = r.whose
	}
	if s.tongue == "" {
		s.tongue = r.tongue
	}
	if err := (stock{d}).freeName(r.name); err != nil {
		return "", err
	}
	key, err := stock{d}.shelve(ctx, call, bridge.AnswerKey{Name: r.name, Language: s.tongue}, s.whose)
	if err != nil {
		return "", err
	}
	if err := (stock{d}).checkThen(ctx, call, s.then); err != nil {
		return "", err
	}
	a := bridge.Answer{AnswerKey: key, Text: s.text, Then: s.then}
	before, err := d.bridge.Answers.Save(ctx, call.Operator, a)
	if err != nil {
		return "", err
	}
	ref := refOf(key)
	said := call.Voice.Say("%s is changed.", ref)
	back := addLine(before)
	if before.Name == "" {
		said, back = call.Voice.Say("%s is stored. !%s in a conversation sends it.", ref, r.name), "canned-delete "+exactly(key)
	}
	if len(s.then) > 0 {
		said += "\n" + call.Voice.Say("Then: %s", strings.Join(s.then, "; "))
	}
	return said + "\n" + call.Voice.Say("Back: %s", mark(call)+back), nil
}

// freeName refuses a name that would do something else in a conversation.
func (d stock) freeName(name string) error {
	_, alias := aliases[name]
	if _, taken := d.find(name); taken || alias {
		return refuse("%s is a command, so !%s would not send the answer. Choose another name.", name, name)
	}
	return nil
}

// mark is what stands before a command that is written where the call was made.
func mark(call Call) string { return Command{}.mark(call) }

// addLine is the line that stores an answer.
func addLine(a bridge.Answer) string {
	line := "canned-add " + refOf(a.AnswerKey) + " "
	if len(a.Then) > 0 {
		return line + "then=" + strings.Join(a.Then, "; ") + " text=" + a.Text
	}
	if s, err := readStored(a.Text); err != nil || s.text != a.Text { // the text begins like a key
		line += "text="
	}
	return line + a.Text
}

// answersNamed finds the answers that a line of canned-delete names.
func (d stock) answersNamed(ctx context.Context, call Call) (list []bridge.Answer, err error) {
	seen := make(map[bridge.AnswerKey]bool)
	for _, ref := range strings.FieldsFunc(call.arg("name"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' }) {
		found, err := d.toChange(ctx, call, ref)
		if err != nil {
			return nil, err
		}
		for _, a := range found {
			if !seen[a.AnswerKey] {
				seen[a.AnswerKey] = true
				list = append(list, a)
			}
		}
	}
	if len(list) == 0 {
		return nil, refuse("Missing: %s. Write: %s.", "NAME", mark(call)+"canned-delete NAME")
	}
	return list, nil
}

// answersGo asks before several answers are deleted.
func answersGo(d *Desk, ctx context.Context, call Call) (string, error) {
	list, err := stock{d}.answersNamed(ctx, call)
	if err != nil || len(list) == 1 {
		return "", err
	}
	return call.Voice.Say("%d answers would go: %s.", len(list), refsOf(list)), nil
}

// refsOf names answers, as many as fit into two lines.
func refsOf(list []bridge.Answer) string {
	var refs []string
	for _, a := range list {
		refs = append(refs, refOf(a.AnswerKey))
	}
	return voice.Clip(strings.Join(refs, ", "), 2*answerLetters)
}

// cannedDelete deletes answers.
func cannedDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	list, err := stock{d}.answersNamed(ctx, call)
	if err != nil {
		return "", err
	}
	var keys []bridge.AnswerKey
	for _, a := range list {
		keys = append(keys, a.AnswerKey)
	}
	if err := d.bridge.Answers.Delete(ctx, call.Operator, keys); err != nil {
		return "", err
	}
	if len(list) > 1 {
		return call.Voice.Say("Deleted: %s.", refsOf(list)), nil
	}
	return call.Voice.Say("%s is deleted.", refOf(keys[0])) + "\n" + call.Voice.Say("Back: %s", mark(call)+addLine(list[0])), nil
}

// answerRecord is a stored answer as a record.
func answerRecord() *Record {
	return &Record{
		Keys: func() []Key { return answerKeys(new(bridge.Answer), bridge.Operator{}, nil) },
		Read: func(d *Desk, ctx context.Context, call Call) (Subject, error) {
			a, err := stock{d}.answerToEdit(ctx, call)
			return answerSubject(&a, call.Operator, nil), err
		},
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (string, error) {
			a, err := stock{d}.answerToEdit(ctx, call)
			if err != nil {
				return "", err
			}
			check := func(then []string) error { return stock{d}.checkThen(ctx, call, then) }
			err = d.bridge.Answers.Edit(ctx, call.Operator, a.AnswerKey, func(a *bridge.Answer) error {
				was := a.Name
				_, err := change(answerSubject(a, call.Operator, check))
				if err == nil && a.Name != was {
					err = stock{d}.freeName(a.Name)
				}
				return err
			})
			return "", err
		},
	}
}

// answerToEdit finds the one answer that a line names: without a language the one that has none, else the only one there is.
func (d stock) answerToEdit(ctx context.Context, call Call) (bridge.Answer, error) {
	list, err := d.toChange(ctx, call, call.arg("answer"))
	if err != nil {
		return bridge.Answer{}, err
	}
	for _, a := range list {
		if a.Language == "" || len(list) == 1 {
			return a, nil
		}
	}
	return bridge.Answer{}, refuse("There are several: %s. Say which.", refsOf(list))
}

// answerSubject is an answer as a subject.
func answerSubject(a *bridge.Answer, o bridge.Operator, check func(then []string) error) Subject {
	return Subject{Name: refOf(a.AnswerKey), Arg: exactly(a.AnswerKey), Own: a.Owner == o.JID, Keys: answerKeys(a, o, check),
		Now: func() string { return exactly(a.AnswerKey) }}
}

// answerKeys are the keys of a stored answer; check says what is wrong with its commands.
func answerKeys(a *bridge.Answer, o bridge.Operator, check func(then []string) error) []Key {
	return []Key{
		{Field: Field{Name: "text", Label: "The answer", Help: "{visitor}, {operator} and {site} are filled in.", Kind: Lines}, Heading: "Answer", Value: value{func() string { return a.Text }, func(s string) error {
			a.Text = s
			return nil
		}}},
		{Field: Field{Name: "then", Label: "What is done after it", Help: "Commands of a conversation, a line each, as: close paid", Kind: Lines}, Value: value{func() string { return strings.Join(a.Then, "\n") }, func(s string) error {
			a.Then = thenCommands(s)
			return check(a.Then)
		}}, Shown: func(v voice.Voice, s string) string {
			if s == "" {
				return v.Say("none")
			}
			return strings.ReplaceAll(s, "\n", "; ")
		}},
		{Field: Field{Name: "name", Label: "The answer's name, one word", Kind: Word, Required: true}, Heading: "Which one", Value: value{func() string { return a.Name }, func(s string) error {
			a.Name = strings.ToLower(s)
			return nil
		}}},
		{Field: Field{Name: "for", Label: "Whose it is", Kind: OneOf, Choices: shelves, Required: true}, Value: value{func() string { return whoseOf(a.AnswerKey) }, func(s string) error {
			a.AnswerKey = shelved(o, a.AnswerKey, s)
			return nil
		}}},
		{Field: Field{Name: "lang", Label: "Its language", Help: "As de or pt-br; empty: for all others.", Kind: Word}, Value: value{func() string { return a.Language }, func(s string) error {
			a.Language = strings.ToLower(s)
			return nil
		}}},
	}
}
