package webwidget_test

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"porchlight/bridge"
	"porchlight/bridge/access"
	"porchlight/bridge/setting"
	"porchlight/webwidget"
)

// limited starts a service with every limit that there can be.
func limited(t *testing.T) *service {
	t.Helper()
	return start(t, func(o *setup) {
		o.ConversationsPerMinute, o.MessagesPerMinute, o.RequestsPerMinute, o.counts = 1000, 1000, 1000, true
		o.Picture, o.Answers, o.Exports = (&gallery{}).find, drawer, drawer
		mailing(o)
	})
}

// docs/http.md describes the calls of the table.
func TestHTTP_IsInTheDocs(t *testing.T) {
	const file, begin, end = "../docs/http.md", "<!-- calls -->\n", "<!-- /calls -->"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), begin)
	got, after, ok2 := strings.Cut(rest, end)
	want := webwidget.Document(limited(t).Server)
	switch {
	case !ok || !ok2:
		t.Errorf("%s has no marks for the calls", file)
	case got == want:
	case !*update:
		t.Errorf("%s is out of date; run make generate", file)
	default:
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Every type of event that visitors see is in the docs.
func TestEvents_AreAllInTheDocs(t *testing.T) {
	src, err := os.ReadFile("../bridge/event.go")
	if err != nil {
		t.Fatal(err)
	}
	types := regexp.MustCompile(`EventType = "(\w+)"`).FindAllStringSubmatch(string(src), -1)
	_, doc, _ := strings.Cut(webwidget.Document(limited(t).Server), "Which fields there are")
	for _, m := range types {
		if public := bridge.EventType(m[1]).Public(); public != strings.Contains(doc, "| `"+m[1]+"` | ") {
			t.Errorf("event %s: public %v, which the docs don't say", m[1], public)
		}
	}
	if len(types) < 10 {
		t.Errorf("only %d types were found", len(types))
	}
}

// Each call answers what the docs say about it: the status, the type, and the fields of the
// JSON, no more and no fewer.
func TestCalls_AnswerAsTheDocsSay(t *testing.T) {
	s := limited(t).online()
	o, other := s.ask(""), s.ask("")
	s.answer(o, "Hello")
	s.answer(other, "Hello")
	auth := "Authorization: Bearer " + o.Token
	mine := "/v1/conversations/" + o.ID
	var sent event
	s.send(o, "file-client-id-00", "lamp.png", pixel).into(t, 201, &sent)
	upload, header := form(t, "other-client-id-0", "lamp.png", pixel)
	script := regexp.MustCompile(`/widget/page-[^"]+`).FindString(s.do("GET", "/chat", "").body)
	cookie := "Cookie: porchlight_chat=" + other.ID + "." + other.Token
	const posted = "Content-Type: application/x-www-form-urlencoded"
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	var tried []string
	doc := described(t)
	try := func(call, path, body string, headers ...string) {
		t.Helper()
		method, _, _ := strings.Cut(call, " ")
		tried = append(tried, call)
		r := s.do(method, path, body, headers...)
		fits(t, doc, call, r)
		if r.status >= 400 {
			t.Errorf("%s: %d %s", call, r.status, r.body)
		}
	}
	follow := func(call, path string, headers ...string) {
		t.Helper()
		tried = append(tried, call)
		s.follow(path, headers...).next()
	}
	const of = "/v1/conversations/{id}"
	try("GET /v1/status", "/v1/status", "")
	try("GET /v1/team", "/v1/team", "")
	try("GET /v1/operators/{operator}", "/v1/operators/"+s.portraits.ID(xavi), "")
	try("GET /faces/{picture}", s.face(xavi), "")
	follow("GET /v1/events", "/v1/events")
	try("GET /status.svg", "/status.svg", "")
	try("GET /status.png", "/status.png", "")
	try("GET /widget.js", "/widget.js", "")
	try("GET /widget/{file}", script, "")
	try("GET /pictures/{picture}/stats.png", "/pictures/lamp/stats.png", "")
	try("GET /answers/{name}/answers.{format}", "/answers/key/answers.csv", "")
	try("GET /exports/{name}/visitor.{format}", "/exports/key/visitor.json", "")
	try("GET /v1/openapi.json", "/v1/openapi.json", "")
	try("GET /healthz", "/healthz", "")
	try("GET /readyz", "/readyz", "")
	try("POST /v1/visits", "/v1/visits", `{"visit":"a-random-page-id-0"}`)
	try("POST /v1/conversations", "/v1/conversations", `{"reason":"x"}`)
	try("POST /v1/conversations", "/v1/conversations?with=snapshot,files", `{"reason":"x"}`)
	try("GET "+of+"/files/{file}", sent.File.URL, "")
	try("GET "+of, mine+"?with=files", "", auth)
	try("GET "+of+"/events", mine+"/events", "", auth)
	follow("GET "+of+"/events", mine+"/events", auth)
	try("POST "+of+"/messages", mine+"/messages", `{"client_id":"a-random-client-id","text":"x"}`, auth)
	try("POST "+of+"/messages", mine+"/messages", `{"client_id":"a-random-client-id","text":"x"}`, auth)
	try("POST "+of+"/files", mine+"/files", upload, auth, header)
	try("POST "+of+"/page", mine+"/page", `{"url":"https://www.example.org"}`, auth)
	try("POST "+of+"/typing", mine+"/typing", `{"active":true}`, auth)
	try("POST "+of+"/seen", mine+"/seen", `{"seq":1}`, auth)
	try("POST "+of+"/email", mine+"/email", `{"email":"anna@example.org"}`, auth)
	proved := signed(t, jwt.SigningMethodHS256, []byte(identityKey), jwt.MapClaims{"sub": "u42", "exp": time.Now().Add(time.Minute).Unix()})
	try("POST "+of+"/identity", mine+"/identity", toJSON(map[string]string{"identity": proved}), auth)
	try("POST /v1/me", "/v1/me", toJSON(map[string]string{"identity": proved}))
	try("POST "+of+"/feedback", mine+"/feedback", `{"score":4,"comment":"x"}`, auth)
	try("POST "+of+"/transcript", mine+"/transcript", `{"email":"anna@example.org"}`, auth)
	try("GET "+of, mine+"?with=files,feedback", "", auth)
	try("POST "+of+"/leave", mine+"/leave", "", auth)
	try("POST "+of+"/close", mine+"/close", "", auth)
	site, number := s.key("crm", access.Scopes()...), "/v1/site/conversations/"+fmt.Sprint(o.Number)
	try("POST /v1/site/tickets", "/v1/site/tickets", `{"client_id":"a-random-client-id","email":"anna@example.org","reason":"x"}`, site)
	try("POST /v1/site/tickets", "/v1/site/tickets", `{"client_id":"a-random-client-id","email":"anna@example.org","reason":"x"}`, site)
	said := fmt.Sprint("/v1/site/conversations/", other.Number, "/messages")
	for range 2 {
		try("POST /v1/site/conversations/{number}/messages", said, `{"text":"x"}`, site, "Idempotency-Key: a-random-client-id")
	}
	try("GET /v1/site/conversations", "/v1/site/conversations?limit=1", "", site)
	try("GET /v1/site/conversations/{number}", number, "", site)
	try("GET /v1/site/conversations/{number}/events", number+"/events", "", site)
	try("PATCH /v1/site/conversations/{number}/attributes", number+"/attributes", `{"attributes":{"a":1}}`, site, "Content-Type: application/json")
	try("GET /chat", "/chat", "")
	try("GET /chat/look.css", "/chat/look.css?light=1a73e8&dark=", "")
	try("GET /chat/news", "/chat/news", "", cookie)
	try("POST /chat", "/chat", "reason=x", posted)
	try("POST /chat/messages", "/chat/messages", "text=x", posted, cookie)
	attached, kind := form(t, "files-client-id-00", "lamp.png", pixel)
	try("POST /chat/files", "/chat/files", attached, kind, cookie)
	try("POST /chat/email", "/chat/email", "email=a%40example.org", posted, cookie)
	try("POST /chat/feedback", "/chat/feedback", "score=4", posted, cookie)
	try("POST /chat/close", "/chat/close", "", posted, cookie)
	mailed := s.ask(`{"reason":"x","email":"anna@example.org"}`)
	s.answer(mailed, "Hello")
	resume, vote := s.links(mailed.Number, "anna@example.org")
	try("GET /chat/resume/{link}", resume, "")
	try("POST /chat/resume/{link}", resume, "", posted)
	try("GET /chat/vote/{link}", vote, "")
	try("POST /chat/vote/{link}", vote, "score=4", posted)
	link, session := s.teamLink(xavi), "Cookie: porchlight_team="+s.teamSession(xavi)
	try("GET /team/{link}", link, "")
	try("POST /team/{link}", link, "", posted)
	try("GET /team", "/team", "", session)
	try("GET /team/board", "/team/board", "", session)
	s.siteSetting(setting.OnSite, setting.OnSiteLoaded)
	s.tells("")
	try("GET /team/visitors", "/team/visitors", "", session)
	follow("GET /team/visitors/events", "/team/visitors/events", session)
	try("GET /team/search", "/team/search?q=how", "", session)
	try("GET /team/transcript/{number}", "/team/transcript/1", "", session)
	try("GET /team/stats.csv", "/team/stats.csv", "", session)
	wall := s.teamWall(xavi)
	try("GET /team/wall/{token}", wall, "")
	follow("GET /team/wall/{token}/events", wall+"/events")
	follow("GET /team/board/events", "/team/board/events", session)
	to, _ := s.pointer(o.Number)
	try("GET /team/to/{link}", to, "")
	try("POST /team/to/{link}", to, "", posted)
	try("POST /team/leave", "/team/leave", "", posted, session)
	end := s.weekly("boss@example.org")
	try("GET /unsubscribe/{token}", end, "")
	try("POST /unsubscribe/{token}", end, "List-Unsubscribe=One-Click", posted)
	end = s.noticed(xavi, "xavi@example.net")
	try("GET /unsubscribe/notices/{token}", end, "")
	try("POST /unsubscribe/notices/{token}", end, "List-Unsubscribe=One-Click", posted)
	for _, call := range webwidget.Calls(s.Server) {
		if !slices.Contains(tried, call) {
			t.Errorf("%s was not tried", call)
		}
	}
}
