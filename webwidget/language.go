package webwidget

import (
	"net/http"
	"strings"

	"porchlight/bridge/phrase"
)

// tongue is the first language of Accept-Language that is spoken here, or else
// that of one of the tags, or else English.
func tongue(r *http.Request, tags ...string) *phrase.Language {
	return phrase.Tongue(append(phrase.Ranges(strings.Join(r.Header.Values("Accept-Language"), ",")), tags...)...)
}
