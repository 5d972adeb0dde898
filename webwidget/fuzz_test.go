package webwidget_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"porchlight/webwidget"
)

// A body is read whole or refused with a status of the 400s, never half.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"reason":"x","attributes":{"a":[1,{}]}}`, `{}`, `[]`, `null`, `{"reason":5}`, `{"page":[]}`, `{"attributes":"x"}`, `{"reason":"\ud800"}`, "{\"reason\":\"\xff\"}", `{"reason":"a","reason":"b"}`, ``, `{`, `{"a":1}{}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		reason, attributes, err := webwidget.DecodeInquiry(body)
		if err != nil {
			if status := webwidget.StatusOf(err); status < 400 || status > 499 {
				t.Errorf("status %d for %q", status, body)
			}
			return
		}
		if !json.Valid(body) || !utf8.ValidString(reason) || !utf8.ValidString(attributes) {
			t.Errorf("accepted %q", body)
		}
		var object map[string]any
		if attributes != "" && json.Unmarshal([]byte(attributes), &object) != nil {
			t.Errorf("attributes %q are no object", attributes)
		}
	})
}

// A reader's cursor is always within the log.
func FuzzLastEventID(f *testing.F) {
	for _, s := range []string{"", "0", "7", "-1", "1e3", "9223372036854775807", "9223372036854775808", " 1", "１", "0x10", "1_000"} {
		f.Add(s, int64(5))
	}
	f.Fuzz(func(t *testing.T, id string, end int64) {
		if end < 0 {
			return
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Last-Event-Id"] = []string{id}
		n, err := webwidget.Cursor(r, end)
		if err != nil && webwidget.StatusOf(err) != http.StatusBadRequest {
			t.Errorf("status %d", webwidget.StatusOf(err))
		}
		if err == nil && (n < 0 || n > end) {
			t.Errorf("%q: %d of %d", id, n, end)
		}
	})
}

// A token is what stands after Bearer. Its length is bounded.
func FuzzToken(f *testing.F) {
	for _, s := range []string{"Bearer abc", "bearer abc", "Basic abc", "Bearer", "Bearer  a b", "Bearer " + strings.Repeat("x", 1000), ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		token := webwidget.Bearer(http.Header{"Authorization": {value}})
		if len(token) > 256 || token != "" && (len(value) < 8 || !strings.EqualFold(value[:7], "Bearer ") || !strings.HasSuffix(strings.TrimSpace(value), token)) {
			t.Errorf("%q gives %q", value, token)
		}
	})
}

// No header changes the address of a peer that is not trusted, and nothing in a header
// changes the address that a trusted proxy adds at the end.
func FuzzForwarded(f *testing.F) {
	for _, s := range []string{"", "1.2.3.4", "for=1.2.3.4", `for="[::1]:5";by=x`, `for="a,b`, `\"`, "10.0.0.1,", ",,,", `for=1.2.3.4;for=5.6.7.8`} {
		f.Add(s, s)
	}
	trusted := prefixes("10.0.0.0/8")
	f.Fuzz(func(t *testing.T, x, forwarded string) {
		h := http.Header{"X-Forwarded-For": {x}, "Forwarded": {forwarded}}
		if got := webwidget.ClientAddr("192.0.2.7:1", h, trusted).String(); got != "192.0.2.7" {
			t.Errorf("a stranger became %s", got)
		}
		webwidget.ClientAddr("10.0.0.1:1", h, trusted)
		h = http.Header{"X-Forwarded-For": {x + ", 203.0.113.9"}}
		if got := webwidget.ClientAddr("10.0.0.1:1", h, trusted).String(); got != "203.0.113.9" {
			t.Errorf("the proxy's word became %s", got)
		}
	})
}
