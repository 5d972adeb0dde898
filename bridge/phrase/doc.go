// Package phrase holds what is said to people, apart from the language in which it is
// said. A phrase is an English format and its particulars; a catalogue for each other
// language translates the formats. An error that may be shown to the person who caused
// it is a phrase with a code, so these errors are here too.
package phrase
