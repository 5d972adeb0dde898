package db

import "porchlight/bridge/phrase"

// notFound returns the error for a thing that does not exist. The catalogues translate the
// noun.
func notFound(noun string) error {
	return phrase.Fail(phrase.CodeNotFound, "There is no such %s.", phrase.Phrase{Format: noun})
}

// NoEvent returns the error of Reader.EventByOrigin if there is no such event.
func NoEvent() error { return notFound("event") }

// Unchanged returns the error of Conn.Must if the statement changed nothing.
func Unchanged() error {
	return phrase.Fail(phrase.CodeConflict, "The conversation has changed meanwhile. Please try again.")
}

// Unavailable returns the error that an engine's callers get when nothing can be written
// or read; the engine logs the cause.
func Unavailable() error {
	return phrase.Fail(phrase.CodeUnavailable, "Nothing can be stored at the moment. Please try again in a few minutes.")
}

// Closed returns the error that an engine's callers get after Close.
func Closed() error {
	return phrase.Fail(phrase.CodeUnavailable, "The store is closed.")
}
