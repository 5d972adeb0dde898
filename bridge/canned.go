package bridge

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"porchlight/bridge/phrase"
	"porchlight/bridge/setting"
)

// AnswerKey tells a stored answer from all others. An answer is its owner's, or its department's, or, if both
// are empty, everybody's.
type AnswerKey struct {
	Name       string // lower case, one word
	Owner      OperatorJID
	Department string
	Language   string // the language of the text as a tag of RFC 5646 in lower case; "": the text for all other languages
}

// Answer is a text that operators have stored to send it again and again.
type Answer struct {
	AnswerKey
	Text string   // may have the placeholders {visitor}, {operator} and {site}, and {{ for a brace; may be empty if Then is not
	Then []string // commands that are carried out after the text was sent, as operators write them in a conversation
	Uses int64    // how often the answer was sent
}

// The limits of stored answers.
const (
	mostThen       = 5    // commands of one answer
	mostThenLength = 500  // bytes of one command
	mostAnswers    = 2000 // answers of one owner, of one department, and of all
)

// distance is how far an answer is from who sends it: their own is the nearest.
func (k AnswerKey) distance() int {
	switch {
	case k.Owner != "":
		return 0
	case k.Department != "":
		return 1
	}
	return 2
}

// Shared reports whether others than one operator have the answer.
func (k AnswerKey) Shared() bool { return k.Owner == "" }

// compare orders answers: by name, the nearest first, then by department and language.
func (k AnswerKey) compare(o AnswerKey) int {
	return cmp.Or(cmp.Compare(k.Name, o.Name), cmp.Compare(k.distance(), o.distance()), cmp.Compare(k.Owner, o.Owner),
		cmp.Compare(k.Department, o.Department), cmp.Compare(k.Language, o.Language))
}

// SeesAnswer reports whether a stored answer is the operator's, or one of a department that they serve, or everybody's.
func (o Operator) SeesAnswer(k AnswerKey) bool {
	return k.Owner == o.JID || k.Owner == "" && (k.Department == "" || o.Super || o.Departments.Has(k.Department) || o.Tickets.Has(k.Department))
}

// ChangesAnswer reports whether the operator may store, change and delete an answer: one of their own, or, with the
// permission, one of a department that they serve or of all. Nobody changes another operator's own answers.
func (o Operator) ChangesAnswer(k AnswerKey) bool {
	return o.SeesAnswer(k) && (!k.Shared() || o.May(MayCanned))
}

// answerName matches one word that can't be taken for a number.
var answerName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)

// placeholder matches what is filled in or looks like it: words in braces.
var placeholder = regexp.MustCompile(`^\{+[\pL\pN_. -]+\}+`)

// braced cuts a text at its next brace that means something: a placeholder, or two braces, which stand for one. rest is
// what follows; part is "" at the end of the text.
func braced(text string) (before, part, rest string) {
	for i := range len(text) {
		if text[i] != '{' {
			continue
		}
		p := placeholder.FindString(text[i:])
		if strings.HasPrefix(text[i:], "{{") && !strings.HasSuffix(p, "}}") { // {{visitor}} is how other programs write a placeholder
			p = "{{"
		}
		if p != "" {
			return text[:i], p, text[i+len(p):]
		}
	}
	return text, "", ""
}

// checkPlaceholders refuses a text with a placeholder that Fill does not know, since the visitor would read it as it is.
func checkPlaceholders(text string) error {
	for text != "" {
		_, part, rest := braced(text)
		switch part {
		case "", "{{", "{visitor}", "{operator}", "{site}":
		default:
			if inner := strings.Trim(part, "{}"); strings.HasPrefix(part, "{{") && !slices.Contains([]string{"visitor", "operator", "site"}, inner) {
				return phrase.Fail(phrase.CodeInvalid, "%s is not filled in: there are {visitor}, {operator} and {site}. {{ writes a brace: {%s} is written {{%s}.", Cut(part, 40), Cut(inner, 40), Cut(inner, 40))
			}
			return phrase.Fail(phrase.CodeInvalid, "%s is not filled in: there are {visitor}, {operator} and {site}. {{ writes a brace.", Cut(part, 40))
		}
		text = rest
	}
	return nil
}

// Fill puts names into an answer's text. The names themselves are not searched for placeholders, so a visitor's name
// can't bring any in. A visitor who gave no name is called nothing.
func (a Answer) Fill(visitor, operator, site string) string {
	var b strings.Builder
	for text := a.Text; text != ""; {
		before, part, rest := braced(text)
		b.WriteString(before)
		switch part {
		case "{visitor}":
			part = visitor
			if visitor == Nameless {
				part, rest = "", nameless(&b, rest)
			}
		case "{operator}":
			part = operator
		case "{site}":
			part = site
		case "{{":
			part = "{"
		}
		b.WriteString(part)
		text = rest
	}
	return b.String()
}

// nameless takes away the blank and the comma that stand before the name of somebody who has none. It returns what stands after
// the name; at the beginning of a text, without the comma after it.
func nameless(b *strings.Builder, rest string) string {
	before := strings.TrimRight(b.String(), ", ")
	b.Reset()
	b.WriteString(before)
	if before == "" {
		rest = strings.TrimLeft(rest, ", ")
	}
	return rest
}

// AnswerFault is what is wrong with a value of an answer.
type AnswerFault struct {
	Line int    // of the file in which the value stands; 0: there is no file, or the line is not known
	Key  string // name, for, language, text or then; "": the whole answer
	What error  // a *phrase.Error
}

// ParseLanguage brings the tag of a language into lower case. What has not the form of one is refused, and "" stays.
func ParseLanguage(text string) (tag string, err error) {
	tag, ok := setting.ReadLanguage(text)
	if !ok && tag != "" {
		err = phrase.Fail(phrase.CodeInvalid, "%q is no language such as de or pt-br.", Cut(tag, 40))
	}
	return tag, err
}

// clean brings an answer into the form in which it is stored, and lists what is wrong with it. most is how many bytes
// its text may have.
func (a *Answer) clean(most int) (faults []AnswerFault) {
	wrong := func(key string, err error) { faults = append(faults, AnswerFault{Key: key, What: err}) }
	a.Name, a.Text = strings.ToLower(a.Name), CleanText(a.Text)
	if !answerName.MatchString(a.Name) {
		wrong("name", phrase.Fail(phrase.CodeInvalid, "%q is no name for an answer: it begins with a letter and has letters, digits, - and _ only.", Cut(a.Name, 40)))
	}
	language, err := ParseLanguage(a.Language)
	if err != nil {
		wrong("language", err)
	}
	a.Language = language
	var then []string
	for _, line := range a.Then {
		if line = strings.TrimPrefix(cleanLine(line), "!"); line != "" {
			then = append(then, line)
		}
		if len(line) > mostThenLength {
			wrong("then", phrase.Fail(phrase.CodeInvalid, "%q is too long.", Cut(line, 40)))
		}
	}
	a.Then = then
	if len(then) > mostThen {
		wrong("then", phrase.Fail(phrase.CodeInvalid, "An answer has at most %d commands.", mostThen))
	}
	if a.Text == "" && len(a.Then) == 0 {
		wrong("text", phrase.Fail(phrase.CodeInvalid, "An empty answer was not stored."))
	}
	if len(a.Text) > most {
		wrong("text", tooLong("text", a.Text, most))
	}
	if err := checkPlaceholders(a.Text); err != nil {
		wrong("text", err)
	}
	return faults
}

// same reports whether two answers say and do the same.
func (a Answer) same(b Answer) bool { return a.Text == b.Text && slices.Equal(a.Then, b.Then) }

// host is the host of a URL, "" if it has none.
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Host
}
