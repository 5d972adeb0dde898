package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"porchlight/bridge"
	"porchlight/bridge/staff"
	"porchlight/bridge/voice"
)

// permissionCommands declares the commands about what operators may.
func permissionCommands() []Command {
	who := Field{Name: "operator", Label: "Who", Kind: Who, Required: true, Choices: members(nil), Disabled: true}
	what := Field{Name: "rights", Label: "What", Kind: Several, Required: true, Choices: rightChoices}
	return []Command{
		{Name: "permissions", Title: "What an operator may", Run: permissions, Record: permissionRecord(), Permission: bridge.MayUsers, Help: "permissions olga +visitors -block allows one thing and denies another.",
			Fields: []Field{who, {Name: "change", Label: "What to change", Help: "Words with + or - before each; empty: nothing.", Kind: Rest, Bare: true}}},
		{Name: "allow", Title: "Allow an operator something", Run: grant(true), Permission: bridge.MayUsers, Help: "allow olga visitors is short for permissions olga +visitors.",
			Fields: []Field{who, what}},
		{Name: "deny", Title: "Deny an operator something", Run: grant(false), Permission: bridge.MayUsers, Help: "deny olga block is short for permissions olga -block.",
			Fields: []Field{who, what}},
	}
}

// permissionRecord is what an operator may as a record with one key, the list of it.
func permissionRecord() *Record {
	keys := func(o *bridge.Operator) []Key {
		return []Key{{Field: Field{Name: staff.May, Label: "May", Kind: Several, Choices: rightChoices}, Permission: bridge.MayUsers, Value: rightsValue(o)}}
	}
	subject := func(d *Desk, o *bridge.Operator) Subject {
		return Subject{Name: o.Name, Arg: d.staff().Arg(*o), Keys: keys(o)}
	}
	return &Record{
		Keys: func() []Key { return keys(new(bridge.Operator)) },
		Read: func(d *Desk, _ context.Context, call Call) (Subject, error) {
			o, err := d.member(call.arg("operator"))
			return subject(d, &o), err
		},
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (string, error) {
			o, err := d.member(call.arg("operator"))
			if err != nil {
				return "", err
			}
			was := o
			if _, err := change(subject(d, &o)); err != nil {
				return "", err
			}
			var give, take []bridge.Right
			for _, r := range bridge.Rights() {
				switch has := o.May(r.Permission); {
				case has == was.May(r.Permission):
				case has:
					give = append(give, r)
				default:
					take = append(take, r)
				}
			}
			_, err = d.staff().Grant(ctx, call.Operator, o.JID, give, take)
			return "", err
		},
		Last: func(d *Desk, ctx context.Context, call Call) (string, time.Time, error) {
			return d.last(ctx, call.arg("operator"))
		},
	}
}

// rightsValue is the Value of all that an operator may. What a super operator may is not stored, so
// that a list without it is refused.
func rightsValue(o *bridge.Operator) Value {
	return value{func() string { return strings.ReplaceAll(staff.Words(staff.RightsOf(*o, true)), " ", "") }, func(s string) error {
		list := strings.Split(s, ",")
		for _, r := range bridge.Rights() {
			given := slices.Contains(list, string(r.Permission))
			if o.Super && !given && r.Permission != bridge.MayRoom {
				return refuse("%s is a super operator and may do everything: that is changed in the config.", o.Name)
			}
			o.Permissions = o.Permissions.With(r, given)
		}
		return nil
	}}
}

// besideRoom is rightsValue without being in the operators' room, for which the record of an operator has a key of its own.
func besideRoom(o *bridge.Operator) Value {
	all := rightsValue(o)
	room := string(bridge.MayRoom)
	return value{func() string {
		return strings.Join(slices.DeleteFunc(strings.Split(all.String(), ","), func(w string) bool { return w == room }), ",")
	}, func(s string) error {
		if o.May(bridge.MayRoom) {
			s += "," + room
		}
		return all.Set(s)
	}}
}

// rightsBesideRoom lists the choices of besideRoom, by their words alone: Gajim makes a form as wide as its longest choice,
// and does not wrap it.
func rightsBesideRoom(*Desk, context.Context, Call) (list []Choice, err error) {
	for _, r := range bridge.Rights() {
		if r.Permission != bridge.MayRoom {
			list = append(list, Choice{string(r.Permission), string(r.Permission)})
		}
	}
	return list, nil
}

// rightChoices lists all rights for a form.
func rightChoices(_ *Desk, _ context.Context, call Call) (list []Choice, err error) {
	for _, r := range bridge.Rights() {
		list = append(list, Choice{string(r.Permission), string(r.Permission) + " – " + call.Voice.Say(r.Label)})
	}
	return list, nil
}

// permissions shows what an operator may, or changes it by words with + or - before each.
func permissions(d *Desk, ctx context.Context, call Call) (string, error) {
	o, err := d.member(call.arg("operator"))
	if err != nil {
		return "", err
	}
	give, take, err := signedRights(d, call.arg("change"))
	if err != nil {
		return "", err
	}
	if len(give)+len(take) > 0 {
		return d.grants(ctx, call, o.JID, give, take)
	}
	return strings.Join([]string{
		call.Voice.Say("%s may: %s", o.Name, words(call.Voice, staff.RightsOf(o, true))),
		call.Voice.Say("May not: %s", words(call.Voice, staff.RightsOf(o, false))),
		call.Voice.Say("permissions %s +visitors -block changes it.", d.staff().Arg(o)),
	}, "\n"), nil
}

// member is an operator, enabled or disabled, by the address that a field of kind Who holds.
func (d *Desk) member(value string) (bridge.Operator, error) {
	all := d.bridge.Team.Everybody()
	i := slices.IndexFunc(all, func(o bridge.Operator) bool { return string(o.JID) == value })
	if i < 0 {
		return bridge.Operator{}, refuse("There is no such operator.")
	}
	return all[i], nil
}

// betweenRights reports whether a letter stands between the words of rights.
func betweenRights(r rune) bool { return r == ',' || unicode.IsSpace(r) }

// rightNamed finds a right by its word, or by the name of a command that it allows.
func rightNamed(d *Desk, word string) (bridge.Right, bool) {
	word = strings.ToLower(word)
	if r, ok := bridge.RightOf(bridge.Permission(word)); ok {
		return r, true
	}
	c, ok := d.find(word)
	if !ok {
		return bridge.Right{}, false
	}
	return bridge.RightOf(c.Permission)
}

// signedRights reads words of rights with + or - before each.
func signedRights(d *Desk, text string) (give, take []bridge.Right, err error) {
	for _, word := range strings.FieldsFunc(text, betweenRights) {
		sign := word[:1]
		if sign != "+" && sign != "-" {
			return nil, nil, refuse("%q has no + or - before it.", voice.Clip(word, 40))
		}
		r, ok := rightNamed(d, word[1:])
		switch {
		case !ok:
			return nil, nil, refuse("%q is none of %s.", voice.Clip(word[1:], 40), staff.Words(bridge.Rights()))
		case sign == "+":
			give = append(give, r)
		default:
			take = append(take, r)
		}
	}
	for _, r := range give {
		if slices.Contains(take, r) {
			return nil, nil, refuse("%s can't be allowed and denied at once.", string(r.Permission))
		}
	}
	return give, take, nil
}

// grant is the command that allows an operator something, or denies it.
func grant(allowed bool) func(*Desk, context.Context, Call) (string, error) {
	return func(d *Desk, ctx context.Context, call Call) (string, error) {
		var list []bridge.Right
		for _, word := range strings.FieldsFunc(call.arg("rights"), betweenRights) {
			r, ok := rightNamed(d, word)
			if !ok {
				return "", refuse("%q is none of %s.", voice.Clip(word, 40), staff.Words(bridge.Rights()))
			}
			list = append(list, r)
		}
		if allowed {
			return d.grants(ctx, call, bridge.OperatorJID(call.arg("operator")), list, nil)
		}
		return d.grants(ctx, call, bridge.OperatorJID(call.arg("operator")), nil, list)
	}
}

// grants gives and takes rights, and says how to take that back.
func (d *Desk) grants(ctx context.Context, call Call, who bridge.OperatorJID, give, take []bridge.Right) (string, error) {
	g, err := d.staff().Grant(ctx, call.Operator, who, give, take)
	if err != nil {
		return "", err
	}
	v := call.Voice
	var news string
	switch {
	case len(g.More)+len(g.Less) == 0:
		return v.Say("%s: that is how it was. Nothing was changed.", g.Name), nil
	case len(g.Less) == 0:
		news = v.Say("%s may now: %s.", g.Name, words(v, g.More))
	case len(g.More) == 0:
		news = v.Say("%s may no more: %s.", g.Name, words(v, g.Less))
	default:
		news = v.Say("%s may now: %s; no more: %s.", g.Name, words(v, g.More), words(v, g.Less))
	}
	if g.JID != call.Operator.JID && g.Enabled {
		news += " " + v.Say("%s was told.", g.Name)
	}
	return news + "\n" + v.Say("Back: %s", "permissions "+d.staff().Arg(g.Operator)+" "+g.Back()), nil
}

// words lists the words of rights.
func words(v voice.Voice, list []bridge.Right) string {
	if len(list) == 0 {
		return v.Say("nothing")
	}
	return staff.Words(list)
}
