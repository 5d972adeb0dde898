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

// The catalogues: each language but English has a file with the translation of
// every English format that is said to anybody. A test compares them with what
// the code, the page without script and the widget say.
//
//go:embed words/*.json
var catalogues embed.FS

// Language is a language in which phrases are said. It may be used by any
// goroutine.
type Language struct {
	Tag   string            // as of RFC 5646, for example de
	Name  string            // what the language calls itself
	words map[string]string // translations by English format; nil: English itself
}

// languages are those that have a catalogue, and English first.
var languages = sync.OnceValue(func() []*Language {
	list := []*Language{{Tag: "en", Name: "English"}, {Tag: "de", Name: "Deutsch"}, {Tag: "es", Name: "Español"}, {Tag: "fr", Name: "Français"}}
	for _, l := range list[1:] {
		b, err := catalogues.ReadFile("words/" + l.Tag + ".json")
		if err == nil {
			err = json.Unmarshal(b, &l.words)
		}
		if err != nil { // the catalogues are part of the program, and tested
			panic(fmt.Errorf("read catalogue %s: %w", l.Tag, err))
		}
	}
	return list
})

// Languages lists all that can be spoken, English first.
func Languages() []*Language { return slices.Clone(languages()) }

// Tongue is the first language that one of the tags asks for, such as de or
// de-AT, and English if there is none: the lookup of RFC 4647 §3.4.
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

// shorter takes the last subtag off a tag, with a single letter that introduced
// it: zh-hant of zh-hant-x-private.
func shorter(tag string) string {
	tag = tag[:max(0, strings.LastIndexByte(tag, '-'))]
	if n := len(tag); n >= 2 && tag[n-2] == '-' {
		tag = tag[:n-2]
	}
	return tag
}

// Ranges reads a list of languages as Accept-Language has it (RFC 9110 §12.5.4):
// the tags by preference, of the first few, without * and what is not wanted.
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
			w.quality, _ = strconv.ParseFloat(q, 64) // one that can't be read is not wanted
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

// mostRanges is far more than any browser sends.
const mostRanges = 20

// Say says a phrase in the language.
func (l *Language) Say(p Phrase) string { return p.In(l.Translate) }

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

// Translate gives the language's format for an English one, and the English one
// where it has none.
func (l *Language) Translate(english string) string {
	if translated := l.words[english]; translated != "" {
		return translated
	}
	return english
}
