package webwidget

import (
	"maps"
	"net/http"
)

// The rows of headers that answers have in common. Answers share the lists of values of
// these rows, so nobody may change a list.

// plain is the row of answers that are no documents: nobody may keep them, and no other site may read them.
var plain = http.Header{
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"no-referrer"},
	"Cache-Control":                {"no-store"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
}

// with returns a row with more headers in it.
func with(row, more http.Header) http.Header {
	all := maps.Clone(row)
	maps.Copy(all, more)
	return all
}

// headed makes a middleware that sets the headers of a row.
func headed(row http.Header) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), row)
			next.ServeHTTP(w, r)
		})
	}
}

// open is the row of what every site may load, since it is the same for everybody.
func open() http.Header {
	return with(plain, http.Header{
		"Access-Control-Allow-Origin":  {"*"},
		"Cross-Origin-Resource-Policy": {"cross-origin"},
	})
}

// private is the row of the team's page: nothing but its own style and its own pictures, and its forms
// go to the page itself.
func private() http.Header {
	return with(plain, http.Header{
		"Content-Security-Policy": {"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; " +
			"object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Permissions-Policy":         {nothing},
		"X-Frame-Options":            {"DENY"},
	})
}

// nothing is the Permissions-Policy of a document that uses no device.
const nothing = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), " +
	"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=(), xr-spatial-tracking=()"

// document is the row of the conversation's page, which listed sites may frame.
func (o origins) document() http.Header { return framedBy(o.ancestors()) }

// unframed is the row of the pages to which mails lead. Nobody frames them, so that nobody gets a
// visitor to press their button unseen.
func unframed() http.Header {
	return with(framedBy("'none'"), http.Header{"X-Frame-Options": {"DENY"}, "Cross-Origin-Resource-Policy": {"same-origin"}})
}

// framedBy is the row of documents of the conversation's page. The page's forms go to the page itself,
// so form-action is 'self', and the page frames its own news.
func framedBy(ancestors string) http.Header {
	return with(plain, http.Header{
		"Content-Security-Policy": {"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-src 'self'; " +
			"base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors " + ancestors + "; require-trusted-types-for 'script'"},
		"Cross-Origin-Resource-Policy": {"cross-origin"},
		"Cross-Origin-Embedder-Policy": {"require-corp"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Permissions-Policy":           {nothing},
	})
}
