package e2e_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"porchlight/demo"
	"porchlight/e2e/visitor"
)

// mailLink is the link to a mail that was sent to a visitor, in the list.
var mailLink = regexp.MustCompile(`(?s)<li class="out">.*?<a href="(/mail/\d+)">`)

// reads gets a page of the demo.
func (d *demonstration) reads(path string) string {
	d.t.Helper()
	r, err := http.Get(d.web + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		d.t.Fatalf("GET %s: %d, %v", path, r.StatusCode, err)
	}
	return string(b)
}

// posts sends a form of the demo's, and checks that it was taken.
func (d *demonstration) posts(path string, form url.Values) {
	d.t.Helper()
	r, err := http.PostForm(d.web+path, form)
	if err != nil {
		d.t.Fatal(err)
	}
	defer r.Body.Close()
	if r.Request.URL.Path != "/mail" {
		b, _ := io.ReadAll(r.Body)
		d.t.Fatalf("POST %s: %d\n%s", path, r.StatusCode, b)
	}
}

// mailed waits for a mail to a visitor that has a text in it, and returns its path and its page.
func (d *demonstration) mailed(text string) (path, page string) {
	d.t.Helper()
	eventually(d.t, "a mail to a visitor with "+text, func() bool {
		for _, m := range mailLink.FindAllStringSubmatch(d.reads("/mail"), -1) {
			if path, page = m[1], d.reads(m[1]); strings.Contains(page, text) {
				return true
			}
		}
		return false
	})
	return path, page
}

// TestDemo_Mail: the demo has the whole mail channel. Somebody asks while nobody is online, the answer appears on the
// demo's page for mail, and what is answered there comes to the same chat. Mail to the support address begins a
// conversation, also when the demo was started again on the same folder, where its mailbox is a new one.
func TestDemo_Mail(t *testing.T) {
	t.Parallel()
	const settings = "[timing]\nvisitor_grace = \"500ms\"\n"
	dir := t.TempDir()
	d := startDemoWith(t, dir, "127.0.0.1:0", settings)
	p := newVisitor(t)
	p.open(d.web + "/mail")
	p.picture("demo-mail-1-none")
	if _, err := visitor.New(d.web).Ask(within(t), visitor.Inquiry{Name: "Anna", Email: "anna@example.org", Reason: "When does the course begin?"}); err != nil {
		t.Fatal(err)
	}
	path, page := d.mailed("We have received your request #1")
	if strings.Contains(page, "When does") || strings.Contains(page, "Anna") {
		t.Errorf("the acknowledgement has what the visitor gave:\n%s", page)
	}
	p.open(d.web + path)
	p.picture("demo-mail-1-acknowledged")
	x := login(t, d.xmpp, "xavi", "")
	x.hears(demo.Desk, "#1 Anna, Support: When does the course begin?")
	answer := x.desk("1", "#1 is yours")
	anna := answer[strings.LastIndexByte(answer, ' ')+1:]
	x.hears(anna, "#1 ")
	x.says(anna, "On Monday.")
	path, page = d.mailed("On Monday.")
	for _, want := range []string{"On Monday.", "When does the course begin?", "Porchlight Demo", "Answer as Anna &lt;anna@example.org&gt;", "support&#43;t."} {
		if !strings.Contains(page, want) {
			t.Errorf("the mail's page lacks %q:\n%s", want, page)
		}
	}
	p.open(d.web + path)
	p.picture("demo-mail-2-answer")
	d.posts(path, url.Values{"text": {"Thank you!"}})
	if got := x.hears(anna, "Thank you!"); strings.Contains(got, "On Monday.") {
		t.Errorf("the quote is shown: %q", got)
	}

	d.posts("/mail/new", url.Values{"from": {"Bert <bert@example.org>"}, "subject": {"A lamp"}, "text": {"Is it bright?"}})
	x.hears(demo.Desk, "#2 Bert, Support: Is it bright?")
	p.open(d.web + "/mail")
	p.picture("demo-mail-3-list")
	p.open(d.web + "/mail/new")
	p.picture("demo-mail-4-new")
	p.open("about:blank")
	demoStops(t, d)

	again := startDemoWith(t, dir, "127.0.0.1:0", settings)
	x = login(t, again.xmpp, "xavi", "")
	again.posts("/mail/new", url.Values{"from": {"Carla <carla@example.org>"}, "text": {"Do you mend lamps?"}})
	x.hears(demo.Desk, "#3 Carla, Support: Do you mend lamps?")
	demoStops(t, again)
}
