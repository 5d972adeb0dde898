package desk

import (
	"cmp"
	"context"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/hours"
	"porchlight/bridge/onsite"
	"porchlight/bridge/voice"
)

// invitationRecord is a rule of invitations as a record.
func invitationRecord() *Record {
	subject := func(d *Desk, r *onsite.Rule) Subject {
		return Subject{Name: r.Name, Arg: r.Name, Keys: invitationKeys(d, r)}
	}
	return &Record{
		Says: true,
		Keys: func() []Key { return invitationKeys(nil, new(onsite.Rule)) },
		Read: func(d *Desk, _ context.Context, call Call) (Subject, error) {
			s, err := here(d)
			if err != nil {
				return Subject{}, err
			}
			name, err := onsite.ParseName(call.arg("name"))
			r, ok := s.Rule(name)
			if !ok {
				r = onsite.Rule{Name: name, Once: onsite.ADay}
			}
			return subject(d, &r), err
		},
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (said string, err error) {
			s, err := here(d)
			if err != nil {
				return "", err
			}
			err = s.Save(ctx, call.Operator, call.arg("name"), func(r *onsite.Rule, fresh bool) ([]bridge.Changed, error) {
				was := *r
				changes, err := change(subject(d, r))
				back := invitationLine(d, was)
				if fresh {
					back = "invitation-delete " + r.Name
				}
				said = ruleLine(d, call.Voice, *r) + "\n" + call.Voice.Say("Back: %s", back)
				return changed(changes), err
			})
			if err == nil && !s.On() {
				said += "\n" + call.Voice.Say("Nobody is invited yet, since the setting %s is off.", "on-site")
			}
			return said, err
		},
	}
}

// invitationKeys are the keys of a rule; d is needed only to read hours.
func invitationKeys(d *Desk, r *onsite.Rule) []Key {
	may := bridge.MayVisitors
	parsed := func(p *string, parse func(string) (string, error)) Value {
		return value{func() string { return *p }, func(s string) (err error) {
			*p, err = parse(s)
			return err
		}}
	}
	times := func(s string) (string, error) {
		if s == "" {
			return "", nil
		}
		table, err := hours.Parse(s, d.bridge.Hours.Site().Zone().String(), d.bridge.Now())
		return table.String(), err
	}
	return []Key{
		{Field: Field{Name: "page", Label: "On which pages", Help: "A path such as /pricing, with all below it; * stands for any letters. Empty: all.", Kind: Word}, Heading: "Whom", Permission: may, Value: parsed(&r.Page, onsite.ParsePage)},
		{Field: Field{Name: "after", Label: "After how long on the page", Help: "As 45s or 2m; empty: at once.", Kind: Word}, Permission: may, Value: lastsOf(&r.After), Shown: spanned},
		{Field: Field{Name: "returning", Label: "Only who was here before", Help: "Who has had a conversation in this browser.", Kind: Flag}, Permission: may, Value: flagOf(&r.Returning, true)},
		{Field: Field{Name: "language", Label: "Only who reads this language", Help: "As de; empty: all.", Kind: Word}, Permission: may, Value: parsed(&r.Language, bridge.ParseLanguage)},
		{Field: Field{Name: "hours", Label: "Only within these hours", Help: "As Mon-Fri 9-17; empty: whenever somebody is available.", Kind: Text}, Heading: "When", Permission: may, Value: parsed(&r.Hours, times)},
		{Field: Field{Name: "once", Label: "How often", Help: "Once a day, or on each visit of a page anew.", Kind: OneOf, Options: []string{string(onsite.ADay), string(onsite.AVisit)}, Required: true}, Permission: may, Value: onceOf(&r.Once)},
		{Field: Field{Name: "department", Label: "Whom it is for", Help: "Somebody of this department must be available. Empty: that of the page.", Kind: Department, Choices: departmentChoices}, Permission: may, Value: textOf(&r.Department, nameLetters)},
		{Field: Field{Name: "text", Label: "The text", Help: "The visitor reads it.", Kind: Lines, Required: true}, Heading: "Text", Permission: may, Value: parsed(&r.Text, onsite.ParseText)},
	}
}

// onceOf is the Value of how often a rule invites.
func onceOf(p *onsite.Once) Value {
	return value{func() string { return string(cmp.Or(*p, onsite.ADay)) }, func(s string) error {
		*p = onsite.Once(s)
		return nil
	}}
}

// invitationLine is the command that makes a rule as it is.
func invitationLine(d *Desk, r onsite.Rule) string {
	line := "invitation-add " + r.Name
	for _, k := range invitationKeys(d, &r) {
		line += " " + k.Name + "=" + k.written(strings.Join(strings.Fields(k.Value.String()), " "))
	}
	return line
}

// ruleLine says what a rule does.
func ruleLine(d *Desk, v voice.Voice, r onsite.Rule) string {
	parts := []string{v.Say("on all pages")}
	if r.Page != "" {
		parts[0] = v.Say("on %s", r.Page)
	}
	if r.After > 0 {
		parts[0] = v.Say("%s after %s", parts[0], voice.Lasted(r.After, true))
	}
	if r.Returning {
		parts = append(parts, v.Say("only who was here before"))
	}
	if r.Language != "" {
		parts = append(parts, v.Say("only who reads %s", r.Language))
	}
	if r.Hours != "" {
		parts = append(parts, v.Say("within %s", strings.ReplaceAll(r.Hours, "\n", "; ")))
	}
	if r.Once == onsite.AVisit {
		parts = append(parts, v.Say("on each page that is loaded"))
	} else {
		parts = append(parts, v.Say("once a day"))
	}
	parts = append(parts, v.Say("not over an open form"))
	if r.Department != "" {
		parts = append(parts, v.Say("only while somebody of %s is available", d.bridge.Team.Title(r.Department)))
	} else {
		parts = append(parts, v.Say("only while somebody is available"))
	}
	return r.Name + ": " + strings.Join(parts, ", ") + "."
}

// invitations lists the rules.
func invitations(d *Desk, _ context.Context, call Call) (string, error) {
	s, err := here(d)
	if err != nil {
		return "", err
	}
	list := s.Rules()
	if len(list) == 0 {
		return call.Voice.Say("Nobody is invited by a rule. %s makes one.", "invitation-add NAME page=/pricing after=45s text=TEXT"), nil
	}
	lines := []string{call.Voice.Say("Invitations: %d", len(list))}
	for _, r := range list {
		lines = append(lines, "  "+ruleLine(d, call.Voice, r)+" \""+voice.Clip(strings.Join(strings.Fields(r.Text), " "), 60)+"\"")
	}
	if !s.On() {
		lines = append(lines, call.Voice.Say("Nobody is invited yet, since the setting %s is off.", "on-site"))
	}
	return strings.Join(lines, "\n"), nil
}

// invitationDelete deletes a rule.
func invitationDelete(d *Desk, ctx context.Context, call Call) (string, error) {
	s, err := here(d)
	if err != nil {
		return "", err
	}
	r, err := s.Delete(ctx, call.Operator, call.arg("name"))
	if err != nil {
		return "", err
	}
	return call.Voice.Say("The rule %s invites nobody any more.", r.Name) + "\n" + call.Voice.Say("Back: %s", invitationLine(d, r)), nil
}

// invitationChoices lists the rules for a form.
func invitationChoices(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	s, err := here(d)
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, r := range s.Rules() {
		list = append(list, Choice{r.Name, ruleLine(d, call.Voice, r)})
	}
	if len(list) == 0 {
		err = refuse("Nobody is invited by a rule. %s makes one.", "invitation-add NAME page=/pricing after=45s text=TEXT")
	}
	return list, err
}
