package desk

import (
	"context"
	"slices"
	"strings"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
	"porchlight/bridge/voice"
)

// setting is one thing that operators set for themselves, by "status NAME VALUE".
type setting struct {
	name   string // the words that set it, after "status"
	Label  string
	change func(*bridge.Operator)
}

// settings lists every setting, in the order of the form.
func settings() []setting {
	list := []setting{
		{name: "away", Label: "Stop offers", change: func(o *bridge.Operator) { o.Paused = true }},
		{name: "back", Label: "Get offers again", change: func(o *bridge.Operator) { o.Paused = false }},
		{name: "satellite on", Label: "Little traffic: no typing, no presence of visitors, notices together", change: func(o *bridge.Operator) { o.Satellite = true }},
		{name: "satellite off", Label: "As much traffic as there is", change: func(o *bridge.Operator) { o.Satellite = false }},
		{name: "room off", Label: "Stay out of the operators' room", change: func(o *bridge.Operator) { o.NoRoom = true }},
		{name: "room on", Label: "Be in the operators' room", change: func(o *bridge.Operator) { o.NoRoom = false }},
		{name: "language auto", Label: "The language of your client", change: func(o *bridge.Operator) { o.Language = "" }},
	}
	for _, l := range phrase.Languages() {
		list = append(list, setting{name: "language " + l.Tag, Label: l.Name, change: func(o *bridge.Operator) { o.Language = l.Tag }})
	}
	return list
}

// changes lists the settings for a form.
func changes(_ *Desk, _ context.Context, call Call) ([]Choice, error) {
	var list []Choice
	for _, s := range settings() {
		list = append(list, Choice{s.name, s.name + " – " + call.Voice.Say(s.Label)})
	}
	return list, nil
}

func status(d *Desk, ctx context.Context, call Call) (string, error) {
	o := call.Operator
	if want := strings.ToLower(strings.Join(strings.Fields(call.arg("change")), " ")); want != "" {
		all := settings()
		i := slices.IndexFunc(all, func(s setting) bool { return s.name == want })
		if i < 0 {
			var names []string
			for _, s := range all {
				names = append(names, s.name)
			}
			return "", refuse("%q is no setting. There are: %s.", voice.Clip(want, 40), strings.Join(names, ", "))
		}
		var err error
		if o, err = d.bridge.Team.Change(ctx, o.JID, all[i].change); err != nil {
			return "", err
		}
		call.Voice = voice.For(d.bridge, o)
	}
	return call.Voice.Settings(o, d.available(o)), nil
}

// available reports whether an operator gets offers now.
func (d *Desk) available(o bridge.Operator) bool {
	return slices.ContainsFunc(d.bridge.Team.Available(), func(a bridge.Operator) bool { return a.JID == o.JID })
}
