// Package shop is the website of the demo: a small shop for lamps that uses porchlight. It
// shows all that a site has to do: one script tag, and one plain link for visitors without
// scripts.
package shop

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
)

//go:embed pages
var files embed.FS

// page holds the values for a page's template.
type page struct {
	Path     string // the page's path, to mark it in the menu
	Title    string
	Origin   string // porchlight's origin; empty: the shop's own
	Products []product
}

// product is a lamp in the window.
type product struct {
	Drawing string // the symbol in drawings.html
	Name    string
	Text    string
	Price   string
}

var products = []product{
	{"sparrow", "Sparrow", "A desk lamp that looks where you point it. Warm light, no flicker, one knob.", "€ 79"},
	{"moth", "Moth", "A paper globe for the hallway. Folds flat, lives long, weighs next to nothing.", "€ 45"},
	{"tern", "Tern", "The porch lantern. Storm-proof glass, and it knows by itself when it gets dark.", "€ 129"},
	{"firefly", "Firefly", "Thirty small lights on nine metres of linen cord, for balconies and long dinners.", "€ 39"},
}

// Handler serves the shop's pages /, /pricing and /contact and its style sheet /shop.css;
// anything else is not found. chatOrigin is porchlight's origin, such as
// "https://chat.example.org", or empty if porchlight serves the shop as well.
//
// The pages hold no inline script or style, and load only from the shop and from
// porchlight; their Content-Security-Policy enforces that. Any goroutine may use the
// handler. Handler panics if an embedded template does not parse.
func Handler(chatOrigin string) http.Handler {
	mux := http.NewServeMux()
	for path, content := range map[string]struct{ file, title string }{
		"/":        {"home.html", "Lamps for the way home"},
		"/pricing": {"pricing.html", "Prices"},
		"/contact": {"contact.html", "Contact"},
	} {
		t := template.Must(template.ParseFS(files, "pages/frame.html", "pages/drawings.html", "pages/"+content.file))
		p := page{Path: path, Title: content.title, Origin: chatOrigin, Products: products}
		pattern := "GET " + path
		if path == "/" {
			pattern += "{$}"
		}
		mux.Handle(pattern, render(t, p))
	}
	mux.HandleFunc("GET /shop.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "pages/shop.css")
	})
	return policy(chatOrigin, mux)
}

// render renders the page once, and returns a handler that answers with it.
func render(t *template.Template, p page) http.Handler {
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "frame", p); err != nil {
		panic(err) // the embedded templates are broken
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(out.Bytes()) // fails only if the visitor has gone
	})
}

// policy adds the security headers that a careful site sends.
func policy(chatOrigin string, next http.Handler) http.Handler {
	from := "'self'"
	if chatOrigin != "" {
		from += " " + chatOrigin
	}
	csp := "default-src " + from + "; img-src " + from + " data: blob:; object-src 'none'; base-uri 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", csp)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
