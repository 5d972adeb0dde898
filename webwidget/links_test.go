package webwidget_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
)

// linked is a conversation that an operator has answered, and the paths of the links in a mail about it.
type linked struct {
	*service
	*clocktest.Clock
	c            opened
	resume, vote string
}

func link(t *testing.T) *linked {
	t.Helper()
	clock := clocktest.At(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
	l := &linked{service: start(t, mailing, func(o *setup) { o.clock = clock }).online(), Clock: clock}
	l.c = l.ask(`{"name":"Anna Secret","reason":"The private matter","email":"anna@example.org"}`)
	l.answer(l.c, "The private answer")
	l.resume, l.vote = l.links(l.c.Number, "anna@example.org")
	return l
}

// state is all that a GET could change: the log, the vote, and whether the visitor is there.
func (l *linked) state() string {
	l.Helper()
	events, err := l.bridge.Events(l.Context(), l.c.Number, 0, 1000)
	l.must(err)
	return toJSON([]any{l.conversation(l.c), len(events), l.voted(l.c.Number)})
}

// Programs that look for harmful mail open all links. That changes nothing, sets no cookie and uses no
// link up, and they read no name and no word of the conversation.
func TestLinks_AGetChangesNothing(t *testing.T) {
	l := link(t)
	before := l.state()
	for _, path := range []string{l.resume, l.vote, l.vote + "?score=1"} {
		for _, method := range []string{"GET", "HEAD", "GET"} {
			r := l.do(method, path, "", "Sec-Fetch-Site: cross-site")
			if r.status != 200 || r.header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: %d %v", method, path, r.status, r.header)
			}
			for _, secret := range []string{"Anna", "private", "anna@", "Xavi", l.c.ID, l.c.Token, "mail."} {
				if strings.Contains(r.body, secret) {
					t.Errorf("%s tells %q: %s", path, secret, r.body)
				}
			}
		}
	}
	if after := l.state(); after != before {
		t.Errorf("a GET has changed %s into %s", before, after)
	}
	b := l.browser()
	b.open(l.resume).send(l.resume, nil).shows(200)
	b.open(l.vote).send(l.vote, map[string]string{"score": "4"}).shows(200)
}

var handed = regexp.MustCompile(` data-conversation="([^"]*)"`)

// The button leads back into the conversation: the browser gets the cookie and the widget the token, and
// what the visitor writes is in the conversation. The page is for nobody else: it is not kept, and no
// address holds the token.
func TestLinks_Resume(t *testing.T) {
	l := link(t)
	b := l.browser()
	b.load("GET", l.resume, nil, "Sec-Fetch-Site: cross-site")
	b.shows(200, "conversation #1 with us, which began on 2026-11-21", `action="`+l.resume+`"`, "Please keep it to yourself", `content="noindex"`, "!<script", "!refresh")
	b.send(l.resume, nil).shows(200, `src="/widget/page-`, `<noscript><meta http-equiv="refresh" content="0; url=/chat"></noscript>`)
	if h := b.doc.header; h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("the page with the token: %v", h)
	}
	var known struct {
		ID, Token, Name, Email string
		Number, Seq            int64
		Done                   bool
	}
	l.must(json.Unmarshal([]byte(html.UnescapeString(handed.FindStringSubmatch(b.doc.body)[1])), &known))
	if known.ID != l.c.ID || known.Number != 1 || known.Name != "Anna Secret" || known.Email != "anna@example.org" || known.Done || known.Token == l.c.Token {
		t.Errorf("the widget gets %+v", known)
	}
	l.call(opened{ID: known.ID, Token: known.Token}, "POST", "/messages", `{"text":"by the widget"}`).want(t, 201)
	b.open("/chat").shows(200, "The private answer", "by the widget")
	b.send("/chat/messages", map[string]string{"text": "by the form"}).shows(200, "by the form")
	b.open("/chat?new=1").send("/chat", map[string]string{"reason": "Another matter"}).shows(200, "#2")
	if one, two := l.conversation(l.c).Visitor, l.conversation(opened{Number: 2}).Visitor; one != two {
		t.Errorf("the visitor who came back is %s after %s", two, one)
	}
	l.call(l.c, "GET", "", "").want(t, 200) // the first browser's token still works
	other := l.ask(`{"reason":"x","email":"anna@example.org"}`)
	l.call(opened{ID: other.ID, Token: known.Token}, "GET", "", "").want(t, 404)

	l.must(l.bridge.VisitorMails(t.Context(), 1, "eve@example.org"))
	l.call(opened{ID: known.ID, Token: known.Token}, "GET", "", "").want(t, 404)
	b.open(l.resume).shows(404)
}

// A conversation that ended is gone on with for a while. Later the page says so, and leads to a new one.
func TestLinks_ResumeAfterTheEnd(t *testing.T) {
	l := link(t)
	l.call(l.c, "POST", "/close", "").want(t, 204)
	b := l.browser()
	b.open(l.resume).send(l.resume, nil)
	b.open("/chat").shows(200, "This conversation has ended.").send("/chat/messages", map[string]string{"text": "Once more"}).shows(200, "Once more")
	l.call(l.c, "POST", "/close", "").want(t, 204)
	b = l.browser().open(l.resume).shows(200, "<form")
	l.Move(time.Hour + time.Second)
	b.send(l.resume, nil).shows(409, "ended too long ago", `href="/chat?new=1"`, "!data-conversation")
	b.open(l.resume).shows(200, "It ended too long ago", `href="/chat?new=1"`, "!<form")
}

// Every link that does not work is answered with the same bytes, which say what to do.
func TestLinks_WrongOnesAreAlike(t *testing.T) {
	l := link(t)
	value := l.resume[strings.LastIndexByte(l.resume, '/')+1:]
	wrong := []string{"/chat/resume/x", "/chat/vote/x", strings.Replace(l.resume, "resume", "vote", 1), strings.Replace(l.vote, "vote", "resume", 1),
		"/chat/resume/2" + value, l.resume + "a", l.resume[:len(l.resume)-1], "/chat/resume/" + strings.Repeat("1", 5000), "/chat/resume/1--", "/chat/resume/%00-1-x"}
	first := l.do("GET", wrong[0], "").body
	if !strings.Contains(first, "simply answer the mail") {
		t.Errorf("it does not say what to do: %s", first)
	}
	check := func(path string) {
		t.Helper()
		for _, method := range []string{"GET", "POST"} {
			r := l.do(method, path, "score=4", "Content-Type: application/x-www-form-urlencoded")
			if r.status != 404 || r.body != first || r.header.Get("Set-Cookie") != "" {
				t.Errorf("%s %.60s: %d %s", method, path, r.status, r.body)
			}
		}
	}
	for _, path := range wrong {
		check(path)
	}
	l.Move(22 * 24 * time.Hour)
	check(l.resume)
	check(l.vote)
	if f := l.voted(1); f.ID != 0 {
		t.Errorf("stored: %+v", f)
	}
}

// The form of a mail stores one vote, which may be changed for an hour, by the same rules as the widget's.
// A score in the link only chooses.
func TestLinks_Vote(t *testing.T) {
	l := link(t)
	b := l.browser()
	b.language = "de"
	b.open(l.vote+"?score=2").shows(200, "Wie war die Hilfe", `value="2" required checked`, "Sehr gut", "!<script")
	b.open(l.vote+"?score=9").shows(200, "!checked")
	b.language = ""
	b.open(l.vote).send(l.vote, map[string]string{"score": "9", "comment": "So"}).shows(422, "Give a number from 1 to 5.", "So</textarea>", "!checked")
	b.send(l.vote, map[string]string{"score": "5", "comment": "<b>Kind"}).shows(200, "Your vote: ★★★★★. Thank you!", "Change your vote", "&lt;b&gt;Kind</textarea>")
	b.open(l.vote+"?score=1").shows(200, `value="5" required checked`)
	if f := l.voted(1); f.Score != 5 || f.Comment != "<b>Kind" {
		t.Errorf("stored: %+v", f)
	}
	form := *b
	l.Move(time.Hour)
	b.open(l.vote).shows(200, "Your vote: ★★★★★. Thank you!", "!<form", "!Kind")
	form.send(l.vote, map[string]string{"score": "1"}).shows(409, `role="alert"`, "can&#39;t be changed")
	if f := l.voted(1); f.Score != 5 {
		t.Errorf("stored: %+v", f)
	}
}

// Before an operator has answered nobody can vote, whatever the link.
func TestLinks_NoVoteBeforeAnAnswer(t *testing.T) {
	l := link(t)
	_, err := l.bridge.Close(t.Context(), xavi, bridge.VisitorJID(l.c.Visitor), "")
	l.must(err)
	l.write(l.c, "a-random-client-id", "Once more") // it waits to be taken
	b := l.browser()
	b.open(l.vote).shows(200, "You can vote as soon as somebody has answered.", "!<form")
	b.load("POST", l.vote, url.Values{"score": {"4"}}).shows(409, "as soon as somebody has answered")
	if f := l.voted(1); f.ID != 0 {
		t.Errorf("stored: %+v", f)
	}
}

// Another site's page can't press the button or vote, and the pages can't be framed.
func TestLinks_OtherSites(t *testing.T) {
	l := link(t)
	for _, path := range []string{l.resume, l.vote} {
		for _, h := range []string{"Sec-Fetch-Site: cross-site", "Origin: https://www.example.org", "Origin: null"} {
			r := l.do("POST", path, "score=4", "Content-Type: application/x-www-form-urlencoded", h)
			if r.status != 403 || r.header.Get("Set-Cookie") != "" {
				t.Errorf("%s with %s: %d", path, h, r.status)
			}
		}
		if r := l.do("GET", path, ""); !strings.Contains(r.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s may be framed", path)
		}
	}
}

// Who guesses links is held up as every caller is.
func TestLinks_AreLimited(t *testing.T) {
	s := start(t, func(o *setup) { o.RequestsPerMinute = 5 })
	for i := range 7 {
		want := 404
		if i >= 5 {
			want = 429
		}
		if r := s.do("GET", "/chat/resume/1-1-x", ""); r.status != want {
			t.Errorf("request %d: %d, want %d", i+1, r.status, want)
		}
	}
}

// The pages behind the links fit a phone and a wide window, light and dark: nothing is faint or wider than
// the window, the console complains of nothing, and the widget takes the conversation over.
func TestBrowser_Links(t *testing.T) {
	l := link(t)
	for _, size := range []int64{360, 800} {
		w := l.window(size, 800, true)
		for _, scheme := range []string{"light", "dark"} {
			w.prefer(scheme, "")
			for name, path := range map[string]string{"resume": l.resume, "vote": l.vote + "?score=4"} {
				w.do(chromedp.Navigate(l.url + path))
				w.there("form button")
				w.wait(faint + ` === ""`)
				w.wait("document.documentElement.scrollWidth <= innerWidth")
				w.whole(fmt.Sprint("link-", name, "-", size, "-", scheme))
			}
		}
		w.do(chromedp.Navigate(l.url + l.resume))
		w.there("form button")
		w.click("form button")
		w.wait(`location.pathname === "/chat" && !!document.querySelector("porchlight-panel")?.shadowRoot.querySelector(".log")`)
		w.quiet()
	}
}
