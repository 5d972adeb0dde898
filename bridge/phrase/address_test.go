package phrase_test

import (
	"regexp"
	"testing"

	"porchlight/bridge/phrase"
)

// formal are the words by which a language speaks to people whom one does not know.
var formal = map[string]*regexp.Regexp{
	"de": regexp.MustCompile(`[\pL,] (Sie|Ihnen|Ihre?[mnrs]?)\b`), // at the beginning of a sentence it may be "they"
	"es": regexp.MustCompile(`\b([Uu]sted(es)?)\b`),
	"fr": regexp.MustCompile(`\b([Vv]ous|[Vv]otre|[Vv]os|[\pL]*[^hs]ez)\b`),
}

// Operators are colleagues: what only they read never speaks to them as to a visitor. What visitors read, and who gets statistics by
// mail, is spoken to formally.
func TestWords_OperatorsAreColleagues(t *testing.T) {
	read := make(formats)
	for _, dir := range []string{"../desk", "../staff", "../voice", "../archive", "../hook", "../onsite", "../report", "../../component"} {
		collectFiles(t, dir, read)
	}
	others := make(formats)
	for _, dir := range []string{"../../webwidget", "../../email"} {
		collectFiles(t, dir, others)
	}
	for _, format := range widget(t) {
		others.add(format, "visitors")
	}
	for _, format := range []string{ // of a letter with statistics, and words that visitors read
		"%s has sent you this.", "%s has this sent to you each Monday.", "Hello! May I help you?",
		"status away stops offers to you without touching your presence, status back starts them again; away and back alone do the same. Others: status satellite on, status room off, status face off, status language de; or KEY=VALUE, as status satellite=on invitation=May I help you?",
	} {
		others.add(format, "visitors")
	}
	for language, word := range formal {
		for format := range read {
			if said := phrase.Tongue(language).Translate(format); others[format] == nil && word.MatchString(said) {
				t.Errorf("%s: %q speaks to an operator as to a visitor: %q", language, format, said)
			}
		}
	}
}

// In French a space stands before these signs. It must not break, or the sign begins the next line of a narrow panel.
func TestWords_FrenchSignsStayWithTheirWord(t *testing.T) {
	for _, format := range widget(t) {
		if said := phrase.Tongue("fr").Translate(format); regexp.MustCompile(` [?!:;»]|« `).MatchString(said) {
			t.Errorf("%q: a sign may stand alone on a line: %q", format, said)
		}
	}
}
