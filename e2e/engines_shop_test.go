package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// secret signs who is logged in at the shop.
const secret = "0123456789abcdef0123456789abcdef"

// signed is the word of the shop for who somebody is.
func signed(t *testing.T, id, name string) string {
	t.Helper()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": id, "name": name, "exp": time.Now().Add(time.Hour).Unix()}).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// A leaf is a page of the shop: what its root element and the widget's tag say, and what stands in it.
type leaf struct{ root, tag, body string }

var leaves = map[string]leaf{
	"/auto":   {`lang="en"`, `data-scheme="auto"`, ""},
	"/arabic": {`lang="ar" dir="rtl"`, `data-language="ar"`, ""},
	"/inline": {`lang="en"`, "", `<style>html { color-scheme: light dark } porchlight-chat { display: block; width: 420px; margin: auto }</style><porchlight-chat></porchlight-chat>`},
	"/evil":   {`lang="en"`, "", `<style></style>`},
}

// lamps is the shop: of another origin, with a strict Content-Security-Policy. Its page /held has porchlight from another address.
func lamps(porchlight, held string) http.Handler {
	const page = `<!doctype html><html %s><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lamps</title><link rel="icon" href="data:,">
<script async src="%s/widget.js" data-link="fast" %s></script></head><body><h1>Pricing</h1><p>Lamps from € 39.</p><p><input aria-label="Search"></p>%s</body></html>`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l, own := leaves[r.URL.Path]
		from, styles := porchlight, "'none'"
		switch {
		case r.URL.Path == "/held":
			from = held
		case own:
			styles = "'unsafe-inline'"
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src %[1]s; connect-src %[1]s; img-src %[1]s data:; style-src %[2]s; "+
			"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'", from, styles))
		fmt.Fprintf(w, page, l.root, from, l.tag, l.body)
	})
}

// silent is a way to porchlight by which no script runs in its pages, in any browser: they come as sandboxes.
func silent(t *testing.T, porchlight string) http.Handler {
	t.Helper()
	target, err := url.Parse(porchlight)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			if r.In.Header.Get("Origin") != "" {
				r.Out.Header.Set("Origin", porchlight)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			r.Header.Add("Content-Security-Policy", "sandbox allow-forms allow-same-origin")
			return nil
		},
	}
}
