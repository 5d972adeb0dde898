package desk

import (
	"embed"
	"encoding/json"
	"path"
	"strings"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// The catalogues: for each language but English a file that has the translation
// of every format that is said to operators. A test compares them with the code.
//
//go:embed words/*.json
var catalogues embed.FS

// loadWords reads the catalogues, by language.
func loadWords() map[string]map[string]string {
	all := map[string]map[string]string{english: nil}
	files, err := catalogues.ReadDir("words")
	for _, f := range files {
		var b []byte
		if b, err = catalogues.ReadFile(path.Join("words", f.Name())); err != nil {
			break
		}
		words := make(map[string]string)
		if err = json.Unmarshal(b, &words); err != nil {
			break
		}
		all[strings.TrimSuffix(f.Name(), ".json")] = words
	}
	if err != nil { // they are part of the program, and tested
		panic(err)
	}
	return all
}

const english = "en"

// Languages lists those that the desk speaks, with the names that they have in
// themselves.
func Languages() []Choice {
	return []Choice{{english, "English"}, {"de", "Deutsch"}, {"es", "Español"}, {"fr", "Français"}}
}

// Voice is the desk speaking one operator's language. It may be used by any
// goroutine.
type Voice struct {
	*Desk
	words map[string]string // nil: English
	zone  *time.Location    // of the times it tells
}

// Voice speaks the language of a tag such as de or de-AT (RFC 4647 §3.4), and
// English where the desk does not know it; its times are in UTC.
func (d *Desk) Voice(tag string) Voice { return Voice{d, d.words[Primary(tag)], time.UTC} }

// Primary is the language of a tag without what follows: de of de-AT.
func Primary(tag string) string {
	primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return primary
}

// VoiceFor speaks an operator's language, and tells times in their zone.
func (d *Desk) VoiceFor(o bridge.Operator) Voice {
	v := d.Voice(o.Tongue())
	v.zone = o.Location()
	return v
}

// stamp is a time as it is told, with its zone.
func (v Voice) stamp(t time.Time) string { return t.In(v.zone).Format("2006-01-02 15:04 MST") }

// Say says a format with its particulars.
func (v Voice) Say(format string, args ...any) string { return v.Phrase(phrase.Say(format, args...)) }

// Phrase says what was put aside to be said.
func (v Voice) Phrase(p phrase.Phrase) string { return p.In(v.translate) }

// Error says what may be said of an error to the operator who caused it.
func (v Voice) Error(err error) string { return v.Phrase(phrase.Of(err)) }

func (v Voice) translate(format string) string {
	if said, ok := v.words[format]; ok && said != "" {
		return said
	}
	return format
}
