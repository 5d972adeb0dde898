package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/setting"
	"porchlight/bridge/voice"
)

// settingCommands declares the commands about what is set for the site.
func settingCommands() []Command {
	return []Command{
		{Name: "settings", Group: Site, Title: "What is set for the site", Run: showSettings, Record: settingsRecord(), Permission: bridge.MaySuper,
			Help: "A group shows its settings, a setting itself and what it is for; with a value behind it, it is changed: settings offline hide. A text may have a language: settings greeting.de Hallo! With nothing behind the = it is emptied: settings greeting=",
			Fields: []Field{{Name: "group", Label: "The group, or a setting", Kind: Word, Choices: settingGroups},
				{Name: "value", Label: "The setting's new value", Kind: Rest, Bare: true}}},
		{Name: "settings-reset", Group: Site, Title: "Have a setting's default again", Run: resetSetting, Permission: bridge.MaySuper,
			Fields: []Field{{Name: "key", Label: "The setting", Kind: Word, Required: true, Choices: settingsSet}}},
	}
}

// settingGroups lists the groups that have settings.
func settingGroups(_ *Desk, _ context.Context, call Call) ([]Choice, error) {
	var list []Choice
	for _, g := range setting.Groups() {
		if len(setting.In(g.Group)) > 0 {
			list = append(list, Choice{string(g.Group), call.Voice.Say(g.Title)})
		}
	}
	return list, nil
}

// settingsSet lists the keys that have other values than their defaults, by the labels that they have in the form of settings.
func settingsSet(d *Desk, _ context.Context, call Call) ([]Choice, error) {
	var list []Choice
	now := d.bridge.Settings.Values()
	for _, s := range setting.All() {
		for _, key := range now.Keys(s) {
			if _, set := now[key]; set {
				label := call.Voice.Say(s.Label)
				if _, language, _ := setting.Find(key); language != "" {
					label += " (" + language + ")"
				}
				list = append(list, Choice{key, label})
			}
		}
	}
	return list, nil
}

// siteSettings carries out one call about the site's settings.
type siteSettings struct {
	desk *Desk
	call Call
}

// showSettings shows a group or a setting, or sets one.
func showSettings(d *Desk, ctx context.Context, call Call) (string, error) {
	word, value, sets := settingLine(call.arg("group"), call.arg("value"))
	s, language, known := setting.Find(word)
	group := setting.In(setting.Group(strings.ToLower(word)))
	key := setting.Key(s.Name, language)
	switch {
	case word == "":
		return settingsOverview(call), nil
	case len(group) > 0 && !sets:
		return siteSettings{d, call}.of(group), nil
	case !known && len(group) > 0:
		return "", noneOf(group, word, "settings")
	case !known:
		return "", noSetting(word)
	case !sets:
		return siteSettings{d, call}.explain(s, language), nil
	case value == "" && s.Default != "":
		return "", refuse("%s can't be empty. %s gives it its default again: %s.", key, "settings-reset "+key, s.Default)
	}
	return siteSettings{d, call}.set(ctx, s, key, value)
}

// settingLine cuts what was written into a word and a value, which = may separate. sets is false if there is neither = nor a value.
func settingLine(group, rest string) (word, value string, sets bool) {
	word, value, sets = strings.Cut(group, "=")
	if !sets {
		value, sets = strings.CutPrefix(rest, "=")
	} else {
		value += " " + rest
	}
	value = strings.TrimSpace(value)
	return word, value, sets || value != ""
}

// noneOf refuses the name of a group where that of a setting is needed.
func noneOf(group []setting.Setting, word, command string) error {
	return refuse("%q is a group of settings: name one of them, such as %s.", voice.Clip(word, 40), command+" "+string(group[0].Name))
}

// settingsOverview says which groups there are, on one line.
func settingsOverview(call Call) string {
	var list []string
	for _, g := range setting.Groups() {
		if len(setting.In(g.Group)) > 0 {
			list = append(list, call.Voice.Say(g.Title)+": settings "+string(g.Group))
		}
	}
	return strings.Join(list, " · ")
}

// noSetting refuses a word that is no key, and names the nearest one.
func noSetting(word string) error {
	if name, tag, ok := strings.Cut(word, "."); ok {
		if s, _, known := setting.Find(name); known && s.Type == setting.Words {
			if _, err := bridge.ParseLanguage(tag); err != nil {
				return err
			}
		}
	}
	var groups []string
	for _, g := range setting.Groups() {
		if len(setting.In(g.Group)) > 0 {
			groups = append(groups, string(g.Group))
		}
	}
	words := slices.Clone(groups)
	for _, s := range setting.All() {
		words = append(words, string(s.Name))
	}
	if best := nearest(strings.ToLower(word), words); best != "" {
		return refuse("%q is no setting. Did you mean %s?", voice.Clip(word, 40), best)
	}
	return refuse("%q is no setting. They are in groups: %s. For example: settings %s.", voice.Clip(word, 40), strings.Join(groups, ", "), groups[0])
}

// of shows the settings of a group with their values, on one line.
func (x siteSettings) of(group []setting.Setting) string {
	now := x.desk.bridge.Settings.Values()
	var list []string
	for _, s := range group {
		for i, key := range now.Keys(s) {
			if i == 0 && s.Type == setting.Words && now.At(key) == "" && len(now.Keys(s)) > 1 {
				continue // there are texts for languages only
			}
			list = append(list, key+" = "+x.said(s, now.At(key)))
		}
	}
	return strings.Join(list, " · ")
}

// said is a value with what else it may be.
func (x siteSettings) said(s setting.Setting, value string) string {
	return orElse(s, x.value(s, value))
}

// orElse adds what else a value may be.
func orElse(s setting.Setting, said string) string {
	if s.Type == setting.Choice {
		said += " (" + strings.Join(s.Values(), ", ") + ")"
	}
	return said
}

// whole says all of a value; value cuts it to a length that fits a list.
func (x siteSettings) whole(s setting.Setting, value string) string {
	if value != "" && (s.Type == setting.Words || s.Type == setting.Fields) {
		return `"` + value + `"`
	}
	return x.value(s, value)
}

// value says a value.
func (x siteSettings) value(s setting.Setting, value string) string {
	switch {
	case value == "":
		return nothingSaid
	case s.Type == setting.Moment:
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return x.moment(at)
		}
	case s.Type == setting.Words, s.Type == setting.Fields:
		return `"` + voice.Clip(strings.Join(strings.Fields(value), " "), 60) + `"`
	}
	return value
}

// moment says a moment of the site. One that is near has its seconds: without them it might seem to be over.
func (x siteSettings) moment(at time.Time) string {
	layout, now := "2006-01-02 15:04 MST", x.desk.bridge.Hours.Today()
	if at.Sub(now).Abs() < 2*time.Minute {
		layout = "2006-01-02 15:04:05 MST"
	}
	return at.In(now.Location()).Format(layout)
}

// noticeEnds says when a notice goes that was set now, since its end may stand from the one before; "" if nothing was said about a
// notice, or it stays.
func (x siteSettings) noticeEnds(keys ...string) string {
	about := slices.ContainsFunc(keys, func(key string) bool { s, _, _ := setting.Find(key); return s.Name == setting.NoticeText })
	at := x.desk.bridge.Settings.Values().Moment(setting.NoticeEnds)
	if !about || at.IsZero() || len(x.desk.bridge.Settings.Notice()) == 0 {
		return ""
	}
	return x.call.Voice.Say("The notice goes by itself: %s. To keep it: %s", x.moment(at), "settings-reset "+string(setting.NoticeEnds))
}

// explain says a setting's value, or its text in one language, and what it is for. No language stands for all texts.
func (x siteSettings) explain(s setting.Setting, language string) string {
	now := x.desk.bridge.Settings.Values()
	keys := now.Keys(s)
	if language != "" {
		keys = []string{setting.Key(s.Name, language)}
	}
	var lines []string
	for _, key := range keys {
		lines = append(lines, key+" = "+orElse(s, x.whole(s, now.At(key))))
	}
	lines = append(lines, x.call.Voice.Say(s.Help))
	if s.Example != "" {
		lines = append(lines, x.call.Voice.Say("For example: %s", "settings "+keys[0]+" "+s.Example))
	}
	return strings.Join(lines, "\n")
}

// set gives a key a value as somebody has written it.
func (x siteSettings) set(ctx context.Context, s setting.Setting, key, text string) (string, error) {
	value, err := s.Read(bridge.CleanText(text), x.desk.bridge.Hours.Today())
	if err != nil {
		return "", err
	}
	return x.turn(ctx, s, key, value)
}

// resetSetting gives a key its default again.
func resetSetting(d *Desk, ctx context.Context, call Call) (string, error) {
	s, language, known := setting.Find(call.arg("key"))
	if group := setting.In(setting.Group(strings.ToLower(call.arg("key")))); !known && len(group) > 0 {
		return "", noneOf(group, call.arg("key"), "settings-reset")
	}
	if !known {
		return "", noSetting(call.arg("key"))
	}
	return siteSettings{d, call}.turn(ctx, s, setting.Key(s.Name, language), setting.Values(nil).At(setting.Key(s.Name, language)))
}

// turn stores the value of a key, and answers what was, what is, and how to take it back.
func (x siteSettings) turn(ctx context.Context, s setting.Setting, key, value string) (string, error) {
	var was string
	err := x.desk.bridge.Settings.Change(ctx, x.call.Operator, "settings", func(v setting.Values) ([]bridge.Changed, error) {
		if was = v.At(key); was == value {
			return nil, errUnchanged
		}
		v.Set(key, value)
		return []bridge.Changed{{Key: key, Was: was, Is: value}}, nil
	})
	if err == errUnchanged {
		return x.call.Voice.Say("%s: that is how it was. Nothing was changed.", key), nil
	}
	if err != nil {
		return "", err
	}
	lines := []string{key + ": " + x.value(s, was) + " → " + x.whole(s, value) + "."}
	if i := slices.IndexFunc(s.Options, func(o setting.Option) bool { return o.Value == value }); i >= 0 {
		lines[0] += " " + x.call.Voice.Say(s.Options[i].Help)
	}
	if ends := x.noticeEnds(key); ends != "" {
		lines = append(lines, ends)
	}
	back := "settings " + key + " " + was
	if was == setting.Values(nil).At(key) && s.Type != setting.Choice {
		back = "settings-reset " + key
	}
	return strings.Join(append(lines, x.call.Voice.Say("Back: %s", back)), "\n"), nil
}
