package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"porchlight/bridge/desk"
	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// Settings are shown by group and alone, changed and reset by lines, each answered with the line that takes it back.
func TestSettings_Lines(t *testing.T) {
	o := newOffice(t)
	for _, step := range []struct{ line, want string }{
		{"settings", "Look: settings look · Form: settings form · Texts: settings texts · Offline: settings offline"},
		{"settings offline", "offline = form (form, hide, mail) · offline-text = – · whatsapp = on"},
		{"settings offline hide", "offline: form → hide. The button is gone from the site when nobody is here.\nBack: settings offline form"},
		{"settings offline hide", "offline: that is how it was. Nothing was changed."},
		{"settings offline form", "offline: hide → form. Visitors can leave a message when nobody is here.\nBack: settings offline hide"},
		{"settings offline gone", `error: "gone" is none of form, hide, mail. Nothing was changed.`},
		{"settings colour lime", `error: "lime" is no colour such as #1a73e8 with enough contrast (4.5:1) on white. Nothing was changed.`},
		{"settings colour #1A73E8", "colour: #27336b → #1a73e8.\nBack: settings-reset colour"},
		{"settings colour = #27336b", "colour: #1a73e8 → #27336b.\nBack: settings colour #1a73e8"},
		{"settings offline-text.en = Leave us a message", "offline-text.en: – → \"Leave us a message\".\nBack: settings-reset offline-text.en"},
		{"settings Offline-Text.de=Schreib uns", "offline-text.de: – → \"Schreib uns\".\nBack: settings-reset offline-text.de"},
		{"settings offline", `offline = form (form, hide, mail) · offline-text.de = "Schreib uns" · offline-text.en = "Leave us a message" · whatsapp = on`},
		{"settings-reset offline-text.de", "offline-text.de: \"Schreib uns\" → –.\nBack: settings offline-text.de Schreib uns"},
		{"settings-reset offline-text.de", "offline-text.de: that is how it was. Nothing was changed."},
		{"settings whatsapp no", "whatsapp: on → off.\nBack: settings-reset whatsapp"},
		{"settings offline offline=hide whatsapp=on", "Offline: offline form → hide; whatsapp off → on.\nBack: settings offline offline=form whatsapp=off"},
		{"settings retention", "retention = off\nHow long conversations are kept after they ended; then they are deleted for good. A department may have its own time. off: for ever.\nFor example: settings retention 365d"},
		{"settings retention 1y", `error: "1y" is no span of time such as 30d, 52w or 365d. Nothing was changed.`},
		{"settings notice-until 18:00", "notice-until: – → 2026-11-21 18:00 UTC.\nBack: settings-reset notice-until"},
		{"settings fields Order number!; Product: Shop, App", "fields: – → \"Order number!; Product: Shop, App\".\nBack: settings-reset fields"},
		{"settings coluor red", `error: "coluor" is no setting. Did you mean colour? Nothing was changed.`},
		{"settings nothing", `error: "nothing" is no setting. They are in groups: look, form, texts, offline, `},
		{"settings retention 1m", `error: "1m" is out of bounds: it goes from 1d to 7320d, or is off.`}, // who means a month deletes nothing
		{"settings-reset look", `error: "look" is a group of settings: name one of them, such as settings-reset colour. Nothing was changed.`},
		{"settings-reset nothing", `error: "nothing" is no setting. They are in groups: look, form, texts, offline, `},
		{"settings colour.de red", `error: "colour.de" is no setting.`},
		{"settings greeting.zzzz Hi", `error: "zzzz" is no language such as de or pt-br. Nothing was changed.`},
		{"audit 7d", "settings fields – → Order number!; Product: Shop, App\n"},
	} {
		if got := o.say(xavi, "", step.line); !strings.Contains(got, step.want) {
			t.Errorf("%s: got %q, want %q", step.line, got, step.want)
		}
	}
	if got := o.say(olga, "", "settings look"); !strings.HasPrefix(got, "error: You may not use settings") {
		t.Errorf("Olga: %q", got)
	}
	if got := o.bridge.Settings.Text(setting.WhenOffline); got != "hide" {
		t.Errorf("offline is %s", got)
	}
}

// KEY= empties a setting that may be empty, and is refused for another one with what is right. A setting that is asked for is shown
// whole, with its texts in all languages.
func TestSettings_EmptyAndWhole(t *testing.T) {
	o := newOffice(t)
	for _, s := range setting.All() {
		line := "settings " + string(s.Name) + "="
		want := string(s.Name) + ": that is how it was. Nothing was changed."
		if s.Default != "" {
			want = "error: " + string(s.Name) + " can't be empty. settings-reset " + string(s.Name) + " gives it its default again: " + s.Default + ". Nothing was changed."
		}
		if got := o.say(xavi, "", line); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
		if s.Default != "" {
			continue
		}
		o.say(xavi, "", "settings "+string(s.Name)+" "+s.Example)
		if got := o.say(xavi, "", line); !strings.HasPrefix(got, string(s.Name)+": ") || !strings.Contains(got, " → –.\nBack: settings "+string(s.Name)+" ") {
			t.Errorf("%s with a value: got %q", line, got)
		}
		if now := o.bridge.Settings.Text(s.Name); now != "" {
			t.Errorf("%s is %q afterwards", s.Name, now)
		}
	}
	fields := "Order number!; Product: Shop, App, Something else; Customer: yes/no; Size: small, medium, large"
	for _, step := range []struct{ line, want string }{
		{"settings greeting =", "greeting: that is how it was. Nothing was changed."},
		{"settings greeting Hello\nthere", "greeting: – → \"Hello\nthere\"."},
		{"settings greeting.de Hallo", "greeting.de: – → \"Hallo\"."},
		{"settings greeting", "greeting = \"Hello\nthere\"\ngreeting.de = \"Hallo\"\nWhat stands above the form"},
		{"settings greeting.de", "greeting.de = \"Hallo\"\nWhat stands above the form"},
		{"settings greeting.de=", "greeting.de: \"Hallo\" → –.\nBack: settings greeting.de Hallo"},
		{"settings fields " + fields, "fields: – → \"" + fields + "\"."},
		{"settings fields", "fields = \"" + fields + "\"\nWhat else the form asks"},
		{"settings texts Hello", "error: \"texts\" is a group of settings: name one of them, such as settings greeting. Nothing was changed."},
		{"settings texts=", "error: \"texts\" is a group of settings: name one of them, such as settings greeting. Nothing was changed."},
	} {
		if got := o.say(xavi, "", step.line); !strings.HasPrefix(got, step.want) {
			t.Errorf("%s: got %q, want %q", step.line, got, step.want)
		}
	}
}

// A form asks for the group and then shows the whole group, filled in. Texts of all languages stand in one field.
func TestSettings_Form(t *testing.T) {
	c := newCrew(t)
	c.say(xavi, "", "settings greeting Hello")
	c.say(xavi, "", "settings greeting.de Hallo")
	op, _ := c.bridge.Team.Operator(xavi)
	call := desk.Call{Operator: op}
	ctx := context.Background()
	_, form, err := c.Fill(ctx, "settings", call, desk.Filled{})
	if err != nil || len(form.Fields) != 1 || len(form.Fields[0].Choices) < 6 {
		t.Fatalf("%+v, %v", form, err)
	}
	_, form, err = c.Fill(ctx, "settings", call, desk.Filled{Values: map[string][]string{"group": {"texts"}}})
	if err != nil {
		t.Fatal(err)
	}
	values := filledIn(form)
	if got := strings.Join(values["greeting"], "\n"); got != "Hello\nde: Hallo" {
		t.Errorf("greeting is filled in with %q", got)
	}
	values["greeting"] = []string{"Hi", "there", "fr: Salut"}
	answer, again, err := c.Fill(ctx, "settings", call, desk.Filled{Values: values})
	if want := "Texts: greeting Hello de: Hallo → Hi there fr: Salut.\nBack: settings texts greeting=Hello\nde: Hallo"; err != nil || again != nil || answer != want {
		t.Errorf("%q, %v, %v", answer, again, err)
	}
	now := c.bridge.Settings
	if now.Words(setting.Greeting, "de") != "Hi\nthere" || now.Words(setting.Greeting, "fr") != "Salut" {
		t.Errorf("%v", now.Values())
	}
	if got := c.say(xavi, "", "settings texts greeting=Hello\nde: Hallo"); !strings.HasPrefix(got, "Texts: greeting Hi there") || now.Words(setting.Greeting, "de") != "Hallo" {
		t.Errorf("taken back: %q, %v", got, now.Values())
	}
	_, form, err = c.Fill(ctx, "settings-reset", call, desk.Filled{})
	if want := []desk.Choice{{Value: "greeting", Label: "Greeting"}, {Value: "greeting.de", Label: "Greeting (de)"}}; err != nil || !slices.Equal(form.Fields[0].Choices, want) {
		t.Errorf("settings-reset offers %q, %v, want %q", form.Fields[0].Choices, err, want)
	}
	_, form, err = c.Fill(ctx, "settings", call, desk.Filled{Values: map[string][]string{"group": {"look"}}})
	if err != nil {
		t.Fatal(err)
	}
	values = filledIn(form)
	values["colour"] = []string{"lime"}
	if _, form, err = c.Fill(ctx, "settings", call, desk.Filled{Values: values}); phrase.CodeOf(err) != phrase.CodeInvalid || form == nil {
		t.Errorf("%v, %v", form, err)
	}
}
