package db

import "porchlight/bridge/phrase"

// notFound is the error of what is not there; nouns are in the catalogues.
func notFound(noun string) error {
	return phrase.Fail(phrase.CodeNotFound, "There is no such %s.", phrase.Phrase{Format: noun})
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
