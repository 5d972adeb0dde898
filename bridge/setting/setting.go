package setting

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Name is the name of a setting, as operators write it.
type Name string

// Setting is one thing that can be set. Label, Help and the Help of Options are English formats, as phrase.Say takes them.
type Setting struct {
	Name    Name
	Group   Group
	Type    Type
	Label   string // names it in a form
	Help    string // says what it is for, in whole sentences
	Example string // a value that people may write; a Choice and a YesNo need none
	Default string // in the normal form of the type
	Place   Place

	Options  []Option      // for Choice: the values that there are
	Shortest time.Duration // for Duration; off is possible all the same if it is the default
	Longest  time.Duration // for Duration
	Letters  int           // for Words: how many one text may have
	Steps    []string      // for Steps: the words that a step may have
	Many     int           // for Fields: how many there may be
}

// Option is a value of a Choice. Help says in a whole sentence what is so then; it may be empty.
type Option struct{ Value, Help string }

// Values lists the values of a Choice.
func (s Setting) Values() []string {
	var list []string
	for _, o := range s.Options {
		list = append(list, o.Value)
	}
	return list
}

// Group is what a setting belongs to: the word that the command "settings" takes for it.
type Group string

// The groups.
const (
	Look    Group = "look"
	Form    Group = "form"
	Texts   Group = "texts"
	Offline Group = "offline"
	Times   Group = "times"
	Privacy Group = "privacy"
)

// Titled is a group with the name that people read, an English format.
type Titled struct {
	Group
	Title string
}

// Groups lists the groups, in the order in which they are shown.
func Groups() []Titled {
	return []Titled{
		{Group: Look, Title: "Look"}, {Group: Form, Title: "Form"}, {Group: Texts, Title: "Texts"}, {Group: Offline, Title: "Offline"},
		{Group: Times, Title: "Times"}, {Group: Privacy, Title: "Privacy"},
	}
}

// Type is what a setting's value is.
type Type int

// The types. The zero Type is none.
const (
	Words    Type = iota + 1 // a text for each language, of several lines
	Choice                   // one of Options
	YesNo                    // on or off
	Duration                 // a span of time such as 90s, 1h30m or 14d
	Colour                   // a colour such as #1a73e8
	Fields                   // fields of the request form, as ParseFields reads them
	Steps                    // what is done step by step, as package schedule reads it
	Moment                   // a moment, such as 18:00 or 2026-12-01 18:00
)

// Place is who sees a setting's effect.
type Place string

// The places.
const (
	AtDesk   Place = "the desk"
	InWidget Place = "the site"
	Both     Place = "the desk and the site"
)

// declared has the settings by name.
var declared = sync.OnceValue(func() map[Name]Setting {
	list := make(map[Name]Setting)
	for _, s := range All() {
		list[s.Name] = s
	}
	return list
})

// Of returns a setting that is declared.
func Of(n Name) Setting { return declared()[n] }

// In lists the settings of a group, in the order of their declaration.
func In(g Group) []Setting {
	return slices.DeleteFunc(All(), func(s Setting) bool { return s.Group != g })
}

// tags matches the tag of a language in lower case (RFC 5646, without singletons and private use).
var tags = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}$`)

// ReadLanguage brings the tag of a language into lower case, with hyphens; ok is false for what has not the form of one.
func ReadLanguage(text string) (tag string, ok bool) {
	tag = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), "_", "-"))
	return tag, tags.MatchString(tag)
}

// Find finds the setting to which a key belongs, in any case, and the language of its text: "" for the one that
// counts for all languages.
func Find(key string) (s Setting, language string, ok bool) {
	name, language, split := strings.Cut(strings.ToLower(strings.TrimSpace(key)), ".")
	s, ok = declared()[Name(name)]
	if split && (s.Type != Words || !tags.MatchString(language)) {
		return Setting{}, "", false
	}
	return s, language, ok
}

// Key is the key of a setting's value, or of its text in a language.
func Key(n Name, language string) string {
	if language == "" {
		return string(n)
	}
	return string(n) + "." + language
}
