package phrase

import (
	"strings"
	"testing"
)

// A tag finds its language by the lookup of RFC 4647 §3.4: subtags are taken off the end,
// one by one. English stands for every language that has no catalogue.
func TestTongue(t *testing.T) {
	for _, c := range []struct {
		tags []string
		want string
	}{
		{nil, "en"}, {[]string{""}, "en"}, {[]string{"de"}, "de"}, {[]string{"DE-at"}, "de"},
		{[]string{"de-Latn-x-a"}, "de"}, {[]string{"es-419"}, "es"}, {[]string{"den"}, "en"}, {[]string{"x-de"}, "en"},
		{[]string{"sv", "fr-CA", "de"}, "fr"}, {[]string{"sv", "*"}, "en"}, {[]string{"-"}, "en"}, {[]string{"pt-BR"}, "pt"}, {[]string{"zh-Hant-TW"}, "zh"}, {[]string{"zh-HK"}, "zh"},
	} {
		if got := Tongue(c.tags...).Tag; got != c.want {
			t.Errorf("%q: %s, want %s", c.tags, got, c.want)
		}
	}
}

// An operator is spoken to only in a language into which everything is translated.
func TestDeskTongue(t *testing.T) {
	for tag, want := range map[string]string{"": "en", "it": "en", "ar-EG": "en", "de-AT": "de", "fr": "fr", "es-419": "es"} {
		if got := DeskTongue(tag).Tag; got != want {
			t.Errorf("%q: %s, want %s", tag, got, want)
		}
	}
	if got := DeskTongue("he", "fr").Tag; got != "fr" {
		t.Errorf("he, fr: %s", got)
	}
}

// A language that is written from right to left says so.
func TestLanguage_Dir(t *testing.T) {
	for _, l := range Languages() {
		want := "ltr"
		if strings.Contains("ar fa he", l.Tag) {
			want = "rtl"
		}
		if l.Dir() != want {
			t.Errorf("%s is written %s", l.Tag, l.Dir())
		}
	}
}

// The tags come in the order of preference, without those that are not wanted or whose
// weight can't be read (RFC 9110 §12.5.4 and §12.4.2).
func TestRanges(t *testing.T) {
	for list, want := range map[string]string{
		"": "", "*": "", "de": "de", "de-AT,de;q=0.9,en;q=0.8": "de-AT de en", "en;q=0.5, fr": "fr en",
		"da, en-gb;q=0.8, en;q=0.7, *;q=0.1": "da en-gb en", "de;q=0, es ; q=0.3": "es", "de;q=x,,fr;level=1,es": "es",
		strings.Repeat("x,", 30): strings.TrimSpace(strings.Repeat("x ", mostRanges)),
	} {
		if got := strings.Join(Ranges(list), " "); got != want {
			t.Errorf("%q: %q, want %q", list, got, want)
		}
	}
}

// A language says what it has a translation of, and the rest in English.
func TestLanguage_Say(t *testing.T) {
	for tag, want := range map[string]string{"de": "#12 hat sich erledigt: gelöst", "en": "#12 is over: solved", "sv": "#12 is over: solved"} {
		if got := Tongue(tag).Say(Say("#%d is over: %s", 12, Say("solved"))); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if got := Tongue("de").Say(Phrase{Format: "what nobody translated"}); got != "what nobody translated" {
		t.Errorf("got %q", got)
	}
	for _, l := range Languages()[1:] {
		if len(l.words) == 0 {
			t.Errorf("%s has no words", l.Tag)
		}
	}
}
