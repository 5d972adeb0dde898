package setting

import (
	"maps"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
)

// WriteWords makes one text of a text for each language: the one for all languages first, each other one behind its
// tag and a colon at the beginning of a line.
func WriteWords(texts map[string]string) string {
	var list []string
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		if language == "" {
			list = append(list, texts[language])
		} else {
			list = append(list, language+": "+texts[language])
		}
	}
	return strings.Join(list, "\n")
}

// ReadWords is the inverse of WriteWords. A line that does not begin with the tag of a language belongs to the text
// before it. The language is written in lower case, since "PS:" and "Tel:" begin lines of texts. A language that is there twice is
// refused.
func (s Setting) ReadWords(text string) (map[string]string, error) {
	texts := make(map[string]string)
	language := ""
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		tag, rest, ok := strings.Cut(line, ":")
		tag = strings.TrimSpace(tag)
		base, _, _ := strings.Cut(tag, "-")
		if ok && base == strings.ToLower(base) && tags.MatchString(strings.ToLower(tag)) {
			language, line = strings.ToLower(tag), rest
			if _, twice := texts[language]; twice {
				return nil, phrase.Fail(phrase.CodeInvalid, "%s: is there twice. Write one text for each language.", language)
			}
		}
		texts[language] = strings.TrimSpace(texts[language] + "\n" + strings.TrimSpace(line))
	}
	for language, text := range texts {
		read, err := s.words(text)
		if err != nil {
			return nil, err
		}
		texts[language] = read
	}
	maps.DeleteFunc(texts, func(_, text string) bool { return text == "" })
	return texts, nil
}
