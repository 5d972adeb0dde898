package webwidget_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"porchlight/bridge"
)

// browser acts as a browser without JavaScript: it keeps cookies, follows redirects and sends
// the forms that it finds.
type browser struct {
	*service
	http     *http.Client
	language string // Accept-Language
	doc      reply
}

func (s *service) browser() *browser {
	s.Helper()
	jar, err := cookiejar.New(nil)
	s.must(err)
	return &browser{service: s, http: &http.Client{Jar: jar, Transport: s.client.Transport}}
}

func (b *browser) load(method, path string, form url.Values, headers ...string) *browser {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), method, b.url+path, strings.NewReader(form.Encode()))
	b.must(err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept-Language", b.language)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	return b.loads(req)
}

// loads makes a request whose answer is the next document.
func (b *browser) loads(req *http.Request) *browser {
	b.Helper()
	res, err := b.http.Do(req)
	b.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	b.must(err)
	b.declared(res.Request.Method, res.Request.URL.Path, res.StatusCode, res.Header, string(body))
	b.doc = reply{res.StatusCode, res.Header, string(body)}
	return b
}

func (b *browser) open(path string) *browser {
	b.Helper()
	return b.load("GET", path, nil)
}

var field = regexp.MustCompile(`<(?:input|textarea|select)[^>]* name="([^"]+)"[^>]*`)
var value = regexp.MustCompile(` value="([^"]*)"`)

// send fills in the page's form with that action, and sends it.
func (b *browser) send(action string, fill map[string]string, headers ...string) *browser {
	b.Helper()
	_, form, found := strings.Cut(b.doc.body, `action="`+action+`"`)
	if !found {
		b.Fatalf("no form for %s in %s", action, b.doc.body)
	}
	form, _, _ = strings.Cut(form, "</form>")
	values := url.Values{}
	for _, m := range field.FindAllStringSubmatch(form, -1) {
		values.Set(m[1], "")
		if v := value.FindStringSubmatch(m[0]); v != nil && !strings.Contains(m[0], `type="checkbox"`) {
			values.Set(m[1], html.UnescapeString(v[1]))
		}
	}
	for name, v := range fill {
		if !values.Has(name) {
			b.Fatalf("no field %s in the form for %s", name, action)
		}
		values.Set(name, v)
	}
	return b.load("POST", action, values, headers...)
}

// shows checks which texts are in the page, and which are not (those after a "!").
func (b *browser) shows(status int, texts ...string) *browser {
	b.Helper()
	if b.doc.status != status {
		b.Fatalf("status %d, want %d: %s", b.doc.status, status, b.doc.body)
	}
	for _, text := range texts {
		rest, without := strings.CutPrefix(text, "!")
		if strings.Contains(b.doc.body, rest) == without {
			b.Errorf("want %q in %s", text, b.doc.body)
		}
	}
	return b
}

func TestChat_WithoutScript(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.open("/chat").shows(200, `<main id="porchlight" data-department="">`, `<script type="module" src="/widget/page-`, "<noscript>", "ONLINE", "!<select")
	b.send("/chat", map[string]string{"name": `<script>alert("x")</script>`, "email": "anna", "reason": "Help & <b>more</b>"})
	b.shows(422, "This is no email address.", `value="anna"`, `value="&lt;script&gt;`, "Help &amp; &lt;b&gt;more&lt;/b&gt;</textarea>", "!<b>more")
	b.send("/chat", map[string]string{"name": "Anna", "email": "", "reason": "Help & <b>more</b>"})
	b.shows(200, "#1", "Help &amp; &lt;b&gt;more&lt;/b&gt;", `src="/chat/news?after=`, "!"+`name="reason"`)
	visitor := s.conversation(opened{Number: 1}).Visitor
	s.answer(opened{Visitor: string(visitor)}, "Hello <Anna>")
	b.open("/chat").shows(200, "Hello &lt;Anna&gt;", "<bdi>Xavi</bdi>", "Xavi joined the conversation.", "<h1>Xavi</h1>")
	b.send("/chat/messages", map[string]string{"text": "Thank you"}).shows(200, "Thank you")
	b.send("/chat/messages", map[string]string{"text": " "}).shows(422, "Write something.")
	b.send("/chat/messages", map[string]string{"text": strings.Repeat("long ", 2000)}).shows(413, "Only the first 8192 characters fit", "long long")
	b.send("/chat/email", map[string]string{"email": "anna"}).shows(422, "This is no email address.", `value="anna"`)
	b.send("/chat/email", map[string]string{"email": "anna@example.org"}).shows(200, "!/chat/email")
	b.send("/chat/close", nil).shows(200, "You ended the conversation.", "start a new one", "!/chat/close", "!/chat/news")
	b.open("/chat?new=1").shows(200, `name="reason"`)
	b.send("/chat", map[string]string{"name": "Anna", "reason": "Again"}).shows(200, "#2", "Again")
	if again := s.conversation(opened{Number: 2}).Visitor; again != visitor {
		t.Errorf("the same browser became %s after %s", again, visitor)
	}
	for _, secret := range []string{"xavi@example.org", "visitor-closed"} {
		b.shows(200, "!"+secret)
	}
}

// While the store can't be read the page says so. An empty form would mean that there is no
// conversation. The words that were typed into a form stay there.
func TestChat_WhatCantBeReadIsNotAbsent(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.open("/chat")
	b.send("/chat", map[string]string{"name": "Anna", "reason": "First"}).shows(200, "#1")
	b.open("/chat?new=1").shows(200, `name="reason"`)
	form := *b
	s.store.set(func(g *gate) { g.lost = errors.New("disk I/O error") })
	for _, path := range []string{"/chat", "/chat?new=1", "/chat/news?after=0"} {
		b.open(path).shows(500, "Something went wrong on our side.", "!"+`name="reason"`, "!disk")
	}
	form.send("/chat", map[string]string{"name": "Anna", "reason": "Second"}).shows(500, "Something went wrong on our side.", "Second</textarea>", "!disk")
	if !strings.Contains(s.log.String(), "disk I/O error") {
		t.Error("nothing was logged")
	}
	s.store.set(func(g *gate) { g.lost = nil })
	b.open("/chat").shows(200, "#1", "First")
	form.send("/chat", map[string]string{"name": "Anna", "reason": "Second"}).shows(200, "#2")
	if first, second := s.conversation(opened{Number: 1}).Visitor, s.conversation(opened{Number: 2}).Visitor; first != second {
		t.Errorf("the same browser became %s after %s", second, first)
	}
}

func TestChat_SecondClickIsTheSameForm(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	form := *b.open("/chat")
	b.send("/chat", map[string]string{"reason": "Help"}).shows(200, "#1")
	b.doc = form.doc
	b.send("/chat", map[string]string{"reason": "Help"}).shows(200, "#1")
	talk := b.doc
	b.doc = form.doc
	b.send("/chat", map[string]string{"reason": "Something else"}).shows(200, "#2")
	for range 2 {
		b.doc = talk
		b.send("/chat/messages", map[string]string{"text": "once only"}).shows(200)
	}
	if n := strings.Count(b.doc.body, "once only"); n != 1 {
		t.Errorf("the message is there %d times", n)
	}
}

func TestChat_NobodyOnline(t *testing.T) {
	s := start(t)
	b := s.browser()
	b.open("/chat").shows(200, "OFFLINE", "we answer by email")
	b.send("/chat", map[string]string{"reason": "Help"}).shows(422, "an email address is needed", "Help</textarea>")
	b.send("/chat", map[string]string{"reason": "Help", "email": "anna@example.org"}).shows(200, "Nobody is here right now. We answer by email.")
	b.open("/chat/news").shows(200, "We answer by email to anna@example.org.")
}

func TestChat_Departments(t *testing.T) {
	s := start(t).withDepartments(bridge.Department{Name: "sales", Title: "Sales"}).online()
	b := s.browser()
	b.open("/chat").shows(200, "<select", `<option value="sales">Sales (online)</option>`)
	b.open("/chat?department=support").shows(200, "!<select", `data-department="support"`, `name="department" value="support"`)
	b.send("/chat?department=support", map[string]string{"reason": " "}).shows(422, "!<select", `data-department="support"`)
	b.send("/chat?department=support", map[string]string{"department": "none", "reason": "x"}).shows(422, "There is no such department.")
	b.send("/chat?department=support", map[string]string{"department": "support", "reason": "x"}).shows(200, "#1")
	s.browser().open("/chat?department=none").shows(404, "There is no such department.", "<!doctype html>")
}

func TestChat_Cookie(t *testing.T) {
	for public, want := range map[string]string{
		"http://chat.example.org":          `^porchlight_chat=[a-z0-9]+\.[\w-]+; Path=/chat; HttpOnly; SameSite=Strict$`,
		"https://chat.example.org":         `^__Secure-porchlight_chat=[a-z0-9]+\.[\w-]+; Path=/chat; HttpOnly; Secure; SameSite=Strict$`,
		"https://www.example.org/support/": `^__Secure-porchlight_chat=[a-z0-9]+\.[\w-]+; Path=/support/chat; HttpOnly; Secure; SameSite=Strict$`,
	} {
		s := start(t, func(o *setup) { o.PublicURL = public }).online()
		client := *s.client
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		res, err := client.PostForm(s.url+"/chat", url.Values{"reason": {"x"}})
		s.must(err)
		res.Body.Close()
		path := regexp.MustCompile(`Path=(\S*)`).FindStringSubmatch(want)[1]
		if res.StatusCode != 303 || res.Header.Get("Location") != strings.TrimSuffix(path, ";") {
			t.Errorf("%s: %d to %q", public, res.StatusCode, res.Header.Get("Location"))
		}
		if got := res.Header.Get("Set-Cookie"); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: cookie %q, want %s", public, got, want)
		}
		if r := s.do("GET", "/widget.js", ""); r.header.Get("Set-Cookie") != "" {
			t.Error("the loader sets a cookie")
		}
	}
}

// Another site can't send the forms together with the visitor's cookie.
func TestChat_ForeignFormsAreRefused(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"reason": "Help"}).shows(200)
	talk := b.doc
	for _, h := range []string{"Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: null", "Origin: https://www.example.org"} {
		for action, fill := range map[string]map[string]string{"/chat/messages": {"text": "foreign"}, "/chat/close": nil, "/chat/email": {"email": "evil@example.org"}} {
			b.doc = talk
			b.send(action, fill, h).shows(403, "another site")
		}
	}
	for _, h := range []string{"Origin: http://" + s.host, "Sec-Fetch-Site: same-origin", "Origin: http://chat.example.org"} {
		b.doc = talk
		b.send("/chat/messages", map[string]string{"text": "own"}, h).shows(200, "own", "!foreign")
	}
}

func TestChat_WithoutACookie(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	for _, path := range []string{"/chat/messages", "/chat/close", "/chat/email"} {
		b.load("POST", path, url.Values{"text": {"x"}, "email": {"a@example.org"}}).shows(404, "There is no such conversation.", "<!doctype html>")
	}
	for _, cookie := range []string{"x", "x.y", ".", "", strings.Repeat("x", 5000)} {
		b.load("GET", "/chat", nil, "Cookie: porchlight_chat="+cookie).shows(200, `name="reason"`)
	}
	r := s.do("POST", "/chat/messages", `{"text":"x"}`)
	if r.status != 415 {
		t.Errorf("JSON for a form: status %d", r.status)
	}
	if r := s.do("POST", "/chat", "reason=x&unknown="+strings.Repeat("x", 70_000), "Content-Type: application/x-www-form-urlencoded"); r.status != 413 {
		t.Errorf("large form: status %d", r.status)
	}
	if r := s.do("POST", "/chat", "reason=%zz", "Content-Type: application/x-www-form-urlencoded"); r.status != 400 {
		t.Errorf("bad form: status %d", r.status)
	}
}

// The news stand in a frame of their own, which loads itself anew, so that the words that
// the visitor is typing beside it stay.
func TestChat_News(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"reason": "Help"})
	src := regexp.MustCompile(`<iframe class="news" src="([^"]*)"`).FindStringSubmatch(b.doc.body)
	if src == nil {
		t.Fatal("no frame for the news")
	}
	b.shows(200, `!http-equiv="refresh"`)
	s.must(s.bridge.VisitorLeaves(t.Context(), 1))
	b.open(src[1]).shows(200, `http-equiv="refresh" content="5; url=`+src[1]+`"`, "Waiting for somebody", "!Help")
	if c := s.conversation(opened{Number: 1}); !c.Present {
		t.Error("who looks for news is not present")
	}
	s.answer(opened{Visitor: string(s.conversation(opened{Number: 1}).Visitor)}, "Here I am")
	b.open(src[1]).shows(200, "Here I am", "Xavi joined", "Show in the conversation", "!Help")
	s.must(s.bridge.VisitorCloses(t.Context(), 1))
	b.open(src[1]).shows(200, "You ended the conversation.", `!http-equiv="refresh"`)
	b.open("/chat/news?after=x").shows(400)
}

// A link on another site does not bring the cookie, so the page loads itself once more.
func TestChat_FromAnotherSite(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.load("GET", "/chat?department=support", nil, "Sec-Fetch-Site: cross-site").shows(200, `<noscript><meta http-equiv="refresh" content="0; url=/chat?again=1&amp;department=support"></noscript>`)
	b.load("GET", "/chat?again=1&department=support", nil, "Sec-Fetch-Site: cross-site").shows(200, "!refresh")
	b.load("GET", "/chat", nil, "Sec-Fetch-Site: same-origin").shows(200, "!refresh")
}

func TestChat_KeepsWhereTheVisitorCameFrom(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.load("GET", "/chat", nil, "Referer: https://www.example.org/lamps")
	b.send("/chat", map[string]string{"reason": "Help"}, "Accept-Language: de-AT;q=0.9, en", "User-Agent: lynx")
	card, err := s.bridge.Card(t.Context(), 1)
	s.must(err)
	if q := card.Request; q.Page.Referrer != "https://www.example.org/lamps" || q.Page.URL != "http://chat.example.org/chat" || q.Language != "de-AT" || q.Browser != "lynx" {
		t.Errorf("request %+v", q)
	}
}

func TestChat_StoreUnavailable(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.open("/chat")
	s.store.set(func(g *gate) { g.fail = errUnavailable })
	b.send("/chat", map[string]string{"reason": "Help me"}).shows(503, "The database can&#39;t be written.", "Help me</textarea>")
	s.store.set(func(g *gate) { g.fail = nil })
	b.send("/chat", map[string]string{"reason": "Help me"}).shows(200, "#1")
}

// A page without script has the widget's colour, by day and by night.
func TestChat_HasTheWidgetsColour(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	widget := regexp.MustCompile(`--porchlight-accent, light-dark\((#\w+), (#\w+)\)`).FindStringSubmatch(read("ui/look.css"))
	page := regexp.MustCompile(`--mine: (#\w+);`).FindAllStringSubmatch(read("page/page.css"), -1)
	if len(widget) != 3 || len(page) != 2 || widget[1] != page[0][1] || widget[2] != page[1][1] {
		t.Errorf("the widget has %q, the page %q", widget, page)
	}
}
