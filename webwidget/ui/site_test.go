package ui_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

type bodyKey struct{}

func withBody(ctx context.Context, body object) context.Context {
	return context.WithValue(ctx, bodyKey{}, body)
}

func bodyOf(ctx context.Context) object {
	body, _ := ctx.Value(bodyKey{}).(object)
	return body
}

// chatPage answers with the page of the service itself.
func (f *fake) chatPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; require-trusted-types-for 'script'")
	_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Support</title>
<main id="porchlight" data-department=""><p>Without script</p></main><script type="module" src="/widget/%s"></script>`, manifest().Page)
}

// newSite serves the pages of a shop, with the widget in each. The attributes go into the script tag, the policy into the
// header.
func newSite(t *testing.T, f *fake, attributes, policy string) *httptest.Server {
	t.Helper()
	service := f.URL
	s := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/favicon.ico" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">
<title>Bulbs &amp; Lamps</title><script async src="%s/widget.js" %s></script></head>
<body><h1>Bulbs &amp; Lamps</h1><p>Warm light for every porch.</p><p><a href="/two">Next page</a></p></body></html>`, service, attributes)
	}))
	t.Cleanup(s.Close)
	return s
}
