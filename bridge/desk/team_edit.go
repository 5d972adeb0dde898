package desk

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/staff"
	"porchlight/bridge/voice"
)

// operatorEditCommands declares the command that edits one operator.
func operatorEditCommands() []Command {
	return []Command{
		{Name: "operator-edit", Title: "Change an operator", Record: operatorRecord(),
			Help:   "operator-edit olga limit=3 departments=+billing: in any order, +x and -x add to lists and take from them, KEY= empties. Your own name, about, invitation, language and whatsapp you may change yourself.",
			Fields: []Field{{Name: "who", Label: "Whom", Kind: Who, Required: true, Choices: editable, Disabled: true}}},
	}
}

// editable lists the operators whom the operator may edit: all, or themselves.
func editable(d *Desk, ctx context.Context, call Call) ([]Choice, error) {
	return members(func(o bridge.Operator) bool { return o.JID == call.Operator.JID || call.Operator.May(bridge.MayUsers) })(d, ctx, call)
}

// operatorRecord is an operator as a record.
func operatorRecord() *Record {
	subject := func(d *Desk, call Call, o *bridge.Operator) Subject {
		return Subject{Name: o.Name, Arg: d.staff().Arg(*o), Own: o.JID == call.Operator.JID, Keys: operatorKeys(o, d.readsHours(call, *o))}
	}
	return &Record{
		Keys: func() []Key { return operatorKeys(new(bridge.Operator), nil) },
		Read: func(d *Desk, _ context.Context, call Call) (Subject, error) {
			o, err := d.member(call.arg("who"))
			return subject(d, call, &o), err
		},
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (said string, err error) {
			was, err := d.member(call.arg("who"))
			if err != nil {
				return "", err
			}
			trial := was
			if _, err := change(subject(d, call, &trial)); err != nil {
				return "", err
			}
			if err := d.prove(ctx, call, was, trial); err != nil {
				return "", err
			}
			err = d.staff().EditOperator(ctx, call.Operator, bridge.OperatorJID(call.arg("who")), func(o *bridge.Operator) ([]bridge.Changed, error) {
				changes, err := change(subject(d, call, o))
				said = call.leftOut(o)
				return changed(changes), err
			})
			return said, err
		},
		Last: func(d *Desk, ctx context.Context, call Call) (string, time.Time, error) {
			return d.last(ctx, call.arg("who"))
		},
	}
}

// changed brings what a record tells into the form of the audit log.
func changed(list []Change) []bridge.Changed {
	var all []bridge.Changed
	for _, c := range list {
		all = append(all, bridge.Changed(c))
	}
	return all
}

// leftOut drops the departments from an operator's circles that * makes needless, and says which.
func (c Call) leftOut(o *bridge.Operator) string {
	var said []string
	for _, circle := range []*bridge.Circle{&o.Departments, &o.Tickets} {
		needless := func(word string) bool {
			return circle.All() && word != bridge.Everywhere && !strings.HasPrefix(word, "-")
		}
		var out []string
		for _, word := range *circle {
			if needless(word) {
				out = append(out, word)
			}
		}
		if len(out) > 0 {
			said = append(said, c.Voice.Say("* is all: %s is left out of the list.", strings.Join(out, ", ")))
			*circle = slices.DeleteFunc(slices.Clone(*circle), needless)
		}
	}
	return strings.Join(said, "\n")
}

// last finds who changed an operator or a department last, and when.
func (d *Desk) last(ctx context.Context, about string) (name string, at time.Time, err error) {
	list, err := d.staff().Changed(ctx, about, bridge.Always().From, bridge.Always().Until, 1)
	if err != nil || len(list) == 0 {
		return "", at, err
	}
	return list[0].ByName, list[0].At, nil
}

// Lengths of texts, in letters.
const nameLetters, lineLetters, textLetters = 80, 200, 1000

// operatorKeys are the keys of an operator; readHours reads a table of hours, and is needed only to change them.
func operatorKeys(o *bridge.Operator, readHours func(text string) (string, error)) []Key {
	notices := noticeKeys(&o.Notify)
	notices[0].Name, notices[0].Heading = notifyKey, "Notices"
	for i := range notices {
		notices[i].Permission = bridge.MayUsers
	}
	users := bridge.MayUsers
	room, _ := bridge.RightOf(bridge.MayRoom)
	person := []Key{
		{Field: Field{Name: "name", Label: "Name", Help: "Visitors read it.", Kind: Text, Required: true}, Heading: "Person", Permission: users, Own: true, Value: textOf(&o.Name, nameLetters)},
		{Field: Field{Name: "language", Label: "Language", Help: "Of the desk; empty: the language of the client.", Kind: OneOf, Choices: deskTongues}, Permission: users, Own: true, Value: textOf(&o.Language, nameLetters)},
		{Field: Field{Name: "about", Label: "About", Help: "Visitors read it on the card.", Kind: Lines}, Permission: users, Own: true, Value: textOf(&o.About, textLetters)},
		{Field: Field{Name: "whatsapp", Label: "WhatsApp", Help: "A phone number, as +34600000000.", Kind: Text}, Permission: users, Own: true, Value: phoneOf(&o.WhatsApp)},
		{Field: Field{Name: "departments", Label: "Departments", Help: "* is all, later ones too; -x leaves x out.", Kind: Several, Choices: circles}, Heading: "Work", Permission: users, Value: circleValue(&o.Departments), Shown: shownCircle},
		{Field: Field{Name: "tickets", Label: "Departments of tickets", Help: "Empty: the same as for chats.", Kind: Several, Choices: circles}, Permission: users, Value: circleValue(&o.Tickets), Shown: shownCircle},
		{Field: Field{Name: "limit", Label: "At most at once", Help: "Chats; empty: as the department says.", Kind: Word}, Permission: users, Value: countOf(&o.Limit)},
		{Field: Field{Name: "enabled", Label: "Enabled", Help: "Off: a stranger to the desk.", Kind: Flag}, Permission: users, Value: flagOf(&o.Enabled, true)},
	}
	rest := []Key{
		{Field: Field{Name: "satellite", Label: "Little traffic", Help: "No typing, no presence of visitors.", Kind: Flag}, Permission: users, Value: flagOf(&o.Satellite, true)},
		{Field: Field{Name: "room", Label: "In the operators' room", Help: "A chat between two people can't be forbidden here.", Kind: Flag}, Permission: users, Value: value{
			func() string {
				if o.May(bridge.MayRoom) {
					return on
				}
				return ""
			},
			func(s string) error { o.Permissions = o.Permissions.With(room, s == on); return nil }}},
		{Field: Field{Name: staff.May, Label: "May", Help: "All that they may.", Kind: Several, Choices: rightsBesideRoom}, Heading: "May", Permission: users, Value: besideRoom(o)},
		{Field: Field{Name: "greeting", Label: "Greeting", Help: "Said to the visitor when the request is taken by number or reaction; {visitor}, {operator} and {site} are filled in. Empty: nothing.", Kind: Lines}, Heading: "Greeting", Permission: users, Own: true, Value: greetingOf(&o.Greeting)},
		{Field: Field{Name: "invitation", Label: "Invitation message", Help: "With it visitors are invited to chat.", Kind: Lines}, Heading: "Invitation", Permission: users, Own: true, Value: textOf(&o.Invitation, textLetters)},
	}
	own := Key{Field: Field{Name: "hours", Label: "Hours", Help: "As Mon-Fri 9-12:30,13:30-18; Sat 22-2; 24.12. closed. Empty: the site's.", Kind: Lines}, Heading: "Hours", Permission: users, Value: value{
		func() string { return o.Hours },
		func(s string) (err error) { o.Hours, err = readHours(s); return err }}}
	return slices.Concat(person, []Key{own}, notices, rest)
}

// notifyHours is the word for bridge.NotifyHours.
const notifyHours = "hours"

// deskTongues lists the languages of the desk.
func deskTongues(*Desk, context.Context, Call) ([]Choice, error) {
	return named(phrase.DeskLanguages()), nil
}

// visitorTongues lists the languages in which visitors are spoken to.
func visitorTongues(*Desk, context.Context, Call) ([]Choice, error) {
	return named(phrase.Languages()), nil
}

func named(languages []*phrase.Language) (list []Choice) {
	for _, l := range languages {
		list = append(list, Choice{l.Tag, l.Name})
	}
	return list
}

func shownCircle(v voice.Voice, value string) string { return v.Circle(circleOf(value)) }

func circleValue(c *bridge.Circle) Value {
	return value{func() string { return strings.Join(*c, ",") }, func(s string) error {
		*c = circleOf(s)
		return nil
	}}
}

// mostAtOnce is the greatest number of conversations that may be set as a limit.
const mostAtOnce = 99

// countOf is the Value of a number from 1 to 99; 0 is empty.
func countOf(p *int) Value {
	return value{func() string {
		if *p == 0 {
			return ""
		}
		return strconv.Itoa(*p)
	}, func(s string) error {
		n, err := strconv.Atoi(s)
		if s != "" && (err != nil || n < 1 || n > mostAtOnce || s != strconv.Itoa(n)) {
			return refuse("%q is no number from 1 to %d.", voice.Clip(s, 40), mostAtOnce)
		}
		*p = n
		return nil
	}}
}

// phoneNumber is a number as E.164 has it: + and up to 15 digits, the first of them not 0.
var phoneNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

func phoneOf(p *string) Value {
	return value{func() string { return *p }, func(s string) error {
		number := strings.NewReplacer(" ", "", "\u00a0", "", "-", "", "(", "", ")", "").Replace(s)
		if s != "" && !phoneNumber.MatchString(number) {
			return refuse("%q is no phone number: write it with +, as +34600000000.", voice.Clip(s, 40))
		}
		*p = number
		return nil
	}}
}

// greetingOf is the Value of a greeting.
func greetingOf(p *string) Value {
	return value{func() string { return *p }, func(s string) error {
		if err := bridge.CheckGreeting(s); err != nil {
			return err
		}
		*p = s
		return nil
	}}
}

func whenOf(p *bridge.NotifyWhen) Value {
	return value{func() string {
		if *p == bridge.NotifyHours {
			return notifyHours
		}
		return string(*p)
	}, func(s string) error {
		*p = bridge.NotifyWhen(s)
		if s == notifyHours {
			*p = bridge.NotifyHours
		}
		return nil
	}}
}
