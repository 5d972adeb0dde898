package ui_test

import (
	"net/http"
	"strings"
	"testing"
)

// watched opens a page and listens to its console.
func watched(t *testing.T, url string) tab {
	t.Helper()
	b := newTab(t)
	b.listen()
	b.open(url)
	return b
}

// On a page of a foreign origin, one line in the console names the origin for the site's owner, and the form shows the visitor
// a way that works.
func TestNotes_AForeignOriginIsNamed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.update(func() { f.foreign = true })
	site := newSite(t, f, `data-department="sales &amp; more"`, "")
	b := watched(t, site.URL)
	b.complained(site.URL+" is missing in allowed_origins in [web]", f.URL, "porchlight check --origin "+site.URL)
	b.openPanel()
	says := `"You can't write to us from this page. Please use our own page: Live support"`
	b.wait(`P("form.ask [role=status]").textContent === ` + says)
	b.want(`P("form.ask [role=status] a").href`, f.URL+"/chat?department=sales%20%26%20more")
	b.shoot("foreign")
	f.refuse("POST /v1/conversations", refusal{status: http.StatusForbidden, problem: object{"detail": "Pages of this site may not talk to porchlight."}})
	b.request("Anna", "anna@example.org", "Hello")
	b.wait(`P("form.ask [role=alert]").textContent === ` + says)
	b.shoot("foreign-sent")
	b.complained("allowed_origins") // there is still one line only
	b.noViolations()
}

// If the service takes its own page for foreign, the note says that public_url is wrong.
func TestNotes_OurOwnPageThatTheServiceTakesForForeign(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.update(func() { f.foreign = true })
	watched(t, f.URL+"/chat").complained("public_url in [web]", f.URL)
}

// If the page's policy forbids something, the note says what belongs into which directive.
func TestNotes_ThePagesPolicyIsNamed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for name, c := range map[string]struct{ policy, says string }{
		"connect": {"connect-src 'self'", "add " + f.URL + " to connect-src."},
		"script":  {"script-src " + f.URL + "/widget.js", f.URL + "/widget/ did not load. Does the script-src"}, // the policy forbids the notes, too
		"picture": {"img-src 'self'", "add " + f.URL + " to img-src."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := watched(t, newSite(t, f, "", c.policy).URL)
			switch name {
			case "script":
				b.click(`B("button")`)
			case "picture":
				b.wait(`shown(B("button"))`)
				b.js(`document.body.append(Object.assign(new Image(), {src: "` + f.URL + `/face.png"})), 0`)
			}
			b.complained(c.says)
		})
	}
}

// A note names a wrong answer: that of a proxy that passes on only the script, or that of a department that does not exist.
func TestNotes_AWrongAnswerIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refusal refusal
		says    string
	}{
		"a proxy's page": {refusal{status: 404, problem: object{}}, "answers 404: is everything under"},
		"our own":        {refusal{status: 404, problem: object{"detail": "There is no such department."}}, "answers 404: There is no such department."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.refuse("/v1/status", c.refusal)
			watched(t, newSite(t, f, "", "").URL).complained(f.URL+"/v1/status", c.says)
		})
	}
}

// A note says so if the answer can't be read, since it does not come from porchlight.
func TestNotes_NoReadableAnswerIsNamed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	s := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/") {
			http.NotFound(w, r)
			return
		}
		f.Config.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	watched(t, newSite(t, &fake{Server: s}, "", "").URL).complained(s.URL + "/v1/status does not answer, or not as porchlight does")
}
