package webwidget_test

import "testing"

// A file with all about a visitor goes to who has its name, as a file that no cache keeps.
func TestExports_NeedTheirName(t *testing.T) {
	s := start(t, func(o *setup) { o.Exports = drawer })
	for format, media := range map[string]string{"json": "application/json", "txt": "text/plain; charset=utf-8"} {
		r := s.do("GET", "/exports/key/visitor."+format, "")
		if r.status != 200 || r.header.Get("Content-Type") != media || r.header.Get("Cache-Control") != "no-store" ||
			r.header.Get("Content-Disposition") != `attachment; filename="visitor.`+format+`"` || r.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", format, r.status, r.header)
		}
	}
	for _, path := range []string{"/exports/", "/exports/other/visitor.json", "/exports/key/visitor.html", "/exports/key/visitor", "/exports/key/visitor.json/x"} {
		if r := s.do("GET", path, ""); r.status != 404 {
			t.Errorf("%s gives %d", path, r.status)
		}
	}
}
