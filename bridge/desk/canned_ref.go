package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/voice"
)

// The words that say whose an answer is are ownAnswer, allOfThem, and the names of departments. defaultTongue stands for the
// answer that has no language.
const (
	ownAnswer     = "me"
	defaultTongue = "default"
)

// answerRef is how a line names an answer: [WHOSE/]NAME[.LANGUAGE].
type answerRef struct {
	whose   string // "" if it does not say
	name    string
	tongue  string
	tongued bool // it says a language
}

// readRef takes the name of an answer apart.
func readRef(text string) (r answerRef) {
	text = strings.ToLower(strings.TrimSpace(text))
	if i := strings.LastIndex(text, "/"); i >= 0 {
		r.whose, text = text[:i], text[i+1:]
	}
	r.name, r.tongue, r.tongued = strings.Cut(text, ".")
	if r.tongue == defaultTongue {
		r.tongue = ""
	}
	return r
}

// whoseOf is the word for whose an answer is.
func whoseOf(k bridge.AnswerKey) string {
	switch {
	case k.Owner != "":
		return ownAnswer
	case k.Department != "":
		return k.Department
	}
	return allOfThem
}

// refOf is how a line names an answer, as short as can be.
func refOf(k bridge.AnswerKey) string {
	text := k.Name
	if whose := whoseOf(k); whose != allOfThem {
		text = whose + "/" + text
	}
	if k.Language != "" {
		text += "." + k.Language
	}
	return text
}

// exactly names an answer and no other.
func exactly(k bridge.AnswerKey) string {
	return whoseOf(k) + "/" + k.Name + "." + cmp.Or(k.Language, defaultTongue)
}

// shelves lists whose an answer may be, as far as the operator may store it there.
func shelves(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	list := []Choice{{allOfThem, call.Voice.Say("everybody's")}, {ownAnswer, call.Voice.Say("your own")}}
	for _, dep := range d.bridge.Team.Departments() {
		if call.Operator.SeesAnswer(bridge.AnswerKey{Department: dep.Name}) {
			list = append(list, Choice{dep.Name, dep.Title})
		}
	}
	return slices.DeleteFunc(list, func(c Choice) bool {
		return !call.Operator.ChangesAnswer(shelved(call.Operator, bridge.AnswerKey{}, c.Value))
	}), nil
}

// shelved is a key of an answer after it was given to whom a word says.
func shelved(o bridge.Operator, k bridge.AnswerKey, whose string) bridge.AnswerKey {
	k.Owner, k.Department = "", ""
	switch whose {
	case ownAnswer:
		k.Owner = o.JID
	case allOfThem:
	default:
		k.Department = whose
	}
	return k
}

// shelve gives an answer to whom a word says, and refuses a word that says nobody.
func (d stock) shelve(ctx context.Context, call Call, k bridge.AnswerKey, whose string) (bridge.AnswerKey, error) {
	whose = cmp.Or(strings.ToLower(whose), allOfThem)
	known := whose == ownAnswer || whose == allOfThem || slices.ContainsFunc(d.bridge.Team.Departments(), func(dep bridge.Department) bool { return dep.Name == whose })
	if !known {
		list, err := shelves(d.Desk, ctx, call)
		if err == nil {
			_, err = chosen(list, whose)
		}
		return k, err
	}
	return shelved(call.Operator, k, whose), nil
}

// answersCalled finds the answers that a text names: at the desk all of that name, or those of whom and in the language that
// it says; in a conversation the one that the name alone sends there, or the one that it says.
func (d stock) answersCalled(ctx context.Context, call Call, here shelf, text string) ([]bridge.Answer, error) {
	r := readRef(text)
	list := here.list
	if call.Visitor != "" && (r.whose != "" || r.tongued) {
		all, err := d.bridge.Answers.List(ctx)
		if err != nil {
			return nil, err
		}
		tongue := here.card.Request.Language
		list = slices.DeleteFunc(all, func(a bridge.Answer) bool {
			return r.whose != "" && whoseOf(a.AnswerKey) != r.whose || r.tongued && a.Language != r.tongue
		})
		list = bridge.AnswersFor(list, call.Operator.JID, cmp.Or(departmentIn(r.whose), here.card.Department), tongue)
		list = slices.DeleteFunc(list, func(a bridge.Answer) bool { return !call.Operator.SeesAnswer(a.AnswerKey) })
	}
	return slices.DeleteFunc(slices.Clone(list), func(a bridge.Answer) bool {
		return a.Name != r.name || r.whose != "" && whoseOf(a.AnswerKey) != r.whose || r.tongued && a.Language != r.tongue
	}), nil
}

// departmentIn is the department that the word for whose an answer is names, "" if none.
func departmentIn(whose string) string {
	if whose == ownAnswer || whose == allOfThem {
		return ""
	}
	return whose
}

// toChange finds the answers that a line wants to change: of those that it names the nearest, in all languages unless it says
// one.
func (d stock) toChange(ctx context.Context, call Call, text string) ([]bridge.Answer, error) {
	r := readRef(text)
	all, err := d.bridge.Answers.List(ctx)
	if err != nil {
		return nil, err
	}
	var found, locked []bridge.Answer
	for _, a := range all {
		switch {
		case a.Name != r.name || r.tongued && a.Language != r.tongue || r.whose != "" && whoseOf(a.AnswerKey) != r.whose || !call.Operator.SeesAnswer(a.AnswerKey):
		case !call.Operator.ChangesAnswer(a.AnswerKey):
			locked = append(locked, a)
		default:
			found = append(found, a)
		}
	}
	if len(found) == 0 && len(locked) > 0 {
		return nil, bridge.AnswerLocked(locked[0].AnswerKey)
	}
	if len(found) == 0 {
		return nil, refuse("There is no stored answer %q. canned alone lists them.", voice.Clip(text, 40))
	}
	for _, whose := range []func(bridge.Answer) bool{
		func(a bridge.Answer) bool { return a.Owner != "" },
		func(a bridge.Answer) bool { return a.Department != "" },
	} {
		if i := slices.IndexFunc(found, whose); i >= 0 {
			first := found[i]
			return slices.DeleteFunc(found, func(a bridge.Answer) bool { return a.Owner != first.Owner || a.Department != first.Department }), nil
		}
	}
	return found, nil
}

// changeable lists for a form the answers that the operator may change.
func changeable(d *Desk, ctx context.Context, call Call) (list []Choice, err error) {
	all, err := d.bridge.Answers.List(ctx)
	for _, a := range all {
		if call.Operator.ChangesAnswer(a.AnswerKey) {
			list = append(list, Choice{exactly(a.AnswerKey), refOf(a.AnswerKey) + " – " + voice.Clip(strings.ReplaceAll(a.Text, "\n", " "), answerLetters)})
		}
	}
	return list, err
}
