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

// ownSetting is one thing that operators set for themselves by two words, "status NAME VALUE". The other keys of
// statusRecord take KEY=VALUE.
type ownSetting struct {
	name   string // the words that set it, after "status"
	change func(*bridge.Operator)
}

// settings lists every setting.
func settings() []ownSetting {
	list := []ownSetting{
		{"away", func(o *bridge.Operator) { o.Paused = true }},
		{"back", func(o *bridge.Operator) { o.Paused = false }},
		{"satellite on", func(o *bridge.Operator) { o.Satellite = true }},
		{"satellite off", func(o *bridge.Operator) { o.Satellite = false }},
		{"room off", func(o *bridge.Operator) { o.NoRoom = true }},
		{"room on", func(o *bridge.Operator) { o.NoRoom = false }},
		{"face off", func(o *bridge.Operator) { o.NoFace = true }},
		{"face on", func(o *bridge.Operator) { o.NoFace = false }},
		{"language auto", func(o *bridge.Operator) { o.Language = "" }},
	}
	for _, l := range phrase.DeskLanguages() {
		list = append(list, ownSetting{"language " + l.Tag, func(o *bridge.Operator) { o.Language = l.Tag }})
	}
	return list
}

// statusRecord is what operators set for themselves as a record.
func statusRecord() *Record {
	subject := func(o *bridge.Operator) Subject { return Subject{Name: o.Name, Own: true, Keys: statusKeys(o)} }
	return &Record{
		Keys: func() []Key { return statusKeys(new(bridge.Operator)) },
		Read: func(_ *Desk, _ context.Context, call Call) (Subject, error) { return subject(&call.Operator), nil },
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (string, error) {
			err := d.staff().EditOperator(ctx, call.Operator, call.Operator.JID, func(o *bridge.Operator) ([]bridge.Changed, error) {
				changes, err := change(subject(o))
				return changed(changes), err
			})
			if err != nil {
				return "", err
			}
			o, _ := d.bridge.Team.Operator(call.Operator.JID)
			return voice.For(d.bridge, o).Settings(o, d.available(o)), nil
		},
		Last: func(d *Desk, ctx context.Context, call Call) (string, time.Time, error) {
			return d.last(ctx, string(call.Operator.JID))
		},
	}
}

// statusKeys are the keys of an operator that are everybody's own. Those about the person are the same as in
// operatorKeys.
func statusKeys(o *bridge.Operator) []Key {
	list := []Key{
		{Field: Field{Name: "offers", Label: "Get offers", Help: "Off is the same as away.", Kind: Flag}, Heading: "Work", Own: true, Value: flagOf(&o.Paused, false)},
		{Field: Field{Name: "satellite", Label: "Little traffic", Help: "No typing, no presence of visitors, notices together.", Kind: Flag}, Own: true, Value: flagOf(&o.Satellite, true)},
		{Field: Field{Name: "room", Label: "In the operators' room", Kind: Flag}, Own: true, Value: flagOf(&o.NoRoom, false)},
		{Field: Field{Name: "face", Label: "Shown to visitors", Help: "Visitors see your picture, and that you are here.", Kind: Flag}, Own: true, Value: flagOf(&o.NoFace, false)},
	}
	for _, k := range operatorKeys(o, nil) {
		if k.Own {
			list = append(list, k)
		}
	}
	return list
}

func status(d *Desk, ctx context.Context, call Call) (string, error) {
	o := call.Operator
	if want := strings.ToLower(strings.Join(strings.Fields(call.arg("change")), " ")); want != "" {
		all := settings()
		i := slices.IndexFunc(all, func(s ownSetting) bool { return s.name == want })
		if i < 0 {
			var names []string
			for _, s := range all {
				names = append(names, s.name)
			}
			at := slices.IndexFunc(names, func(n string) bool { return strings.HasPrefix(n, "language ") })
			for _, k := range statusKeys(&o) {
				names = slices.Insert(names, at, k.Field.Name+"=")
				at++
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
