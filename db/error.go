package db

import "porchlight/bridge/phrase"

func notFound(noun string) error {
	return phrase.Fail(phrase.CodeNotFound, "There is no such %s.", noun)
}

func conflict(message string) error {
	return phrase.Fail(phrase.CodeConflict, "%s", message)
}

// Unavailable is what callers of an engine learn when nothing can be written; the
// cause is in the log.
func Unavailable() error {
	return phrase.Fail(phrase.CodeUnavailable, "Nothing can be stored at the moment. Please try again in a few minutes.")
}

// Closed is what callers of an engine learn after it was closed.
func Closed() error {
	return phrase.Fail(phrase.CodeUnavailable, "The store is closed.")
}
