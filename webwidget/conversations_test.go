package webwidget_test

import (
	"net/http"
	"strings"
	"testing"

	"porchlight/bridge"
)

func TestAsk_AnswersTheContractsShape(t *testing.T) {
	s := start(t).online()
	r := s.do("POST", "/v1/conversations", `{"client_id":"c1-client-id-0000","name":"Anna","reason":"Help","department":"support",
		"page":{"url":"https://www.example.org/a","title":"A","referrer":"https://search.example"},"language":"en",
		"attributes":{"plan":"pro", "n": 1},"unknown":[1,2]}`)
	var got map[string]any
	r.into(t, http.StatusCreated, &got)
	if len(got) != 7 {
		t.Errorf("answer has %d fields, want 7: %s", len(got), r.body)
	}
	if got["number"] != 1.0 || got["state"] != "waiting" || got["position"] != 1.0 || got["seq"].(float64) < 1 {
		t.Errorf("answer %s", r.body)
	}
	if v := got["visitor"].(string); !strings.HasPrefix(v, "anna-") || !strings.HasSuffix(v, "@support.example.org") {
		t.Errorf("visitor %q, want anna-…@support.example.org", v)
	}
	card, err := s.bridge.Card(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	q := card.Request
	if q.Page.URL != "https://www.example.org/a" || q.Page.Referrer != "https://search.example" || q.Language != "en" ||
		q.Attributes != `{"plan":"pro","n":1}` || q.Browser == "" || q.Verified != "" {
		t.Errorf("stored request %+v", q)
	}
	s.do("POST", "/v1/conversations", `{"name":"Bert","reason":"Help","attributes":{ }}`).want(t, http.StatusCreated)
	if card, err = s.bridge.Card(t.Context(), 2); err != nil || card.Request.Attributes != "" {
		t.Errorf("no attributes are stored as %q (%v)", card.Request.Attributes, err)
	}
}

func TestAsk_SameClientIDIsStoredOnce(t *testing.T) {
	s := start(t).online()
	body := `{"client_id":"c1-client-id-0000","name":"Anna","reason":"Help"}`
	first := s.do("POST", "/v1/conversations", body)
	again := s.do("POST", "/v1/conversations", body)
	first.want(t, http.StatusCreated)
	again.want(t, http.StatusOK)
	if first.body != again.body {
		t.Errorf("answers differ:\n%s\n%s", first.body, again.body)
	}
}

func TestAsk_NobodyOnline(t *testing.T) {
	s := start(t)
	p := s.do("POST", "/v1/conversations", `{"reason":"Help"}`).refused(t, http.StatusUnprocessableEntity, "email-required")
	if p.Errors["email"] == "" {
		t.Errorf("errors %v, want one for email", p.Errors)
	}
	var o opened
	s.do("POST", "/v1/conversations", `{"reason":"Help","email":"anna@example.org"}`).into(t, http.StatusCreated, &o)
	if o.State != "ticket" || o.Position != 0 {
		t.Errorf("state %q position %d, want ticket and 0", o.State, o.Position)
	}
}

func TestAsk_RefusesBeforeAnythingIsStored(t *testing.T) {
	s := start(t, func(o *setup) { o.MaxBody = 20_000 }).online()
	for _, c := range []struct {
		name, body, contentType string
		status                  int
		code, field             string
	}{
		{"no reason", `{"name":"Anna"}`, "", 422, "invalid", "reason"},
		{"blank reason", `{"reason":" \n "}`, "", 422, "invalid", "reason"},
		{"bad address", `{"reason":"x","email":"anna"}`, "", 422, "invalid", "email"},
		{"unknown department", `{"reason":"x","department":"none"}`, "", 422, "invalid", "department"},
		{"reason is no string", `{"reason":5}`, "", 422, "invalid", "reason"},
		{"page is no object", `{"reason":"x","page":"y"}`, "", 422, "invalid", "page"},
		{"url is no string", `{"reason":"x","page":{"url":[]}}`, "", 422, "invalid", "page.url"},
		{"attributes are a list", `{"reason":"x","attributes":[1]}`, "", 422, "invalid", "attributes"},
		{"attributes are a string", `{"reason":"x","attributes":"{}"}`, "", 422, "invalid", "attributes"},
		{"long reason", `{"reason":"` + strings.Repeat("x", 5000) + `"}`, "", 413, "too-large", "reason"},
		{"long name", `{"reason":"x","name":"` + strings.Repeat("x", 81) + `"}`, "", 413, "too-large", "name"},
		{"long attributes", `{"reason":"x","attributes":{"a":"` + strings.Repeat("x", 9000) + `"}}`, "", 413, "too-large", "attributes"},
		{"long body", `{"reason":"x","unknown":"` + strings.Repeat("x", 30_000) + `"}`, "", 413, "too-large", ""},
		{"cut off", `{"reason":"x"`, "", 400, "malformed", ""},
		{"two values", `{"reason":"x"}{}`, "", 400, "malformed", ""},
		{"empty", ``, "", 400, "malformed", ""},
		{"a list", `[]`, "", 400, "malformed", ""},
		{"null", `null`, "", 400, "malformed", ""},
		{"not UTF-8", "{\"reason\":\"\xff\"}", "", 400, "malformed", ""},
		{"a form", `reason=x`, "application/x-www-form-urlencoded", 415, "unsupported-media-type", ""},
		{"no type", `{"reason":"x"}`, " ", 415, "unsupported-media-type", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var headers []string
			if c.contentType != "" {
				headers = append(headers, "Content-Type: "+strings.TrimSpace(c.contentType))
			}
			p := s.do("POST", "/v1/conversations", c.body, headers...).refused(t, c.status, c.code)
			if _, told := p.Errors[c.field]; c.field != "" && !told {
				t.Errorf("errors %v, want one for %s", p.Errors, c.field)
			}
		})
	}
	if o := s.ask(""); o.Number != 1 {
		t.Errorf("the first conversation is #%d: something refused was stored", o.Number)
	}
}

func TestAsk_TypeMayHaveParameters(t *testing.T) {
	s := start(t).online()
	s.do("POST", "/v1/conversations", `{"reason":"x"}`, "Content-Type: application/json; charset=utf-8").want(t, http.StatusCreated)
	s.do("POST", "/v1/conversations", `{"reason":"x"}`, "Content-Type: text/plain").want(t, http.StatusCreated)
	s.do("POST", "/v1/conversations", `{"reason":"x"}`, "Content-Type: text/plain", "Origin: https://evil.example").refused(t, 403, "foreign-origin")
}

func TestAsk_EarlierTokenKeepsTheVisitor(t *testing.T) {
	s := start(t).online()
	first, other := s.ask(""), s.ask(`{"name":"Berta","reason":"x"}`)
	for _, c := range []struct {
		name, previous, token string
		same                  bool
	}{
		{"id and token", first.ID, first.Token, true},
		{"no token", first.ID, "", false},
		{"no id", "", first.Token, false},
		{"token of another one", first.ID, other.Token, false},
		{"unknown id", "nothing", first.Token, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var o opened
			s.do("POST", "/v1/conversations", toJSON(map[string]string{"name": "Anna", "reason": c.name, "previous": c.previous}),
				"Authorization: Bearer "+c.token).into(t, http.StatusCreated, &o)
			if same := o.Visitor == first.Visitor; same != c.same {
				t.Errorf("visitor %s, first %s", o.Visitor, first.Visitor)
			}
			if o.ID == first.ID || o.Token == first.Token {
				t.Error("it is the first conversation again")
			}
		})
	}
}

// While the store can't be read a visitor who comes back is not taken for a new one.
func TestAsk_EarlierTokenThatCantBeRead(t *testing.T) {
	s := start(t).online()
	first := s.ask("")
	again := func() reply {
		return s.do("POST", "/v1/conversations", toJSON(map[string]string{"reason": "x", "previous": first.ID}), "Authorization: Bearer "+first.Token)
	}
	s.store.set(func(g *gate) { g.lost = errBroken })
	again().refused(t, http.StatusInternalServerError, "internal")
	s.store.set(func(g *gate) { g.lost = nil })
	var o opened
	again().into(t, http.StatusCreated, &o)
	if o.Visitor != first.Visitor {
		t.Errorf("visitor %s, first %s", o.Visitor, first.Visitor)
	}
}

func TestAsk_TooManyWait(t *testing.T) {
	s := start(t, func(o *setup) { o.limits.Waiting = 1 }).online()
	s.ask("")
	r := s.do("POST", "/v1/conversations", `{"reason":"x"}`)
	r.refused(t, http.StatusTooManyRequests, "busy")
	if r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestSnapshot_AnswersTheContractsShape(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	waiting := `{"id":"` + o.ID + `","number":1,"kind":"chat","state":"waiting","reason":"","position":1,"seq":2,"receipts":{"confirmed":0,"delivered":0,"seen":0}}`
	if r := s.call(o, "GET", "", ""); r.body != waiting {
		t.Errorf("waiting:\n%s, want\n%s", r.body, waiting)
	}
	s.answer(o, "Hello")
	s.must(s.bridge.Cursors.Prove(t.Context(), []bridge.Cursor{{Conversation: 1, Operator: xavi, Upto: 5, Status: bridge.Delivered}}))
	active := `{"id":"` + o.ID + `","number":1,"kind":"chat","state":"active","reason":"","operator":{"name":"Xavi","avatar":""},"seq":5,"receipts":{"confirmed":2,"delivered":2,"seen":0}}`
	if r := s.call(o, "GET", "", ""); r.body != active {
		t.Errorf("active:\n%s, want\n%s", r.body, active)
	}
	s.call(o, "POST", "/close", `{}`).want(t, http.StatusNoContent)
	closed := `{"id":"` + o.ID + `","number":1,"kind":"chat","state":"closed","reason":"visitor-closed",`
	if r := s.call(o, "GET", "", ""); !strings.HasPrefix(r.body, closed) {
		t.Errorf("closed:\n%s, want\n%s…", r.body, closed)
	}
}

func TestSnapshot_OfATicket(t *testing.T) {
	s := start(t)
	o := s.ask("")
	var got struct{ Kind, State string }
	s.call(o, "GET", "", "").into(t, 200, &got)
	if got.Kind != "ticket" || got.State != "ticket" {
		t.Errorf("kind %q state %q, want ticket twice", got.Kind, got.State)
	}
}

// Every call gives the same answer, to the byte, for the id of another conversation as for
// an id that does not exist.
func TestAuthorize_ForeignIsUnknown(t *testing.T) {
	s := start(t).online()
	mine, theirs := s.ask(`{"reason":"mine"}`), s.ask(`{"reason":"theirs"}`)
	calls := []struct{ method, path, body string }{
		{"GET", "", ""}, {"GET", "/events", ""}, {"GET", "/events?after=0&wait=1", ""},
		{"POST", "/messages", `{"client_id":"a-client-id-0000","text":"b"}`}, {"POST", "/typing", `{"active":true}`}, {"POST", "/seen", `{"seq":1}`},
		{"POST", "/leave", `{}`}, {"POST", "/close", `{}`}, {"POST", "/email", `{"email":"a@example.org"}`}, {"GET", "/nothing", ""},
	}
	var want reply
	for i, c := range calls {
		for name, r := range map[string]reply{
			"unknown id":     s.call(opened{ID: "nothing", Token: mine.Token}, c.method, c.path, c.body),
			"foreign id":     s.call(opened{ID: theirs.ID, Token: mine.Token}, c.method, c.path, c.body),
			"wrong token":    s.call(opened{ID: theirs.ID, Token: "nothing"}, c.method, c.path, c.body),
			"empty token":    s.call(opened{ID: theirs.ID}, c.method, c.path, c.body),
			"no header":      s.do(c.method, "/v1/conversations/"+theirs.ID+c.path, c.body),
			"other scheme":   s.do(c.method, "/v1/conversations/"+theirs.ID+c.path, c.body, "Authorization: Basic "+theirs.Token),
			"token in query": s.do(c.method, "/v1/conversations/"+theirs.ID+strings.SplitN(c.path, "?", 2)[0]+"?token="+theirs.Token, c.body),
			"stream":         s.call(opened{ID: theirs.ID, Token: mine.Token}, c.method, c.path, c.body, "Accept: text/event-stream"),
		} {
			r.refused(t, http.StatusNotFound, "not-found")
			r.header.Del("Date")
			if want.body == "" {
				want = r
			}
			if r.body != want.body || toJSON(r.header) != toJSON(want.header) {
				t.Errorf("call %d %s:\n%v %s, want\n%v %s", i, name, r.header, r.body, want.header, want.body)
			}
		}
	}
	var now struct{ State string }
	s.call(theirs, "GET", "", "").into(t, 200, &now)
	if now.State != "waiting" {
		t.Errorf("the foreign conversation is %s now", now.State)
	}
}

func TestStore_UnavailableAcknowledgesNothing(t *testing.T) {
	s := start(t).online()
	o := s.ask("")
	s.store.set(func(g *gate) { g.fail = errUnavailable })
	for _, r := range []reply{
		s.do("POST", "/v1/conversations", `{"reason":"x"}`),
		s.call(o, "POST", "/messages", `{"client_id":"a-client-id-0000","text":"b"}`),
		s.call(o, "POST", "/close", `{}`),
	} {
		r.refused(t, http.StatusServiceUnavailable, "unavailable")
		if r.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	s.store.set(func(g *gate) { g.fail = errBroken })
	r := s.call(o, "POST", "/messages", `{"client_id":"a-client-id-0000","text":"private words"}`)
	p := r.refused(t, http.StatusInternalServerError, "internal")
	if strings.Contains(p.Detail, "disk") {
		t.Errorf("detail %q tells of our inside", p.Detail)
	}
	log := s.log.String()
	if strings.Count(log, "the disk fell off") != 1 || strings.Contains(log, "private words") || strings.Contains(log, o.Token) || strings.Contains(log, o.ID) {
		t.Errorf("log %q, want the error once and no text, token or id", log)
	}
}
