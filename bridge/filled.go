package bridge

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// Filled is what a visitor filled into the request form beside name, address and reason.
type Filled struct {
	Phone   string
	Fields  map[string]string // what the site asks beside, by the field's label; a box that is ticked has "yes"
	Consent string            // the text beside which the visitor ticked the box
}

// Ticked is the value of a box that was ticked.
const Ticked = "yes"

// PhoneAttribute is the field of a request that has the visitor's phone number.
const PhoneAttribute = setting.Phone

// Invited is an invitation that a visitor has answered. Pages and servers of the site have no say in it.
type Invited struct {
	By   string `json:"by,omitempty"`   // the operator's name; "": a rule has invited
	Rule string `json:"rule,omitempty"` // its name
	Page string `json:"page,omitempty"` // the path of the page on which the visitor was invited
	Text string `json:"text"`
}

// filledLetters and phoneLetters bound what is filled in.
const (
	filledLetters = 500
	phoneLetters  = 40
)

// FieldKey names a field of the site's own in a form and among the errors about it.
func FieldKey(label string) string { return "fields." + label }

// fill checks a form against the site's settings, and keeps what was filled in for attach. The error is about all fields that
// are wrong.
func (s *Settings) fill(q *Inquiry) error {
	v, f := s.Values(), q.Form
	wrong := make(map[string]phrase.Phrase)
	missing := func(key string, must bool, value string) bool {
		lacks := must && strings.TrimSpace(value) == ""
		if lacks {
			wrong[key] = phrase.Say("Please fill this in.")
		}
		return lacks
	}
	if q.Verified == "" { // a signed identity says who it is, and the form asks for neither
		missing("name", v.Text(setting.AskName) == setting.Required, q.Name)
		missing("email", v.Text(setting.AskEmail) == setting.Required, q.Email)
	}
	answers := make(map[string]string)
	if v.Text(setting.AskPhone) != setting.NotAsked {
		phone := cleanLine(f.Phone)
		if !missing("phone", v.Text(setting.AskPhone) == setting.Required, phone) && phone != "" && !dialled(phone) {
			wrong["phone"] = phrase.Say("This is no phone number. One looks like +34 600 000 000.")
		}
		answers[PhoneAttribute] = phone
	}
	for _, field := range v.Fields(setting.OwnFields) {
		value := cleanLine(f.Fields[field.Label])
		if !missing(FieldKey(field.Label), field.Required, value) {
			if p, bad := unfit(field, value); bad {
				wrong[FieldKey(field.Label)] = p
			}
		}
		answers[field.Label] = value
	}
	if text := setting.Choose(v.Binding(setting.ConsentText), q.Language); text != "" {
		if strings.TrimSpace(strings.ReplaceAll(f.Consent, "\r\n", "\n")) != text {
			wrong["consent"] = phrase.Say("Please read this and tick the box. Nothing is stored without it.")
		}
		q.agreed = text
	}
	if len(wrong) > 0 {
		return &phrase.Error{Code: phrase.CodeInvalid, Phrase: phrase.Say("Some fields need another look."), Fields: wrong}
	}
	q.answers = answers
	return nil
}

// unfit says what is wrong with the value of a field, which may be empty.
func unfit(f setting.Field, value string) (phrase.Phrase, bool) {
	switch n := len([]rune(value)); {
	case value == "":
	case f.Type == setting.OneOf && !f.Offers(value), f.Type == setting.Tick && value != Ticked:
		return phrase.Say("Please choose one of the values."), true
	case n > filledLetters:
		return phrase.Say("This is too long."), true
	}
	return phrase.Phrase{}, false
}

// dialled reports whether a text may be a phone number, as people of any country write one.
func dialled(phone string) bool {
	digits := 0
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-()/. ", r):
			return false
		}
	}
	return digits >= 4 && len(phone) <= phoneLetters
}

// attach keeps what was filled in apart from the attributes, which the site vouches for.
func (q *Inquiry) attach() error {
	maps.DeleteFunc(q.answers, func(_, value string) bool { return value == "" })
	if len(q.answers) == 0 {
		return nil
	}
	b, err := json.Marshal(q.answers)
	if err != nil {
		return fmt.Errorf("encode fields: %w", err)
	}
	q.Fields = string(b)
	return nil
}

// both joins two refusals of the same input into one that has the fields of both. Another error goes first.
func both(a, b error) error {
	var x, y *phrase.Error
	if !errors.As(a, &x) || !errors.As(b, &y) || len(x.Fields) == 0 || len(y.Fields) == 0 {
		if a != nil {
			return a
		}
		return b
	}
	fields := make(map[string]phrase.Phrase, len(x.Fields)+len(y.Fields))
	for _, e := range []*phrase.Error{y, x} {
		for key, p := range e.Fields {
			fields[key] = p
		}
	}
	return &phrase.Error{Code: phrase.CodeInvalid, Phrase: phrase.Say("Some fields need another look."), Fields: fields}
}

// FilledIn is what a visitor filled in under a label.
type FilledIn struct{ Label, Value string }

// filledIn lists what the visitor filled in, in the order of the site's form, and then what the form does not ask any more.
func (s *Settings) filledIn(r Request) (list []FilledIn) {
	all := r.filled()
	if len(all) == 0 {
		return nil
	}
	labels := []string{PhoneAttribute}
	for _, f := range s.Values().Fields(setting.OwnFields) {
		labels = append(labels, f.Label)
	}
	for _, label := range append(labels, slices.Sorted(maps.Keys(all))...) {
		if value := all[label]; value != "" {
			list = append(list, FilledIn{label, value})
			delete(all, label)
		}
	}
	return list
}

// filled is what the visitor filled in, by label; nil if that is nothing.
func (r Request) filled() (all map[string]string) {
	if json.Unmarshal([]byte(r.Fields), &all) != nil {
		return nil
	}
	return all
}
