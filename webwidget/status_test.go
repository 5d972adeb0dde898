package webwidget_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

const (
	offline = `{"status":"offline","departments":[{"name":"support","title":"Support","status":"offline"}],"hours":{"open":true,"zone":"UTC"},"operators":0}`
	online  = `{"status":"online","departments":[{"name":"support","title":"Support","status":"online"}],"hours":{"open":true,"zone":"UTC"},"operators":1}`
)

func TestStatus_AnswersTheContractsShape(t *testing.T) {
	s := start(t)
	if r := s.do("GET", "/v1/status", ""); r.status != 200 || r.body != offline {
		t.Errorf("nobody there: %d %s", r.status, r.body)
	}
	s.online()
	for _, path := range []string{"/v1/status", "/v1/status?department=", "/v1/status?department=support"} {
		if r := s.do("GET", path, ""); r.status != 200 || r.body != online {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}

// The status has the site's hours: whether they are open, when that changes next, and their zone.
func TestStatus_Hours(t *testing.T) {
	s := start(t)
	nextYear := strconv.Itoa(time.Now().Year() + 1)
	for table, want := range map[string]string{
		"daily 0-24; Europe/Madrid":                               `"hours":{"open":true,"zone":"Europe/Madrid"}`,
		"daily closed; Europe/Madrid":                             `"hours":{"open":false,"zone":"Europe/Madrid"}`,
		"daily 0-24; 2000-01-01 closed; Asia/Kolkata":             `"hours":{"open":true,"zone":"Asia/Kolkata"}`,
		"daily closed; " + nextYear + "-07-01 9-10; Asia/Kolkata": `"hours":{"open":false,"next":"` + nextYear + `-07-01T09:00:00+05:30","zone":"Asia/Kolkata"}`,
	} {
		s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.SaveSetting(bridge.SiteHours, table) }))
		if r := s.do("GET", "/v1/status", ""); !strings.Contains(r.body, want) {
			t.Errorf("%s: %s", table, r.body)
		}
	}
}

// stopped is a clock that stands still.
type stopped time.Time

// Now implements bridge.Clock.
func (c stopped) Now() time.Time { return time.Time(c) }

// The page without script says in the visitor's language when somebody is there again, while nobody is.
func TestStatus_PageSaysWhenSomebodyIsBack(t *testing.T) {
	s := start(t, func(set *setup) { set.clock = stopped(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)) }) // a Sunday
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveSetting(bridge.SiteHours, "Mon-Fri 9-17; UTC")
	}))
	for header, want := range map[string]string{"Accept-Language: en": "Back tomorrow at 9:00 (UTC)", "Accept-Language: de-AT": "Wieder da: morgen um 9:00 (UTC)"} {
		if r := s.do("GET", "/chat", "", header); !strings.Contains(r.body, want) {
			t.Errorf("%s: the page lacks %q:\n%s", header, want, r.body)
		}
	}
	s.online()
	if r := s.do("GET", "/chat", "", "Accept-Language: en"); strings.Contains(r.body, "Back tomorrow") {
		t.Error("somebody is there, and still the page says when they are back")
	}
}

func TestStatus_OfOneDepartment(t *testing.T) {
	s := start(t).withDepartments(bridge.Department{Name: "sales", Title: "Sales & more"}).online()
	s.must(s.bridge.Team.Add(t.Context(), bridge.Operator{JID: "olga@example.org", Name: "Olga", Enabled: true, Departments: []string{"support"}}))
	want := `{"status":"online","departments":[{"name":"sales","title":"Sales \u0026 more","status":"online"}],"hours":{"open":true,"zone":"UTC"},"operators":1}`
	if r := s.do("GET", "/v1/status?department=sales", ""); r.body != want {
		t.Errorf("got %s, want %s", r.body, want)
	}
	s.must(s.bridge.Reach.Presence(t.Context(), xavi, "phone", bridge.ShowOffline))
	s.must(s.bridge.Reach.Presence(t.Context(), "olga@example.org", "desk", bridge.ShowAvailable))
	want = `{"status":"online","departments":[{"name":"support","title":"Support","status":"online"},{"name":"sales","title":"Sales \u0026 more","status":"offline"}],"hours":{"open":true,"zone":"UTC"},"operators":1}`
	if r := s.do("GET", "/v1/status", ""); r.body != want {
		t.Errorf("got %s, want %s", r.body, want)
	}
}

func TestStatus_UnknownDepartment(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/v1/status", "/v1/events", "/status.svg", "/status.png"} {
		r := s.do("GET", path+"?department=none", "")
		r.refused(t, http.StatusNotFound, "not-found")
		if r.header.Get("ETag") != "" || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: an error may be cached: %v", path, r.header)
		}
	}
}

func TestStatus_NotModified(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/v1/status", "/status.svg", "/status.png"} {
		first := s.do("GET", path, "")
		tag := first.header.Get("ETag")
		if tag == "" || first.header.Get("Cache-Control") != "no-cache" {
			t.Fatalf("%s: headers %v", path, first.header)
		}
		for _, condition := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			r := s.do("GET", path, "", "If-None-Match: "+condition)
			if r.status != http.StatusNotModified || r.body != "" || r.header.Get("ETag") != tag || r.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s %s: %d %q %v", path, condition, r.status, r.body, r.header)
			}
		}
		s.online()
		if r := s.do("GET", path, "", "If-None-Match: "+tag); r.status != 200 || r.header.Get("ETag") == tag {
			t.Errorf("%s: changed, but status %d and tag %s", path, r.status, r.header.Get("ETag"))
		}
		s.bridge.Link.Down()
	}
}

func TestStatusEvents_AtOnceAndAtEachChange(t *testing.T) {
	s := start(t)
	c := s.follow("/v1/events?department=support")
	if got := c.header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("Access-Control-Allow-Origin %q, want *", got)
	}
	if f := c.next(); f.event != "status" || f.data != offline || f.id != "" {
		t.Errorf("at once: %+v", f)
	}
	s.online()
	if f := c.next(); f.event != "status" || f.data != online {
		t.Errorf("online: %+v", f)
	}
	s.ask("") // tells the sides, but changes nothing that a visitor sees of the status
	s.bridge.Link.Down()
	if f := c.next(); f.event != "status" || f.data != offline {
		t.Errorf("link down: %+v", f)
	}
}

// Pages of every site may ask for the status.
func TestStatus_EverySiteMayAsk(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/v1/status", "/status.svg", "/status.png", "/widget.js"} {
		r := s.do("GET", path, "", "Origin: https://evil.example")
		if r.status != 200 || r.header.Get("Access-Control-Allow-Origin") != "*" || r.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
}

func TestHead_HasNoBody(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/v1/status", "/status.svg", "/status.png", "/widget.js", "/healthz", "/readyz", "/chat"} {
		get, head := s.do("GET", path, ""), s.do("HEAD", path, "")
		if head.status != 200 || head.body != "" || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("%s: %d %q %v", path, head.status, head.body, head.header)
		}
	}
}

// A page of a foreign origin gets the status. Beside it the page is told that it may not open
// a conversation, even when the browser has the status already.
func TestStatus_TellsAPageWhetherItMayTalk(t *testing.T) {
	s := start(t)
	tag := s.do("GET", "/v1/status", "").header.Get("ETag")
	for origin, want := range map[string]string{
		"https://www.example.org": "listed", "http://" + s.host: "listed", "https://shop.example": "foreign", "null": "foreign", "": "",
	} {
		for _, etag := range []string{"", tag} {
			r := s.do("GET", "/v1/status", "", "Origin: "+origin, "If-None-Match: "+etag)
			if got := r.header.Get("Porchlight-Origin"); got != want {
				t.Errorf("from %q, %d: Porchlight-Origin %q, want %q", origin, r.status, got, want)
			}
			if want != "" && r.header.Get("Access-Control-Expose-Headers") != "Porchlight-Origin" {
				t.Errorf("from %q: scripts can't read it: %v", origin, r.header)
			}
			if r.header.Get("Vary") != "Origin" || r.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("from %q: headers %v", origin, r.header)
			}
		}
	}
}
