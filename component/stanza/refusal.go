package stanza

import (
	"errors"
	"strings"
	"unicode"

	"porchlight/component/stream"
)

// Refusal is an answer of type error as a Go error.
type Refusal struct{ Condition, Text string }

// RefusalOf reads an answer of type error.
func RefusalOf(el *stream.Element) *Refusal { return &Refusal{Condition(el), ErrorText(el)} }

// Error returns the condition, such as forbidden, and the server's text if there is one.
func (r *Refusal) Error() string {
	if r.Text == "" {
		return r.Condition
	}
	return r.Condition + " (" + r.Text + ")"
}

// Refused returns the condition of a *Refusal, "" if err contains none.
func Refused(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Condition
	}
	return ""
}

// ErrNoLink and ErrNoAnswer are the errors of a request that nobody answers.
var (
	ErrNoLink   = errors.New("no link")
	ErrNoAnswer = errors.New("no answer in time")
)

// Condition returns why a stanza came back: the error's condition, one of the list in
// RFC 6120 §8.3.3. It returns "" if el is no error.
func Condition(el *stream.Element) string {
	e := el.Child("", "error")
	if e == nil {
		return ""
	}
	for _, condition := range e.Children {
		if condition.Space == NSStanzas && condition.Local != "text" {
			return condition.Local
		}
	}
	return ""
}

// IsAnswer reports whether a stanza answers another: it is an error or the result of a
// request. Answers are never answered (RFC 6120 §8.2.3, §8.3.1).
func IsAnswer(el *stream.Element) bool {
	typ := el.Get("type")
	return typ == "error" || typ == "result"
}

// ErrorText returns the text beside an error's condition, as one line of at most 200
// printable characters.
func ErrorText(el *stream.Element) string {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	text := el.Child("", "error").ChildText(NSStanzas, "text")
	line := []rune(strings.Join(strings.FieldsFunc(text, unprintable), " "))
	return string(line[:min(len(line), 200)])
}
