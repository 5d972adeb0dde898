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

// catalogues has a file for each language except English, with the translation of every
// English format that is said to anybody. A test compares the files with what the code,
// the page without script and the widget say.
//
//go:embed words/*.json
var catalogues embed.FS

// Language is a language in which phrases are said. It may be used by any
// goroutine.
type Language struct {
	Tag   string            // a language tag of RFC 5646, for example de
	Name  string            // what the language calls itself
	words map[string]string // translations by English format; nil: English itself
}

// languages are English and then each language that has a catalogue.
var languages = sync.OnceValue(func() []*Language {
	list := []*Language{{Tag: "en", Name: "English"}, {Tag: "de", Name: "Deutsch"}, {Tag: "es", Name: "Español"}, {Tag: "fr", Name: "Français"}}
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

// Languages lists all languages that can be spoken, English first.
func Languages() []*Language { return slices.Clone(languages()) }

// Tongue returns the language that the first known one of the tags asks for (de and de-AT
// both ask for German), and English if none is known: the lookup of RFC 4647 §3.4.
func Tongue(tags ...string) *Language {
	for _, tag := range tags {
		for tag = strings.ToLower(tag); tag != ""; tag = shorter(tag) {
			if i := slices.IndexFunc(languages(), func(l *Language) bool { return l.Tag == tag }); i >= 0 {
				return languages()[i]
			}
		}
	}
	return languages()[0]
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
