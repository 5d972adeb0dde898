package phrase

import "errors"

// Code names the kind of an error. Each edge (HTTP, XMPP, the command line) has one table
// that turns codes into its own vocabulary.
type Code string

// The codes. Anything that is not an *Error counts as CodeInternal.
const (
	CodeInvalid       Code = "invalid"                // the input is wrong; Fields may say where
	CodeTooLarge      Code = "too-large"              // the input is larger than a limit allows
	CodeEmailRequired Code = "email-required"         // nobody is online, so an email address is needed
	CodeUnsupported   Code = "unsupported-media-type" // a file is of a kind that is not accepted
	CodeForbidden     Code = "forbidden"              // the operator lacks the permission
	CodeNotFound      Code = "not-found"              // the thing does not exist, or the caller may not know of it
	CodeConflict      Code = "conflict"               // somebody else was first, or the state does not allow the act
	CodeBusy          Code = "busy"                   // a limit is reached; try again later
	CodeUnavailable   Code = "unavailable"            // the store can't be written; nothing was kept
	CodeInternal      Code = "internal"               // the fault is ours; only the log has its details
)

// Error is an error that may be shown to the person who caused it.
type Error struct {
	Code   Code
	Phrase Phrase            // a sentence that says what is wrong and what is right
	Fields map[string]Phrase // for CodeInvalid: field of the input → what is wrong with it
}

// Error returns the sentence in English.
func (e *Error) Error() string { return e.Phrase.String() }

// Fail makes an Error without fields.
func Fail(code Code, format string, args ...any) error {
	return &Error{Code: code, Phrase: Say(format, args...)}
}

// Invalid makes a CodeInvalid error about one field.
func Invalid(field, format string, args ...any) error {
	wrong := Say(format, args...)
	return &Error{Code: CodeInvalid, Phrase: wrong, Fields: map[string]Phrase{field: wrong}}
}

// CodeOf returns the code of err: CodeInternal if err wraps no *Error, "" if err is nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := err.(*Error); ok { // most often, and then nothing is allocated
		return e.Code
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// Of returns what may be said to the person who caused err.
func Of(err error) Phrase {
	var e *Error
	if errors.As(err, &e) {
		return e.Phrase
	}
	return Say("Something went wrong on our side. Please try again.")
}
