package onsite_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"porchlight/bridge"
	"porchlight/bridge/onsite"
)

// Whatever a page tells, operators read short lines without what can't be seen, and no query.
func FuzzBeacon(f *testing.F) {
	f.Add("https://example.org/a?secret=1#x", "Title\u202e\x00", "https://user:secret@search.example/", "de-AT", "sales")
	f.Add("::\xff", "\n\n", "//x?y", "", "")
	f.Fuzz(func(t *testing.T, url, title, referrer, language, department string) {
		s := newSite(t)
		s.tell(onsite.Beacon{Key: "one", Page: bridge.Page{URL: url, Title: title, Referrer: referrer}, Language: language, Department: department})
		v := s.only()
		if strings.ContainsAny(v.Page.URL+v.Page.Referrer, "?#@") {
			t.Errorf("a query or a name is left: %q, %q", v.Page.URL, v.Page.Referrer)
		}
		for _, text := range []string{v.Page.URL, v.Page.Title, v.Page.Referrer, v.Language, v.Department} {
			if len(text) > 500 || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
				t.Errorf("operators would read %q", text)
			}
		}
	})
}
