package webwidget

import (
	"net/http"
	"strings"

	"porchlight/bridge/phrase"
)

// tongue returns the first language of Accept-Language that porchlight speaks, or else
// the first of the tags that it speaks, or else English.
func tongue(r *http.Request, tags ...string) *phrase.Language {
	return phrase.Tongue(append(phrase.Ranges(strings.Join(r.Header.Values("Accept-Language"), ",")), tags...)...)
}
