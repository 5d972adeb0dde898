package main

import (
	"strings"
	"testing"
	"time"

	"porchlight/bridge/setting"
)

// Every setting stands in docs/settings.md as it is declared, by group.
func TestSettings_AreInTheDocs(t *testing.T) {
	var b strings.Builder
	for _, g := range setting.Groups() {
		list := setting.In(g.Group)
		if len(list) == 0 {
			continue
		}
		b.WriteString("\n### " + g.Title + ": `settings " + string(g.Group) + "`\n\n| setting | is | default | for example | seen |\n|---|---|---|---|---|\n")
		for _, s := range list {
			b.WriteString("| `" + string(s.Name) + "` | " + strings.ReplaceAll(settingDoc(s), "|", "\\|") + " | " + code(s.Default) + " | " + code(s.Example) + " | " + string(s.Place) + " |\n")
		}
	}
	rendered(t, "docs/settings.md", "settings", b.String()+"\n")
}

// Each example is a value.
func TestSettings_ExamplesAreRight(t *testing.T) {
	now := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	for _, s := range setting.All() {
		if value, err := s.Read(s.Example, now); err != nil || s.Example != "" && value == s.Default {
			t.Errorf("%s %s: %q, %v", s.Name, s.Example, value, err)
		}
	}
}

// settingDoc says what a setting is for, with its values.
func settingDoc(s setting.Setting) string {
	text := s.Help
	for _, o := range s.Options {
		text += " `" + o.Value + "`: " + o.Help
	}
	if s.Type == setting.YesNo {
		text += " `on` or `off`."
	}
	return text
}

// code marks a value, unless there is none.
func code(value string) string {
	if value == "" {
		return "–"
	}
	return "`" + value + "`"
}
