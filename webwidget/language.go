package webwidget

import (
	"net/http"
	"strings"

	"porchlight/bridge/phrase"
)

// tongue returns the first language of Accept-Language in which porchlight speaks to
// visitors, or else the first such of the tags, or else English.
func tongue(r *http.Request, tags ...string) *phrase.Language {
	return phrase.Tongue(append(wished(r), tags...)...)
}

// deskTongue returns the first language of Accept-Language in which porchlight speaks to
// operators, or else English.
func deskTongue(r *http.Request) *phrase.Language { return phrase.DeskTongue(wished(r)...) }

// wished are the tags of Accept-Language.
func wished(r *http.Request) []string {
	return phrase.Ranges(strings.Join(r.Header.Values("Accept-Language"), ","))
}
