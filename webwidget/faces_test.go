package webwidget_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"porchlight/bridge"
	"porchlight/bridge/setting"
)

// face has the operator's picture kept, and returns where visitors find it.
func (s *service) face(o bridge.OperatorJID) string {
	s.Helper()
	s.must(s.portraits.Keep(s.Context(), o, "aa", "image/png", pixel))
	return s.portraits.Address(o)
}

// faces sets the setting of the site.
func (s *service) faces(value string) {
	s.Helper()
	s.must(s.bridge.Settings.Change(s.Context(), bridge.Operator{JID: xavi}, "settings faces", func(v setting.Values) ([]bridge.Changed, error) {
		v.Set(string(setting.Faces), value)
		return []bridge.Changed{{Key: string(setting.Faces), Is: value}}, nil
	}))
}

// A picture lies at an address that holds its hash, for pages of any site, for ever; other addresses are empty.
func TestFaces_Picture(t *testing.T) {
	s := start(t)
	path := s.face(xavi)
	r := s.do("GET", path, "", "Origin: https://www.example.org")
	if r.status != 200 || r.body != string(pixel) || r.header.Get("Content-Type") != "image/png" || r.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
		r.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || r.header.Get("X-Content-Type-Options") != "nosniff" || r.header.Get("Content-Security-Policy") == "" {
		t.Errorf("%d %v", r.status, r.header)
	}
	if r := s.do("GET", path, "", "If-None-Match: "+r.header.Get("ETag")); r.status != 304 {
		t.Errorf("again: %d", r.status)
	}
	for _, other := range []string{"/faces/", "/faces/x.png", path + "x", path + "/x", "/faces/%2e%2e", "/faces/" + strings.Repeat("a", 4000)} {
		if r := s.do("GET", other, ""); r.status != 404 {
			t.Errorf("%.40s: %d", other, r.status)
		}
	}
	s.faces("off")
	if r := s.do("GET", path, ""); r.status != 404 || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("switched off: %d %v", r.status, r.header)
	}
}

// Who is there for visitors can be asked by pages of any site.
func TestTeam_WhoIsThere(t *testing.T) {
	s := start(t)
	is := func(path, want string) {
		t.Helper()
		if r := s.do("GET", path, "", "Origin: https://elsewhere.example"); r.status != 200 || r.body != want || r.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %s %v, want %s", path, r.status, r.body, r.header, want)
		}
	}
	is("/v1/team", `{"operators":[]}`)
	s.online()
	is("/v1/team", `{"operators":[{"id":"`+s.portraits.ID(xavi)+`","name":"Xavi","about":"","avatar":""}]}`)
	path := s.face(xavi)
	is("/v1/team?department=support", `{"operators":[{"id":"`+s.portraits.ID(xavi)+`","name":"Xavi","about":"","avatar":"`+path+`"}]}`)
	if r := s.do("GET", "/v1/team?department=nothing", ""); r.status != 404 {
		t.Errorf("no such department: %d", r.status)
	}
	s.faces("off")
	is("/v1/team", `{"operators":[]}`)
}

// The picture of who answers is in the snapshot, and in the event with which they join: the one that there is now, whatever it was then.
func TestFaces_OfWhoAnswers(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.answer(o, "Hello")
	shown := func(want string) {
		t.Helper()
		var snapshot struct{ Operator struct{ Avatar string } }
		s.call(o, "GET", "", "").into(t, 200, &snapshot)
		var log struct {
			Events []struct{ Type, Avatar string }
		}
		s.call(o, "GET", "/events", "").into(t, 200, &log)
		in := "nothing"
		for _, e := range log.Events {
			if e.Type == "operator" {
				in = e.Avatar
			}
		}
		if snapshot.Operator.Avatar != want || in != want {
			t.Errorf("the snapshot has %q, the log %q, want %q", snapshot.Operator.Avatar, in, want)
		}
	}
	shown("")
	path := s.face(xavi)
	shown(path)
	if _, err := s.bridge.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.NoFace = true }); err != nil {
		t.Fatal(err)
	}
	shown("")
}

// Who answers a visitor is told by an id that says nothing about the operator's address; of nobody else anything is told.
func TestFaces_WhoIsIt(t *testing.T) {
	s := start(t).online()
	_, err := s.bridge.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.About = "Knows every lamp" })
	s.must(err)
	var team struct{ Operators []struct{ ID string } }
	s.must(json.Unmarshal([]byte(s.do("GET", "/v1/team", "").body), &team))
	id := team.Operators[0].ID
	if strings.Contains(id, "xavi") {
		t.Fatalf("the id is %q", id)
	}
	if r := s.do("GET", "/v1/operators/"+id, ""); r.status != 200 || r.body != `{"name":"Xavi","about":"Knows every lamp","avatar":""}` {
		t.Errorf("%d %s", r.status, r.body)
	}
	for _, id := range []string{"xavi@example.org", "none", id + "x"} {
		s.do("GET", "/v1/operators/"+url.PathEscape(id), "").refused(t, http.StatusNotFound, "not-found")
	}
}
