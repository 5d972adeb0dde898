package webwidget_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"porchlight/webwidget"
)

// manifest names the files of the built widget in dist.
type manifest struct{ Panel, Page string }

func built(t *testing.T) (m manifest) {
	t.Helper()
	raw, err := os.ReadFile("dist/manifest.json")
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The files of the built widget in dist.
func TestFiles_OfTheWidget(t *testing.T) {
	manifest := built(t)
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
		tags := make(map[string]bool)
		for accepted, coding := range map[string]string{"identity": "", "": "", "gzip": "gzip", "br;q=0, gzip": "gzip", "gzip, deflate, br, zstd": "br"} {
			r := s.do("GET", path, "", "Accept-Encoding: "+accepted)
			if got := unpacked(t, r); got != string(want) {
				t.Errorf("%s as %q differs from the file", path, coding)
			}
			h := r.header
			if h.Get("Content-Encoding") != coding || h.Get("Cache-Control") != cache || h.Get("Content-Type") != "text/javascript; charset=utf-8" || h.Get("Vary") != "Accept-Encoding" ||
				h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Set-Cookie") != "" {
				t.Errorf("%s with %q: headers %v", path, accepted, h)
			}
			tags[h.Get("ETag")] = true
			if r := s.do("GET", path, "", "Accept-Encoding: "+accepted, "If-None-Match: "+h.Get("ETag")); r.status != 304 || r.body != "" {
				t.Errorf("%s with %q: status %d, want 304", path, accepted, r.status)
			}
		}
		if len(tags) != 3 {
			t.Errorf("%s: plain, gzip and brotli have %d tags, want one each", path, len(tags))
		}
	}
}

// unpacked returns the content of an answer as its Content-Encoding says.
func unpacked(t *testing.T, r reply) string {
	t.Helper()
	var from io.Reader = strings.NewReader(r.body)
	switch r.header.Get("Content-Encoding") {
	case "br":
		from = brotli.NewReader(from)
	case "gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			t.Fatal(err)
		}
		from = z
	}
	body, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestFiles_OthersAreNotServed(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/widget/manifest.json", "/widget/widget.js", "/widget/README", "/widget/", "/widget/..%2fassets.go", "/widget/%2e%2e/assets.go", "/widget/panel.js", "/widget/widget.js.br", "/widget/" + built(t).Panel + ".br"} {
		if r := s.do("GET", path, ""); r.status != 404 || strings.Contains(r.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
}

func TestAccepts(t *testing.T) {
	for header, want := range map[string]bool{"": false, "gzip": true, "br, gzip;q=0.5": true, "GZIP": true, "gzip;q=0": false, "gzip; q=0.000": false, "gzip;q=1.0": true, "identity": false, "xgzip": false} {
		if got := webwidget.Accepts(header, "gzip"); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}
