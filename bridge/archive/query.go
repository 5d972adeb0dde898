package archive

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"porchlight/bridge"
	"porchlight/bridge/phrase"
)

// Query is what somebody looks for: every term, operator, tag and department of it.
type Query struct {
	Operators   []string // as they were written; who is meant is looked up when it is searched
	Tags        []string
	Departments []string
	During      *bridge.Range // when a conversation began; nil: at any time
	terms       []term
	below       int64    // only conversations with numbers below this; 0: all
	rest        []string // all fields but that, as they were written
}

// term is units that follow each other.
type term struct {
	units  []unit
	prefix bool // the last one may go on
}

// The most that a query may ask for.
const (
	mostTerms = 20
	mostUnits = 60 // in one term
)

// Parse reads a query as people write it: words, refund* for words that begin so, "exact words", operator:olga,
// tag:refund, department:sales, before:#12, and 2026-11-01..2026-11-15 or with one end left out. now is the time in the site's zone.
// An error has CodeInvalid and says what is wrong.
func Parse(text string, now time.Time) (q Query, err error) {
	for _, f := range fieldsOf(text) {
		if err := q.add(f, now); err != nil {
			return Query{}, err
		}
	}
	n := len(q.terms) + len(q.Operators) + len(q.Tags) + len(q.Departments)
	switch {
	case n > mostTerms:
		return Query{}, phrase.Fail(phrase.CodeInvalid, "At most %d words can be looked for at once.", mostTerms)
	case n == 0 && q.During == nil && q.below == 0:
		return Query{}, phrase.Fail(phrase.CodeInvalid, "There is nothing to look for: a word has letters or digits.")
	}
	return q, nil
}

// field is a part of a query between spaces.
type field struct {
	as     string // as it was written
	key    string // what stands before a colon, if it is one of the keys
	text   string
	quoted bool
}

// keys are what may stand before a colon.
var keys = []string{"operator:", "tag:", "department:", "before:"}

// quotes are the marks that open or close exact words in some language.
const quotes = `"“”„«»`

// fieldsOf cuts a query at its spaces, except for those between quotes. A quote that is not closed goes on to
// the end.
func fieldsOf(text string) (list []field) {
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if text == "" {
			return list
		}
		var f field
		whole := text
		for _, key := range keys {
			if len(text) >= len(key) && strings.EqualFold(text[:len(key)], key) {
				f.key, text = strings.TrimSuffix(key, ":"), text[len(key):]
				break
			}
		}
		end := strings.IndexFunc(text, unicode.IsSpace)
		if body, is := unquote(text); is {
			f.quoted, text = true, body
			end = strings.IndexAny(text, quotes)
		}
		if end < 0 {
			end = len(text)
		}
		f.text, text = text[:end], text[end:]
		if f.quoted {
			text, _ = unquote(text)
		}
		f.as = whole[:len(whole)-len(text)]
		list = append(list, f)
	}
}

// Before is the query as it is written to look further, at conversations with numbers below one.
func (q Query) Before(number int64) string {
	return strings.Join(append(slices.Clone(q.rest), fmt.Sprint("before:#", number)), " ")
}

// unquote takes a quote off the beginning of a text, if one is there.
func unquote(text string) (rest string, is bool) {
	r, n := utf8.DecodeRuneInString(text)
	if strings.ContainsRune(quotes, r) {
		return text[n:], true
	}
	return text, false
}

// add takes in one field.
func (q *Query) add(f field, now time.Time) error {
	if f.key != "before" {
		q.rest = append(q.rest, f.as)
	}
	if f.key != "" {
		text := strings.TrimSpace(f.text)
		if text == "" {
			return phrase.Fail(phrase.CodeInvalid, "Something is missing after %q.", f.key+":")
		}
		switch f.key {
		case "operator":
			q.Operators = append(q.Operators, text)
		case "tag":
			q.Tags = append(q.Tags, strings.TrimPrefix(text, "#"))
		case "before":
			n, err := strconv.ParseInt(strings.TrimPrefix(text, "#"), 10, 64)
			if err != nil || n < 1 {
				return phrase.Fail(phrase.CodeInvalid, "%q is no number of a conversation such as #12.", bridge.Cut(text, 40))
			}
			q.below = n
		default:
			q.Departments = append(q.Departments, text)
		}
		return nil
	}
	if !f.quoted && isRange(f.text) {
		r, err := Days(f.text, now)
		if err == nil && q.During != nil {
			err = phrase.Fail(phrase.CodeInvalid, "Only one range of days can be looked at: %q is the second.", bridge.Cut(f.text, 40))
		}
		q.During = &r
		return err
	}
	t := term{prefix: !f.quoted && strings.HasSuffix(f.text, "*")}
	if t.units = unitsOf(f.text); len(t.units) > mostUnits {
		return phrase.Fail(phrase.CodeInvalid, "At most %d words can be looked for at once.", mostUnits)
	}
	if len(t.units) == 0 {
		return nil
	}
	q.terms = append(q.terms, t)
	if last := t.units[len(t.units)-1]; t.prefix && tooShort(last.text) {
		return phrase.Fail(phrase.CodeInvalid, "Before * at least %d letters are needed: %q would find nearly everything.", leastLetters, bridge.Cut(f.text, 40))
	}
	return nil
}

// leastLetters is how long the beginning of a word has to be in an alphabet that is as small as the Latin one.
const leastLetters = 3

// tooShort reports whether a beginning of words is so short that very many words begin so.
func tooShort(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return utf8.RuneCountInString(text) < leastLetters && (unicode.IsNumber(r) || unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic))
}

// isRange reports whether a field is meant as a range of days: digits stand before or after its two dots.
func isRange(text string) bool {
	from, upto, ok := strings.Cut(text, "..")
	digit := func(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
	return ok && (digit(from) || from == "" && digit(upto)) && (upto == "" || digit(upto))
}

// Days reads a range of days as bridge.ParseRange does, with its errors, and also one that has no beginning or no end: 2026-11-01..
func Days(text string, now time.Time) (bridge.Range, error) {
	text = strings.TrimSpace(text)
	if !isRange(text) {
		return bridge.ParseRange(text, now)
	}
	r, err := bridge.ParseRange(ends(text), now)
	if phrase.CodeOf(err) == phrase.CodeInvalid && ends(text) != text { // the refusal quotes what was written
		_, err = bridge.ParseRange(text, now)
	}
	return r, err
}

// ends puts the end that was left out into a range such as ..2026-11-15.
func ends(text string) string {
	from, upto, _ := strings.Cut(text, "..")
	if from == "" {
		from = "1970-01-02"
	}
	if upto == "" {
		upto = "2999"
	}
	return from + ".." + upto
}

// lookup is what the index is asked for the query's terms. exact reports whether each conversation
// that has the words is one that the query means.
func (q Query) lookup() (l Lookup, exact bool) {
	exact = true
	for _, t := range q.terms {
		n := len(t.units)
		exact = exact && (n == 1 || n == 2 && t.units[1].joined)
		for i, u := range t.units {
			last := i == n-1
			switch {
			case u.alone && !last && t.units[i+1].joined:
				l.Words = append(l.Words, u.text+t.units[i+1].text)
			case u.alone && u.joined: // is in the pair before
			case u.alone, last && t.prefix:
				l.Begins = append(l.Begins, cut(u.text))
			default:
				l.Words = append(l.Words, cut(u.text))
			}
			exact = exact && len(u.text) <= longestWord
		}
	}
	return l, exact
}

// in finds the term in a text that was cut into units: the bytes of the text that it is.
func (t term) in(units []unit) (from, upto int, found bool) {
	n := len(t.units)
	for i := 0; i+n <= len(units); i++ {
		k := 0
		for k < n && t.is(k, units[i+k]) {
			k++
		}
		if k == n {
			return units[i].from, units[i+n-1].upto, true
		}
	}
	return 0, 0, false
}

// is reports whether the term's unit of a place may be the unit of a text. What was written without a space in a script without
// spaces is looked for without one, as the index has it.
func (t term) is(k int, u unit) bool {
	want := t.units[k]
	if want.joined && k > 0 && !u.joined {
		return false
	}
	if t.prefix && k == len(t.units)-1 && !want.alone {
		return strings.HasPrefix(u.text, want.text)
	}
	return u.text == want.text
}
