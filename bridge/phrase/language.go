package phrase

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// catalogues has a file for each language except English, with translations by English
// format: of all that is said to anybody where operators read the language, else of what
// visitors read. A test compares the files with what the code, the page without script and
// the widget say.
//
//go:embed words/*.json
var catalogues embed.FS

// Language is a language in which phrases are said. It may be used by any
// goroutine.
type Language struct {
	Tag   string            // a language tag of RFC 5646, for example de
	Name  string            // what the language calls itself
	Desk  bool              // operators read it too
	RTL   bool              // it is written from right to left
	words map[string]string // translations by English format; nil: English itself
}

// languages are English and then each language that has a catalogue.
var languages = sync.OnceValue(func() []*Language {
	list := []*Language{
		{Tag: "en", Name: "English", Desk: true}, {Tag: "de", Name: "Deutsch", Desk: true}, {Tag: "es", Name: "Español", Desk: true}, {Tag: "fr", Name: "Français", Desk: true},
		{Tag: "ar", Name: "العربية", RTL: true}, {Tag: "ca", Name: "Català"}, {Tag: "da", Name: "Dansk"}, {Tag: "fa", Name: "فارسی", RTL: true},
		{Tag: "he", Name: "עברית", RTL: true}, {Tag: "it", Name: "Italiano"}, {Tag: "ja", Name: "日本語"}, {Tag: "nl", Name: "Nederlands"},
		{Tag: "pl", Name: "Polski"}, {Tag: "pt", Name: "Português"}, {Tag: "ru", Name: "Русский"}, {Tag: "zh", Name: "中文"},
	}
	for _, l := range list[1:] {
		b, err := catalogues.ReadFile("words/" + l.Tag + ".json")
		if err == nil {
			err = json.Unmarshal(b, &l.words)
		}
		if err != nil { // can't happen: the catalogues are part of the program, and tested
			panic(fmt.Errorf("read catalogue %s: %w", l.Tag, err))
		}
	}
	return list
})

// Languages lists all languages that can be spoken to visitors, English first.
func Languages() []*Language { return slices.Clone(languages()) }

// deskLanguages are those of languages that can be spoken to operators.
var deskLanguages = sync.OnceValue(func() []*Language {
	return slices.DeleteFunc(Languages(), func(l *Language) bool { return !l.Desk })
})

// DeskLanguages lists the languages that can be spoken to operators, English first.
func DeskLanguages() []*Language { return slices.Clone(deskLanguages()) }

// Tongue returns the language in which a visitor is spoken to: that of the first known one
// of the tags (de and de-AT both ask for German), and English if none is known. That is the
// lookup of RFC 4647 §3.4.
func Tongue(tags ...string) *Language { return lookUp(languages(), tags) }

// DeskTongue is Tongue for an operator.
func DeskTongue(tags ...string) *Language { return lookUp(deskLanguages(), tags) }

func lookUp(list []*Language, tags []string) *Language {
	for _, tag := range tags {
		for tag = strings.ToLower(tag); tag != ""; tag = shorter(tag) {
			if i := slices.IndexFunc(list, func(l *Language) bool { return l.Tag == tag }); i >= 0 {
				return list[i]
			}
		}
	}
	return list[0]
}

// shorter takes the last subtag off a tag, and the single letter before it that introduced
// it: zh-hant-x-private becomes zh-hant.
func shorter(tag string) string {
	tag = tag[:max(0, strings.LastIndexByte(tag, '-'))]
	if n := len(tag); n >= 2 && tag[n-2] == '-' {
		tag = tag[:n-2]
	}
	return tag
}

// Ranges reads the value of an Accept-Language header (RFC 9110 §12.5.4): it returns the
// tags in the order of preference, without * and without tags of quality 0. It reads no
// more than mostRanges tags.
func Ranges(list string) []string {
	type wish struct {
		tag     string
		quality float64
	}
	var wishes []wish
	for part := range strings.SplitSeq(list, ",") {
		tag, weight, weighted := strings.Cut(part, ";")
		w := wish{strings.TrimSpace(tag), 1}
		if weighted {
			q, _ := strings.CutPrefix(strings.TrimSpace(weight), "q=")
			w.quality, _ = strconv.ParseFloat(q, 64) // a weight that can't be read counts as 0
		}
		if w.tag != "" && w.tag != "*" && w.quality > 0 {
			wishes = append(wishes, w)
		}
		if len(wishes) == mostRanges {
			break
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(b.quality, a.quality) })
	tags := make([]string, len(wishes))
	for i, w := range wishes {
		tags[i] = w.tag
	}
	return tags
}

// mostRanges is far more tags than any browser sends.
const mostRanges = 20

// Dir is the direction in which the language is written, as the attribute dir of HTML has it.
func (l *Language) Dir() string {
	if l.RTL {
		return "rtl"
	}
	return "ltr"
}

// Say says a phrase in the language.
func (l *Language) Say(p Phrase) string { return p.in(l.Translate) }

// SayAll says each phrase of a map; nil stays nil.
func (l *Language) SayAll(list map[string]Phrase) map[string]string {
	if list == nil {
		return nil
	}
	said := make(map[string]string, len(list))
	for key, p := range list {
		said[key] = l.Say(p)
	}
	return said
}

// Translate returns the language's format for an English one, and the English format
// itself if the language has none.
func (l *Language) Translate(english string) string {
	if translated := l.words[english]; translated != "" {
		return translated
	}
	return english
}
