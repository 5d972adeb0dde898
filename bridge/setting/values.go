package setting

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"porchlight/bridge/schedule"
)

// Values are stored values by key, in normal form; what was not set has none. Values must not be changed once others
// may read them.
type Values map[string]string

// Text is the value of a setting, or its default; of Words it is the text that counts for all languages.
func (v Values) Text(n Name) string { return v.At(string(n)) }

// At is the value under a key. A text in one language has no default.
func (v Values) At(key string) string {
	if value, ok := v[key]; ok {
		return value
	}
	return declared()[Name(key)].Default
}

// On reports whether a YesNo is on.
func (v Values) On(n Name) bool { return v.Text(n) == on }

// Duration is the value of a Duration, 0 for off.
func (v Values) Duration(n Name) time.Duration {
	d, _ := readSpan(v.Text(n))
	return d
}

// Steps is the value of Steps. What can't be read any more, because a word is gone, does nothing.
func (v Values) Steps(n Name) schedule.Schedule {
	list, _ := schedule.Parse(v.Text(n), Of(n).Steps, "")
	return list
}

// Fields are the fields of a setting of that type.
func (v Values) Fields(n Name) []Field {
	list, _ := ParseFields(v.Text(n), Of(n).Many)
	return list
}

// Moment is the value of a Moment, zero if there is none.
func (v Values) Moment(n Name) time.Time {
	at, _ := time.Parse(time.RFC3339, v.Text(n))
	return at
}

// Languages are the texts of Words by language, "" for all others; nil if there are none.
func (v Values) Languages(n Name) map[string]string {
	var list map[string]string
	for key, text := range v {
		if name, language, _ := strings.Cut(key, "."); Name(name) == n && text != "" {
			if list == nil {
				list = make(map[string]string)
			}
			list[language] = text
		}
	}
	return list
}

// Words is the text for a reader of a language: the one in that language (de for de-AT, too), or the one for all. It
// is "" if there is none.
func (v Values) Words(n Name, language string) string {
	if text := Choose(v.Languages(n), language); text != "" {
		return text
	}
	return v.Text(n)
}

// Binding are the texts of Words that every visitor is to read: where there is none for all others, but one for some
// language, it is the English one, or else the first by tag. nil: there are none.
func (v Values) Binding(n Name) map[string]string {
	list := v.Languages(n)
	if len(list) > 0 && list[""] == "" {
		list[""] = cmp.Or(list["en"], list[slices.Min(slices.Collect(maps.Keys(list)))])
	}
	return list
}

// Choose chooses among texts by language the one for a reader's language (de for de-AT, too), or else the one for all
// others, which stands under "".
func Choose(texts map[string]string, language string) string {
	for tag := strings.ToLower(language); tag != ""; tag = tag[:max(0, strings.LastIndexByte(tag, '-'))] {
		if text := texts[tag]; text != "" {
			return text
		}
	}
	return texts[""]
}

// Keys lists the keys of a setting: its name, and of Words those of the languages that have a text or are given.
func (v Values) Keys(s Setting, languages ...string) []string {
	list := []string{string(s.Name)}
	if s.Type != Words {
		return list
	}
	tags := slices.Concat(languages, slices.Collect(maps.Keys(v.Languages(s.Name))))
	slices.Sort(tags)
	for _, tag := range slices.Compact(tags) {
		if tag != "" {
			list = append(list, Key(s.Name, tag))
		}
	}
	return list
}

// Set gives a key a value in normal form; the default, or nothing, takes the key out.
func (v Values) Set(key, value string) {
	if value == declared()[Name(key)].Default {
		delete(v, key)
		return
	}
	v[key] = value
}
