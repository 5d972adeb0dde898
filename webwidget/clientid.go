package webwidget

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"porchlight/bridge/phrase"
)

// minClientID is how many characters a browser's own id needs at least: 64 random bits in
// hexadecimal. Whoever guessed the id of another browser would get the other's answer.
const minClientID = 16

// sound refuses a client_id that could be guessed. A client_id that was left out is made
// by the bridge; then the answer can't be asked for again.
func sound(clientID string) error {
	switch {
	case clientID == "":
		return nil
	case utf8.RuneCountInString(clientID) < minClientID:
		return invalid("client_id", phrase.Say("Make one of at least %d random characters.", minClientID))
	case !utf8.ValidString(clientID) || strings.ContainsFunc(clientID, unicode.IsControl):
		return invalid("client_id", phrase.Say("It must be text without control characters."))
	}
	return nil
}
