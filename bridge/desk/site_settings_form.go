package desk

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/setting"
	"porchlight/bridge/voice"
)

// settingsRecord is a group of settings as a form.
func settingsRecord() *Record {
	return &Record{
		Keys: func() []Key { return settingKeys(make(setting.Values), setting.All(), time.Time{}) },
		Read: func(d *Desk, _ context.Context, call Call) (Subject, error) {
			v := make(setting.Values)
			maps.Copy(v, d.bridge.Settings.Values())
			return siteSettings{d, call}.subject(v)
		},
		Edit: func(d *Desk, ctx context.Context, call Call, change func(Subject) ([]Change, error)) (string, error) {
			var keys []string
			err := d.bridge.Settings.Change(ctx, call.Operator, "settings", func(v setting.Values) ([]bridge.Changed, error) {
				s, err := siteSettings{d, call}.subject(v)
				if err != nil {
					return nil, err
				}
				changes, err := change(s)
				keys = nil
				for _, c := range changes {
					keys = append(keys, c.Key)
				}
				return changed(changes), err
			})
			if err != nil || slices.Contains(keys, string(setting.NoticeEnds)) { // the answer says the end
				return "", err
			}
			return siteSettings{d, call}.noticeEnds(keys...), nil
		},
		Last: func(d *Desk, ctx context.Context, _ Call) (string, time.Time, error) {
			return d.last(ctx, bridge.AuditSite)
		},
	}
}

// subject is the group that a call names, bound to values: a setting stands for its group, and nothing for the
// first one of a form, and for all settings in a line.
func (x siteSettings) subject(v setting.Values) (Subject, error) {
	word := strings.ToLower(x.call.arg("group"))
	if key, value, texts := strings.Cut(word, "="); texts { // several keys at once leave the group out; see Desk.parse
		if s, language, known := setting.Find(key); known && language != "" {
			return Subject{}, refuse("A text in one language is set alone: %s. Several at once have all languages of a text: %s.",
				"settings "+key+"="+value, "settings "+string(s.Group)+" "+string(s.Name)+"=…")
		}
		word = key
	}
	if word == "" && !x.call.form {
		return Subject{Name: x.call.Voice.Say("Settings"), Keys: settingKeys(v, setting.All(), x.desk.bridge.Hours.Today())}, nil
	}
	if word == "" {
		word = string(setting.Look)
	}
	group := setting.Group(word)
	if s, _, ok := setting.Find(word); ok && len(setting.In(group)) == 0 {
		group = s.Group
	}
	for _, g := range setting.Groups() {
		if list := setting.In(group); g.Group == group && len(list) > 0 {
			return Subject{Name: x.call.Voice.Say(g.Title), Arg: string(group), Keys: settingKeys(v, list, x.desk.bridge.Hours.Today())}, nil
		}
	}
	return Subject{}, noSetting(word)
}

// settingKeys are settings as the keys of a record.
func settingKeys(v setting.Values, list []setting.Setting, now time.Time) []Key {
	var keys []Key
	for _, s := range list {
		f := Field{Name: string(s.Name), Label: s.Label, Help: s.Help, Kind: Text}
		switch s.Type {
		case setting.Choice:
			f.Kind, f.Options, f.Required = OneOf, s.Values(), true
		case setting.YesNo:
			f.Kind = Flag
		case setting.Words, setting.Fields:
			f.Kind = Lines
		}
		keys = append(keys, Key{Field: f, Permission: bridge.MaySuper, Value: settingOf(v, s, now), Shown: shownAsIs})
	}
	return keys
}

// shownAsIs says a value as it is written.
func shownAsIs(_ voice.Voice, value string) string {
	if value == "" {
		return nothingSaid
	}
	return voice.Clip(strings.Join(strings.Fields(value), " "), 60)
}

// settingOf is the Value of a setting. A Flag is "" when it is off, and all texts of Words are one text, in which each
// language has a line that begins with its tag and a colon.
func settingOf(v setting.Values, s setting.Setting, now time.Time) Value {
	key := string(s.Name)
	switch s.Type {
	case setting.YesNo:
		return value{func() string {
			if v.On(s.Name) {
				return on
			}
			return ""
		}, func(text string) error {
			if text == "" {
				text = "off"
			}
			v.Set(key, text)
			return nil
		}}
	case setting.Words:
		return value{func() string { return setting.WriteWords(v.Languages(s.Name)) }, func(text string) error {
			texts, err := s.ReadWords(text)
			if err != nil {
				return err
			}
			for language := range v.Languages(s.Name) {
				v.Set(setting.Key(s.Name, language), "")
			}
			for language, text := range texts {
				v.Set(setting.Key(s.Name, language), text)
			}
			return nil
		}}
	}
	return value{func() string { return v.At(key) }, func(text string) error {
		read, err := s.Read(bridge.CleanText(text), now)
		if err == nil {
			v.Set(key, read)
		}
		return err
	}}
}
