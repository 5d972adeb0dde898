package bridge

import (
	"cmp"
	"slices"
	"strings"
)

// AnswersFor are the answers out of a list that an operator has in a conversation of a department with a visitor who reads
// a language: one of each name. Those win that the visitor reads, which are in their language or without one; of these the
// nearest, which is the operator's own before the department's before everybody's; of several languages of that one the
// visitor's, else the one without a language. They are in the order of the list.
func AnswersFor(list []Answer, o OperatorJID, department, language string) (found []Answer) {
	at := make(map[string]int)
	for _, a := range list {
		if a.Owner != "" && a.Owner != o || a.Department != "" && a.Department != department {
			continue
		}
		i, known := at[a.Name]
		switch {
		case !known:
			at[a.Name] = len(found)
			found = append(found, a)
		case nearer(a.AnswerKey, found[i].AnswerKey, language):
			found[i] = a
		}
	}
	return found
}

// nearer reports whether of two answers of one name the first is the one to send to a visitor who reads a language.
func nearer(a, b AnswerKey, language string) bool {
	if x, y := fits(a.Language, language) >= neutral, fits(b.Language, language) >= neutral; x != y {
		return x // one's own in a language that the visitor does not read hides no other
	}
	if d := cmp.Compare(a.distance(), b.distance()); d != 0 {
		return d < 0
	}
	if d := cmp.Compare(fits(a.Language, language), fits(b.Language, language)); d != 0 {
		return d > 0
	}
	return a.Language < b.Language
}

// neutral is what a text without a language fits.
const neutral = 2

// fits says how well a text in one language does for a visitor who reads another: the more parts of the tags are the
// same, the better (the lookup of RFC 4647 §3.4, in both directions). A text without a language is better than one in
// another language, and English is the best of those.
func fits(text, visitor string) int {
	visitor = strings.ToLower(strings.ReplaceAll(visitor, "_", "-"))
	a, b := strings.Split(text, "-"), strings.Split(visitor, "-")
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] && a[n] != "" {
		n++
	}
	switch {
	case text == "":
		return neutral
	case n > 0 && n == len(a): // the text's tag is the visitor's, or more general
		return 20 + n
	case n > 0:
		return 10 + n
	case a[0] == "en":
		return 1
	}
	return 0
}

// FindAnswers finds the answers of a list in which all words of a text occur, in any case: those first in whose names they
// do, and of these those first that are used most.
func FindAnswers(list []Answer, text string) (found []Answer) {
	words := strings.Fields(strings.ToLower(text))
	named := func(a Answer) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(a.Name, w) })
	}
	for _, a := range list {
		all := a.Name + "\n" + strings.ToLower(a.Text)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) }) {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b Answer) int {
		if x, y := named(a), named(b); x != y {
			if x {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Uses, a.Uses), a.compare(b.AnswerKey))
	})
	return found
}
