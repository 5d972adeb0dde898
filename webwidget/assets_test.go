package webwidget_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"porchlight/webwidget"
)

// The files of the built widget in dist.
func TestFiles_OfTheWidget(t *testing.T) {
	raw, err := os.ReadFile("dist/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Panel, Page string }
	if err := json.Unmarshal(raw, &manifest); err != nil {
		t.Fatal(err)
	}
	s := start(t)
	for path, name := range map[string]string{"/widget.js": "widget.js", "/widget/" + manifest.Panel: manifest.Panel, "/widget/" + manifest.Page: manifest.Page} {
		want, err := os.ReadFile("dist/" + name)
		if err != nil {
			t.Fatal(err)
		}
		cache := "public, max-age=31536000, immutable"
		if name == "widget.js" {
			cache = "public, max-age=300"
		}
		plain, packed := s.do("GET", path, "", "Accept-Encoding: identity"), s.do("GET", path, "", "Accept-Encoding: br, gzip")
		z, err := gzip.NewReader(strings.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		unpacked, err := io.ReadAll(z)
		if err != nil || plain.body != string(want) || !bytes.Equal(unpacked, want) {
			t.Errorf("%s differs from the file (%v)", path, err)
		}
		for _, r := range []reply{plain, packed} {
			h := r.header
			if h.Get("Cache-Control") != cache || h.Get("Content-Type") != "text/javascript; charset=utf-8" || h.Get("Vary") != "Accept-Encoding" ||
				h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Set-Cookie") != "" {
				t.Errorf("%s: headers %v", path, h)
			}
		}
		if plain.header.Get("ETag") == packed.header.Get("ETag") {
			t.Errorf("%s: packed and plain have the same tag", path)
		}
		if r := s.do("GET", path, "", "Accept-Encoding: gzip", "If-None-Match: "+packed.header.Get("ETag")); r.status != 304 {
			t.Errorf("%s: status %d, want 304", path, r.status)
		}
	}
}

func TestFiles_OthersAreNotServed(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/widget/manifest.json", "/widget/widget.js", "/widget/README", "/widget/", "/widget/..%2fassets.go", "/widget/%2e%2e/assets.go", "/widget/panel.js"} {
		if r := s.do("GET", path, ""); r.status != 404 || strings.Contains(r.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{"": false, "gzip": true, "br, gzip;q=0.5": true, "GZIP": true, "gzip;q=0": false, "gzip; q=0.000": false, "gzip;q=1.0": true, "identity": false, "xgzip": false} {
		if got := webwidget.AcceptsGzip(header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}
