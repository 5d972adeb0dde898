package bridge

import "errors"

// Code says what kind of error it is. Each edge (HTTP, XMPP, the command line)
// has one table that turns codes into its own vocabulary.
type Code string

// The codes. Anything that is not an *Error counts as CodeInternal.
const (
	CodeInvalid       Code = "invalid"        // the input is wrong; Fields may say where
	CodeTooLarge      Code = "too-large"      // over one of Limits
	CodeEmailRequired Code = "email-required" // nobody is online, so an email address is needed
	CodeForbidden     Code = "forbidden"      // this operator may not do it
	CodeNotFound      Code = "not-found"      // no such thing, or none this caller may know of
	CodeConflict      Code = "conflict"       // somebody else was first, or the state does not allow it
	CodeBusy          Code = "busy"           // a limit is reached; try again later
	CodeUnavailable   Code = "unavailable"    // the store can't be written; nothing was kept
	CodeInternal      Code = "internal"       // a fault of ours; details are in the log only
)

// Error is an error that may be shown to the person who caused it.
type Error struct {
	Code    Code
	Message string            // a sentence: what is wrong and what is right
	Fields  map[string]string // for CodeInvalid: the input's field → what is wrong with it
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// fail makes an Error without fields.
func fail(code Code, message string) error { return &Error{Code: code, Message: message} }

// invalid makes a CodeInvalid error about one field.
func invalid(field, message string) error {
	return &Error{Code: CodeInvalid, Message: message, Fields: map[string]string{field: message}}
}

// ErrorCode returns the code of err: CodeInternal when it is none of ours, ""
// when err is nil.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// ErrorMessage returns what may be said to the person who caused err.
func ErrorMessage(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "Something went wrong on our side. Please try again."
}
