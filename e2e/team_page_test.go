package e2e_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"

	"porchlight/component/stream"
	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// teamPage matches a link to the team's page.
var teamPage = regexp.MustCompile(`http://\S+/team/(?:wall/)?[a-z2-7]{26}\b`)

// reader is a browser of somebody who reads the team's page.
type reader struct {
	t    *testing.T
	http *http.Client
}

func newReader(t *testing.T) *reader {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &reader{t, &http.Client{Jar: jar}}
}

// load loads a page, which must have the status and all of the words, and returns its text.
func (r *reader) load(method, url string, status int, words ...string) string {
	r.t.Helper()
	return r.from(method, url, "", status, words...)
}

// from is load for a page of another origin.
func (r *reader) from(method, url, origin string, status int, words ...string) string {
	r.t.Helper()
	q, err := http.NewRequestWithContext(context.Background(), method, url, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if origin != "" {
		q.Header.Set("Origin", origin)
	}
	a, err := r.http.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != status {
		r.t.Fatalf("%s %s: %d, %v, want %d: %s", method, url, a.StatusCode, err, status, b)
	}
	for _, w := range words {
		if !strings.Contains(string(b), w) {
			r.t.Errorf("%s %s lacks %q: %s", method, url, w, b)
		}
	}
	return string(b)
}

// link asks the desk for something and returns the link to the team's page in the answer.
func (p *person) link(line, answer string) string {
	p.t.Helper()
	text := p.desk(line, answer)
	link := teamPage.FindString(text)
	if link == "" {
		p.t.Fatalf("%s: no link in %q", line, text)
	}
	return link
}

// TestTeamPage: an operator gets a link from the desk, looks at it as a client's preview does, opens the
// page by its button, and sees their own numbers. Nobody opens it again, nor from another site. Who is
// disabled sees nothing any more; a wall shows the board until it is taken back.
func TestTeamPage(t *testing.T) {
	t.Parallel()
	d := startDemo(t, t.TempDir(), "127.0.0.1:0")
	x, o := login(t, d.xmpp, "xavi", ""), login(t, d.xmpp, "olga", "")
	x.expect("both on duty", func(el *stream.Element) bool { return strings.Contains(el.ChildText("", "status"), "Olga, Xavi") })
	c, err := visitor.New(d.web).Ask(t.Context(), visitor.Inquiry{Name: "Anna", Reason: "How?", Department: "support"})
	if err != nil {
		t.Fatal(err)
	}
	o.take(c.Number, c.Visitor)
	o.says(c.Visitor, "Answer")
	if err := c.Post(t.Context(), "/feedback", map[string]any{"score": 5, "comment": "Very quick!"}); err != nil {
		t.Fatal(err)
	}
	o.hears(demo.Desk, "Very quick!")

	link, web := o.link("team", "The team's page: "), strings.TrimSuffix(d.web, "/")
	preview, browser := newReader(t), newReader(t)
	preview.load("GET", link, 200, "Open the team&#39;s page")
	preview.load("HEAD", link, 200)
	preview.load("GET", web+"/team", 403, "Send team to the desk")
	preview.from("POST", link, "https://evil.example", 403)
	browser.load("POST", link, 200, "Olga", "Statistics", "Very quick!", "<td>1</td>") // the client follows to the page
	browser.load("POST", link, 404, "Send team to the desk")
	preview.load("POST", link, 404)
	preview.load("GET", web+"/team", 403)
	if page := browser.load("GET", web+"/team?range=30d&sort=-conversations", 200); strings.Contains(page, "All together") || strings.Contains(page, ">Xavi</bdi></a>") {
		t.Error("Olga sees others' numbers")
	}
	browser.load("GET", web+"/team?who=xavi@localhost", 403)
	browser.load("GET", web+"/team/stats.csv", 200, "\uFEFFof,name,conversations,", "operator,Olga,1,")
	browser.load("GET", web+"/team/board", 200, "longest wait")

	second := newReader(t)
	second.load("POST", x.link("stats 30d", "Everything: "), 200, "All together", "Olga", `value="30d"`) // it leads to what was asked for
	second.load("GET", web+"/team?who=olga@localhost", 200, "Very quick!")
	wall := x.link("team-wall hall", "The wall hall: ")
	if board := preview.load("GET", wall, 200, "Olga", "longest wait"); strings.Contains(board, "Anna") || strings.Contains(board, "Very quick!") {
		t.Error("the wall shows what a visitor wrote")
	}
	x.desk("operator-disable olga", "Disabled: Olga")
	browser.load("GET", web+"/team", 403)
	browser.load("GET", web+"/team/stats.csv", 403)
	x.desk("operator-enable olga", "Enabled: Olga")
	browser.load("GET", web+"/team", 403)
	x.desk("team-wall-delete hall", "opens nothing any more")
	preview.load("GET", wall, 404)
	second.load("GET", web+"/team", 200)
	x.desk("team-logout", "Browsers logged out: 1.")
	second.load("GET", web+"/team", 403)
}
