package webwidget_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
)

// Times are in the zone of the site's hours and name it, or in the visitor's own where that is known. What
// was said on another day has its day.
func TestChat_TimesNameTheirZone(t *testing.T) {
	clock := clocktest.At(time.Date(2026, 5, 4, 20, 30, 0, 0, time.UTC))
	s := start(t, func(set *setup) { set.clock = clock }).online()
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"reason": "Help"})
	b.open("/chat").shows(200, `<time datetime="2026-05-04T20:30:00.000Z">20:30 UTC</time>`)
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error { return tx.SaveSetting(bridge.SiteHours, "Mon-Fri 9-17; Asia/Tokyo") }))
	b.open("/chat").shows(200, ">05:30 JST</time>")
	b.open("/chat/news?after=0").shows(200, "Last looked at 05:30:00 JST.")
	clock.Move(20 * time.Hour)
	b.open("/chat").shows(200, ">2026-05-05 05:30 JST</time>")
	b.has(s.ask(`{"reason":"Help","time_zone":"Asia/Kolkata"}`))
	b.open("/chat").shows(200, ">22:00 IST</time>")
	b.has(s.ask(`{"reason":"Help","time_zone":"../../etc/passwd"}`))
	b.open("/chat").shows(200, ">01:30 JST</time>")
}

// has gives the browser the cookie of a conversation.
func (b *browser) has(o opened) {
	b.Helper()
	at, err := url.Parse(b.url + "/chat")
	b.must(err)
	b.http.Jar.SetCookies(at, []*http.Cookie{{Name: "porchlight_chat", Value: o.ID + "." + o.Token, Path: "/chat"}})
}

// A visitor's file is sent by a form and stands in the conversation as a link; for one that can't be taken
// the page says why. Addresses in texts are links, and no text makes another element.
func TestChat_FilesAndLinks(t *testing.T) {
	s := start(t).online()
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"reason": `See https://www.example.org/a?b=1&c="><script>, javascript:alert(1).`})
	b.shows(200, `See <a href="https://www.example.org/a?b=1&amp;c=" target="_blank" rel="noopener noreferrer nofollow">https://www.example.org/a?b=1&amp;c=</a>&#34;&gt;&lt;script&gt;, javascript:alert(1).`)
	b.attach("lamp.png", pixel).shows(200, "lamp.png</a>", `enctype="multipart/form-data"`)
	link := regexp.MustCompile(`<a href="([^"]+)"[^>]*>lamp.png</a>`).FindStringSubmatch(b.doc.body)
	if link == nil {
		t.Fatalf("no link to the file in %s", b.doc.body)
	}
	if got := s.do("GET", html.UnescapeString(link[1]), ""); got.status != 200 || got.body != string(pixel) {
		t.Errorf("the link gives %d, %d bytes", got.status, len(got.body))
	}
	b.attach("lamp.exe", []byte("MZ what is this")).shows(415, "Files of this kind are not taken")
	b.attach("", nil).shows(422, "The file is empty.")
	b.attach("big.png", append(pixel, make([]byte, 2*maxFile)...)).shows(413, "The file is too large.")
	body, header := form(t, "client-id-0000000", "lamp.png", pixel)
	s.do("POST", "/chat/files", body, header).want(t, 404)
}

// Where no files are taken there is no form for them.
func TestChat_NoFiles(t *testing.T) {
	s := start(t, func(set *setup) { set.MaxFile = 0 }).online()
	b := s.browser()
	b.open("/chat").send("/chat", map[string]string{"reason": "Help"}).shows(200, "Help", "!/chat/files")
	body, header := form(t, "client-id-0000000", "lamp.png", pixel)
	b.post("/chat/files", body, header).shows(403, "No files are taken here.")
}

// attach fills in the form for a file, and sends it.
func (b *browser) attach(name string, content []byte) *browser {
	b.Helper()
	_, fields, found := strings.Cut(b.doc.body, `action="/chat/files"`)
	if !found {
		b.Fatalf("no form for a file in %s", b.doc.body)
	}
	body, header := form(b, value.FindStringSubmatch(fields)[1], name, content)
	return b.post("/chat/files", body, header)
}

// post sends a form that is ready.
func (b *browser) post(path, body, header string) *browser {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), "POST", b.url+path, strings.NewReader(body))
	b.must(err)
	name, v, _ := strings.Cut(header, ": ")
	req.Header.Set(name, v)
	return b.loads(req)
}
