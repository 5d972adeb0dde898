package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"porchlight/e2e/visitor"
)

// do makes one call. The test fails only if there is no answer at all.
func (s *site) do(t *testing.T, r visitor.Request) visitor.Answer {
	t.Helper()
	a, err := visitor.New(s.url).Do(within(t), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// shape checks that a JSON object has exactly these names, and returns the object.
func shape(t *testing.T, body []byte, names ...string) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if got := slices.Sorted(maps.Keys(object)); !slices.Equal(got, slices.Sorted(slices.Values(names))) {
		t.Errorf("the names are %q, want %q", got, names)
	}
	return object
}

// problem checks that an answer is a problem (RFC 9457) with the status, and returns the problem.
func problem(t *testing.T, a visitor.Answer, status int) visitor.Problem {
	t.Helper()
	var p visitor.Problem
	if a.Status != status || a.Header.Get("Content-Type") != "application/problem+json" || json.Unmarshal(a.Body, &p) != nil ||
		p.Status != status || p.Title == "" || !strings.HasPrefix(p.Type, "urn:porchlight:problem:") {
		t.Errorf("want a problem of status %d, got %d %s: %s", status, a.Status, a.Header.Get("Content-Type"), a.Body)
	}
	return p
}

// TestHTTP_Status: any site can ask whether somebody is there, follow that and show it as an
// image. A status that has not changed is not sent again.
func TestHTTP_Status(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	get := visitor.Request{Method: "GET", Path: "/v1/status", Header: map[string]string{"Origin": "https://anybody.example"}}
	a := s.do(t, get)
	st := shape(t, a.Body, "status", "departments", "hours", "operators")
	department := fmt.Sprint(st["departments"].([]any)[0])
	if a.Status != 200 || st["status"] != "offline" || st["operators"] != 0.0 || department != "map[name:support status:offline title:Support]" {
		t.Errorf("status %d: %s", a.Status, a.Body)
	}
	if _, ok := st["hours"].(map[string]any); !ok {
		t.Errorf("hours are %v", st["hours"])
	}
	if a.Header.Get("Access-Control-Allow-Origin") != "*" || a.Header.Get("ETag") == "" || a.Header.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", a.Header)
	}
	get.Header["If-None-Match"] = a.Header.Get("ETag")
	if a := s.do(t, get); a.Status != 304 || len(a.Body) > 0 {
		t.Errorf("unchanged: status %d", a.Status)
	}
	off := map[string][]byte{}
	for path, kind := range map[string]string{"/status.svg": "image/svg+xml", "/status.png?department=support": "image/png"} {
		a := s.do(t, visitor.Request{Method: "GET", Path: path})
		if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: %d %v", path, a.Status, a.Header)
		}
		off[path] = a.Body
	}
	s.operators("xavi")
	if a := s.do(t, get); a.Status != 200 || !bytes.Contains(a.Body, []byte(`"status":"online"`)) {
		t.Errorf("changed: %d %s", a.Status, a.Body)
	}
	for path, before := range off {
		if a := s.do(t, visitor.Request{Method: "GET", Path: path}); bytes.Equal(a.Body, before) {
			t.Errorf("%s is the same ONLINE and OFFLINE", path)
		}
	}
	for _, path := range []string{"/v1/status?department=nobody", "/v1/events?department=nobody", "/v1/nothing", "/widget/nothing.js"} {
		problem(t, s.do(t, visitor.Request{Method: "GET", Path: path}), 404)
	}
	problem(t, s.do(t, visitor.Request{Method: "DELETE", Path: "/v1/status"}), 405)
}

// TestHTTP_Ask: the same inquiry opens one conversation, whose answer has the documented fields.
// A bad inquiry is refused with what is wrong.
func TestHTTP_Ask(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.operators("xavi")
	ask := visitor.Request{Method: "POST", Path: "/v1/conversations", Body: map[string]any{"client_id": "c1-client-id-0000", "name": "Änna Ó", "email": "",
		"reason": "Why?", "department": "", "page": map[string]any{"url": "https://a.example/", "title": "A", "referrer": ""},
		"language": "en", "identity": "", "attributes": map[string]any{"plan": "gold"}}}
	first := s.do(t, ask)
	o := shape(t, first.Body, "id", "token", "number", "visitor", "state", "position", "seq")
	if first.Status != 201 || o["number"] != 1.0 || o["state"] != "waiting" || o["position"] != 1.0 || o["seq"].(float64) < 1 ||
		!regexp.MustCompile(`^aenna-o-[a-z0-9]{4}@support\.localhost$`).MatchString(o["visitor"].(string)) {
		t.Errorf("status %d: %s", first.Status, first.Body)
	}
	if again := s.do(t, ask); again.Status != 200 || !bytes.Equal(again.Body, first.Body) {
		t.Errorf("again: %d %s, first %s", again.Status, again.Body, first.Body)
	}
	for _, c := range []struct {
		body   map[string]any
		status int
		field  string
	}{
		{map[string]any{"name": "Anna"}, 422, "reason"},
		{map[string]any{"reason": "a", "email": "no address"}, 422, "email"},
		{map[string]any{"reason": "a", "department": "nobody"}, 422, "department"},
		{map[string]any{"reason": "a", "attributes": "text"}, 422, "attributes"},
		{map[string]any{"reason": "a", "identity": "a.b.c"}, 422, "identity"},
		{map[string]any{"reason": 1}, 422, "reason"},
		{map[string]any{"reason": strings.Repeat("a", 4097)}, 413, "reason"},
		{map[string]any{"reason": "a", "name": strings.Repeat("a", 81)}, 413, "name"},
	} {
		a := s.do(t, visitor.Request{Method: "POST", Path: "/v1/conversations", Body: c.body})
		if p := problem(t, a, c.status); p.Errors[c.field] == "" {
			t.Errorf("%v: nothing is said of %s: %s", c.body, c.field, a.Body)
		}
	}
	problem(t, s.do(t, visitor.Request{Method: "POST", Path: "/v1/conversations", Body: []byte("reason=a"),
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}), 415)
	if c := s.ask("Ben", "Me too"); c.Number != 2 || c.Position != 2 {
		t.Errorf("what was refused left a trace: #%d, position %d", c.Number, c.Position)
	}
}

// TestHTTP_Secrecy: without the right token a conversation is answered byte for byte like one
// that does not exist.
func TestHTTP_Secrecy(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.operators("xavi")
	a, b := s.ask("Anna", "Mine"), s.ask("Ben", "Yours")
	var want []byte
	for _, below := range []string{"", "/events", "/messages", "/close", "/typing", "/seen", "/leave"} {
		method := "POST"
		if below == "" || below == "/events" {
			method = "GET"
		}
		for _, r := range []visitor.Request{
			{Path: "unknown" + below, Token: a.Token}, {Path: "unknown" + below}, {Path: b.ID + below}, {Path: b.ID + below, Token: "wrong"},
			{Path: b.ID + below, Token: a.Token}, {Path: b.ID + below + "?token=" + b.Token + "&access_token=" + b.Token},
		} {
			r.Method, r.Path, r.Body = method, "/v1/conversations/"+r.Path, map[string]any{"text": "x", "seq": 1}
			got := s.do(t, r)
			problem(t, got, 404)
			if want == nil {
				want = got.Body
			}
			if !bytes.Equal(got.Body, want) {
				t.Errorf("%s %s: %s, elsewhere %s", r.Method, r.Path, got.Body, want)
			}
		}
	}
	if log, err := b.Poll(within(t), b.Seq, 0); err != nil || len(log.Events) > 0 {
		t.Errorf("%v %v", log, err)
	}
}

// TestHTTP_Origins: pages of listed sites may use the API, pages of other sites may not, and
// callers that are no page may.
func TestHTTP_Origins(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.operators("xavi")
	preflight := func(origin string) visitor.Answer {
		return s.do(t, visitor.Request{Method: "OPTIONS", Path: "/v1/conversations", Header: map[string]string{"Origin": origin,
			"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}})
	}
	for _, origin := range []string{s.shop, s.url} {
		h := preflight(origin).Header
		for name, want := range map[string]string{"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": "POST",
			"Access-Control-Allow-Headers": "Authorization", "Vary": "Origin"} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", origin, name, h.Get(name))
			}
		}
		if h.Get("Access-Control-Allow-Credentials") != "" {
			t.Error("cookies are let in")
		}
	}
	for _, origin := range []string{"https://evil.example", "null", s.shop + ".evil.example", s.shop + "0"} {
		if a := preflight(origin); a.Status != http.StatusForbidden || a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %v", origin, a.Status, a.Header)
		}
		problem(t, s.do(t, visitor.Request{Method: "POST", Path: "/v1/conversations", Body: visitor.Inquiry{Reason: "a"},
			Header: map[string]string{"Origin": origin}}), 403)
	}
}

// TestHTTP_OnceOnly: a message that is sent five times at once is stored once, and all five
// requests get the same answer.
func TestHTTP_OnceOnly(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.operators("xavi")
	c := s.ask("Anna", "Question")
	for i := range 10 {
		answers := make([]visitor.Answer, 5)
		var all sync.WaitGroup
		for j := range answers {
			all.Go(func() {
				a, err := c.Do(t.Context(), c.At("POST", "/messages", map[string]string{"client_id": fmt.Sprint("client-id-number-", i), "text": "Hello"}))
				if err != nil {
					t.Error(err)
				}
				answers[j] = a
			})
		}
		all.Wait()
		count := map[int]int{}
		for _, a := range answers {
			count[a.Status]++
			shape(t, a.Body, "seq", "client_id", "at")
			if !bytes.Equal(a.Body, answers[0].Body) {
				t.Errorf("%s and %s", a.Body, answers[0].Body)
			}
		}
		if count[201] != 1 || count[200] != 4 {
			t.Errorf("statuses %v", count)
		}
	}
	if log, err := c.Poll(within(t), c.Seq, 0); err != nil || len(log.Events) != 10 {
		t.Errorf("%d events, %v", len(log.Events), err)
	}
}
