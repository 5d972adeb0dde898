package setting_test

import (
	"reflect"
	"testing"
	"time"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// now is when the tests read moments: a Tuesday at noon in Madrid.
func now(t *testing.T) time.Time {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(2026, 12, 1, 12, 0, 0, 0, zone)
}

// Each setting is declared once and whole: it has a group that there is, words for people, a place, and a default that
// is a value in its normal form.
func TestAll_AreDeclaredWell(t *testing.T) {
	groups, seen := make(map[setting.Group]bool), make(map[setting.Name]bool)
	for _, g := range setting.Groups() {
		groups[g.Group] = true
	}
	for _, s := range setting.All() {
		if seen[s.Name] || !groups[s.Group] || s.Type == 0 || s.Label == "" || s.Help == "" || s.Place == "" {
			t.Errorf("%s is there twice, or lacks something", s.Name)
		}
		seen[s.Name] = true
		if got, err := s.Read(s.Default, now(t)); err != nil || got != s.Default {
			t.Errorf("%s: the default %q is read as %q, %v", s.Name, s.Default, got, err)
		}
		if again, language, ok := setting.Find(" " + string(s.Name) + " "); !ok || language != "" || again.Name != s.Name {
			t.Errorf("%s is not found", s.Name)
		}
	}
}

func TestFind_KnowsLanguages(t *testing.T) {
	for key, want := range map[string]string{"offline-text.de": "de", "Offline-Text.pt-BR": "pt-br", "offline-text": "", "offline.de": "no", "offline-text.": "no", "offline-text.d": "no", "lime": "no"} {
		_, language, ok := setting.Find(key)
		if !ok {
			language = "no"
		}
		if language != want {
			t.Errorf("%s: %q, want %q", key, language, want)
		}
	}
}

// Values are read as people write them, and come back in one form. What can't be a value is refused, with what is right.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		s          setting.Setting
		text, want string // "!" begins what an error says
	}{
		{setting.Setting{Type: setting.Colour}, "#1A73E8", "#1a73e8"},
		{setting.Setting{Type: setting.Colour}, "036", "#003366"},
		{setting.Setting{Type: setting.Colour}, "#767676", "#767676"}, // 4.54:1
		{setting.Setting{Type: setting.Colour}, "#777777", `!"#777777" is no colour such as #1a73e8 with enough contrast (4.5:1) on white.`},
		{setting.Setting{Type: setting.Colour}, "lime", `!"lime" is no colour such as #1a73e8 with enough contrast (4.5:1) on white.`},
		{setting.Setting{Type: setting.Colour}, "#00ff00", `!"#00ff00" is no colour such as #1a73e8 with enough contrast (4.5:1) on white.`},
		{setting.Setting{Type: setting.YesNo}, "Yes", "on"},
		{setting.Setting{Type: setting.YesNo}, "maybe", `!"maybe" is neither on nor off.`},
		{setting.Setting{Type: setting.Choice, Options: []setting.Option{{Value: "form"}, {Value: "hide"}}}, "HIDE", "hide"},
		{setting.Setting{Type: setting.Choice, Options: []setting.Option{{Value: "form"}, {Value: "hide"}}}, "show", `!"show" is none of form, hide.`},
		{setting.Setting{Type: setting.Duration, Longest: 999 * time.Hour}, "1h 30m", "1h30m"},
		{setting.Setting{Type: setting.Duration, Longest: 999 * time.Hour}, "2w", "14d"},
		{setting.Setting{Type: setting.Duration, Default: "off", Longest: 999 * time.Hour}, "OFF", "off"},
		{setting.Setting{Type: setting.Duration, Longest: 999 * time.Hour}, "soon", `!"soon" is no span of time such as 90s, 15m, 1h30m or 14d.`},
		{setting.Of(setting.Retention), "999999w", `!"999999w" is no span of time such as 30d, 52w or 365d.`}, // longer than can be counted
		{setting.Of(setting.Retention), "9999w9999w9999w9999w1d", `!"9999w9999w9999w9999w1d" is no span of time such as 30d, 52w or 365d.`},
		{setting.Of(setting.Retention), " ", "off"},
		{setting.Setting{Type: setting.Duration, Shortest: time.Minute, Longest: time.Hour}, "off", `!"off" is out of bounds: it goes from 1m to 1h.`},
		{setting.Of(setting.Escalation), "2m ROOM, 60s repeat", "1m repeat, 2m room"},
		{setting.Of(setting.Escalation), "off", "off"},
		{setting.Of(setting.Reminders), "1m room", `!"room" is none of owner, colleagues, takeover. Write for example: 2m owner, 4m owner, 6m colleagues, 8m takeover.`},
		{setting.Setting{Type: setting.Words, Letters: 9}, "a\r\nb", "a\nb"},
		{setting.Setting{Type: setting.Moment}, "18:00", "2026-12-01T18:00:00+01:00"},
		{setting.Setting{Type: setting.Moment}, "9:30", "2026-12-02T09:30:00+01:00"},
		{setting.Setting{Type: setting.Moment}, "2h", "2026-12-01T14:00:00+01:00"},
		{setting.Setting{Type: setting.Moment}, "2027-07-01 18:00", "2027-07-01T18:00:00+02:00"},
		{setting.Setting{Type: setting.Moment}, "2026-12-01T18:00:00+01:00", "2026-12-01T18:00:00+01:00"},
		{setting.Setting{Type: setting.Moment}, "2026-11-30", `!"2026-11-30" is over already.`},
		{setting.Of(setting.ConsentText), "Off", ""}, // no box that says off
		{setting.Setting{Type: setting.Moment}, "tomorrow", `!"tomorrow" is no time such as 18:00, 2026-12-01 18:00 or 2h.`},
		{setting.Setting{Type: setting.Fields, Many: 3}, "Order number!; Product: Shop ,App\nNews : Yes/No", "Order number!; Product: Shop, App; News: yes/no"},
		{setting.Setting{Type: setting.Fields, Many: 3}, "off", ""},
		{setting.Setting{Type: setting.Fields, Many: 3}, "Product: Shop", `!"Shop" is neither text nor yes/no nor a list of 2 to 20 values with commas between.`},
		{setting.Setting{Type: setting.Fields, Many: 3}, "!: text", `!"!: text" needs a name of 1 to 60 letters before the colon.`},
		{setting.Setting{Type: setting.Fields, Many: 3}, "A;a!", `!"a" is there twice.`},
		{setting.Setting{Type: setting.Fields, Many: 3}, "Phone", "!The form asks for the phone number by a setting of its own: settings phone optional."},
		{setting.Setting{Type: setting.Fields, Many: 1}, "A;B", `!These are 2; there is room for 1.`},
	} {
		got, err := c.s.Read(c.text, now(t))
		if err != nil {
			got = "!" + phrase.Of(err).String()
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// A line that begins with a language in lower case begins the text in that language; what is written is read back.
func TestReadWords(t *testing.T) {
	s := setting.Of(setting.Greeting)
	texts, err := s.ReadWords("Hello\r\nPS: we close at 6\nTel: 123\nde: Hallo\nin zwei Zeilen\npt-BR: Oi\nfr:\n")
	want := map[string]string{"": "Hello\nPS: we close at 6\nTel: 123", "de": "Hallo\nin zwei Zeilen", "pt-br": "Oi"}
	if err != nil || !reflect.DeepEqual(texts, want) {
		t.Errorf("%q, %v", texts, err)
	}
	if again, err := s.ReadWords(setting.WriteWords(texts)); err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("read back: %q, %v", again, err)
	}
	if _, err := s.ReadWords("Hello\nde: Hallo\nfr: Salut\nde: Servus"); phrase.Of(err).String() != "de: is there twice. Write one text for each language." {
		t.Errorf("a language that is there twice: %v", err)
	}
}

// The contrast of two colours is that of WCAG's formula.
func TestContrast(t *testing.T) {
	for pair, want := range map[[2]string]float64{{"#000000", "#ffffff"}: 21, {"#777777", "#ffffff"}: 4.478, {"#767676", "#ffffff"}: 4.542, {"#1a73e8", "#ffffff"}: 4.505, {"#ffffff", "#ffffff"}: 1} {
		if got := setting.Contrast(pair[0], pair[1]); got < want-0.001 || got > want+0.001 {
			t.Errorf("%v: %.4f, want %.3f", pair, got, want)
		}
	}
}

// Values have the default of what was not set, and the text in the reader's language.
func TestValues(t *testing.T) {
	v := setting.Values{}
	for key, value := range map[string]string{"retention": "30d", "offline-text": "Hello", "offline-text.de": "Hallo", "offline-text.pt-br": "Oi", "side": "right", "offline": "hide"} {
		v.Set(key, value)
	}
	if _, kept := v["side"]; kept {
		t.Error("a default is kept")
	}
	for language, want := range map[string]string{"de-AT": "Hallo", "de": "Hallo", "fr": "Hello", "": "Hello", "pt": "Hello", "PT-br": "Oi"} {
		if got := v.Words(setting.OfflineText, language); got != want {
			t.Errorf("%s: %q, want %q", language, got, want)
		}
	}
	got := []any{v.Duration(setting.Retention), setting.Values(nil).Duration(setting.Retention), v.On(setting.WhatsApp), v.Text(setting.Side), v.Text(setting.WhenOffline),
		v.Languages(setting.OfflineText), v.Keys(setting.Of(setting.OfflineText), "es"), v.Keys(setting.Of(setting.Side), "es")}
	want := []any{30 * 24 * time.Hour, time.Duration(0), true, "right", "hide",
		map[string]string{"": "Hello", "de": "Hallo", "pt-br": "Oi"}, []string{"offline-text", "offline-text.de", "offline-text.es", "offline-text.pt-br"}, []string{"side"}}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%d: %v, want %v", i, got[i], want[i])
		}
	}
	v.Set("offline-text.de", "")
	if got := v.Words(setting.OfflineText, "de"); got != "Hello" {
		t.Errorf("after the text was taken out: %q", got)
	}
}
