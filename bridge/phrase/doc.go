// Package phrase holds what is said to people, apart from the language in which
// it is said: a phrase is an English format and its particulars. A catalogue for
// each language translates the formats. The package also has the errors that may
// be shown to the person who caused them, since such an error is a phrase with a
// code.
package phrase
