package webwidget_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"porchlight/bridge"
	"porchlight/bridge/clocktest"
	"porchlight/bridge/setting"
)

// seen is a staffed service on whose site somebody is.
func seen(t *testing.T) (*service, *clocktest.Clock) {
	t.Helper()
	s, clock := staffed(t)
	s.siteSetting(setting.OnSite, setting.OnSiteLoaded)
	s.comes("1", "/pricing", `"title":"The <b>Prices</b>","referrer":"https://search.example/q?secret=1"`, "")
	return s, clock
}

// comes is a page of the site that tells of itself.
func (s *service) comes(key, path, page, more string, headers ...string) (a told) {
	s.Helper()
	if page != "" {
		page = "," + page
	}
	s.do("POST", "/v1/visits", fmt.Sprintf(`{"visit":"a-random-page-id-%s","page":{"url":"https://www.example.org%s"%s},"language":"de"%s}`, key, path, page, more), headers...).into(s.T, 200, &a)
	return a
}

// Whoever may see who is on the site sees it on the page: who, where, for how long, from where, what was before, and whether they
// are invited.
func TestTeam_WhoIsOnTheSite(t *testing.T) {
	s, clock := seen(t)
	o := s.ask(`{"name":"Anna","reason":"How?"}`)
	clock.Move(time.Minute)
	s.comes("2", "/cart?token=secret", "", `,"open":true,"conversation":"`+o.ID+`"`, "Authorization: Bearer "+o.Token)
	clock.Move(time.Minute)
	s.comes("1", "/cart", "", "")
	page := s.team(xavi, "/team/visitors").body
	for _, want := range []string{"2 on the site, 1 have the widget open:", "<bdi>Anna</bdi> <code>", "has #1 open", "widget open", "<small>/cart</small>", "<td>0 s <small>2 pages, 2 min</small></td>", "from search.example", `<noscript><meta http-equiv="refresh" content="15; url=/team/visitors">`} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q: %s", want, page)
		}
	}
	if link := `href="xmpp:desk@support.example.org?message;body=invite-visitor%20` + s.onsite.Visits()[1].ID + `"`; !strings.Contains(page, link) {
		t.Errorf("the list lacks %q: %s", link, page)
	}
	if n := strings.Count(page, `class="button"`); n != 1 || strings.Contains(page, "secret") { // nobody invites who talks
		t.Errorf("%d can be invited: %s", n, page)
	}
	s.siteSetting(setting.OnSite, setting.OnSiteOff)
	if page := s.team(xavi, "/team/visitors"); page.status != 200 || !strings.Contains(page.body, "settings on-site open") {
		t.Errorf("while it is off: %d %s", page.status, page.body)
	}
}

// Only who may see who is on the site sees the list and is told of changes.
func TestTeam_WhoIsOnTheSiteIsForWhoMay(t *testing.T) {
	s, _ := seen(t)
	session := "Cookie: porchlight_team=" + s.teamSession(olga)
	for _, path := range []string{"/team/visitors", "/team/visitors/events"} {
		s.do("GET", path, "").want(t, 403)
		s.do("GET", path, "", session).want(t, 403)
	}
	if strings.Contains(s.team(olga, "/team").body, "/team/visitors") || !strings.Contains(s.team(xavi, "/team").body, `<a href="/team/visitors">On the site</a>`) {
		t.Error("the team's page leads there who may not, or not who may")
	}
	s.may(olga, bridge.MayVisitors)
	s.do("GET", "/team/visitors", "", session).want(t, 200)
}

// An open list is told when somebody comes, goes on to another page, and is invited.
func TestTeam_TheListIsToldOfVisits(t *testing.T) {
	s, _ := seen(t)
	c := s.follow("/team/visitors/events", "Cookie: porchlight_team="+s.teamSession(xavi))
	told := func(when string) {
		t.Helper()
		if f := c.next(); f.event != "board" || !strings.HasPrefix(f.data, `{"change":`) {
			t.Errorf("%s: %+v", when, f)
		}
	}
	told("at once")
	s.comes("2", "/cart", "", "")
	told("somebody comes")
	s.comes("2", "/pricing", "", "")
	told("another page")
	x, _ := s.bridge.Team.Operator(xavi)
	_, err := s.onsite.Invite(x, s.onsite.Visits()[0].ID, "")
	s.must(err)
	told("an invitation")
}

// An operator watches who is on the site, with a script and without, on each screen.
func TestBrowser_WhoIsOnTheSite(t *testing.T) {
	for _, script := range []bool{true, false} {
		s, clock := seen(t)
		o := s.ask(`{"name":"Donaudampfschifffahrtsgesellschaftskapitänswitwe Müller-Lüdenscheidt","reason":"How?"}`)
		clock.Move(3 * time.Minute)
		s.comes("2", "/shop/"+strings.Repeat("lamps-and-lanterns-", 6), `"title":"Lamps and lanterns for hallways, balconies and long dinners – Lumen & Sons"`, `,"open":true,"conversation":"`+o.ID+`"`, "Authorization: Bearer "+o.Token)
		s.comes("3", "/contact", `"title":"اتصل بنا"`, `,"refuses":true`)
		s.comes("4", "/about", "", "")
		s.comes("4", "/about", "", `,"hidden":true`)
		s.comes("1", "/pricing", `"title":"Prices","referrer":"https://search.example/"`, "")
		w := s.windowOfTeam(script)
		w.do(chromedp.Navigate(s.url + "/team/visitors"))
		w.wait("document.querySelectorAll(`tbody tr`).length === 4")
		for _, size := range sizes {
			for _, scheme := range []string{"light", "dark"} {
				if !script && scheme == "dark" {
					continue
				}
				what := fmt.Sprintf("visitors-%d-%s", size.width, scheme)
				w.prefer(scheme, "")
				w.do(chromedp.EmulateViewport(size.width, size.height))
				w.whole(what)
				w.says(what+" is cut", overflowing)
				w.says(what+" is faint", faint)
				w.wait(`[...document.querySelectorAll("nav a, .button")].every((e) => e.offsetHeight >= 24)`)
			}
		}
		if script {
			w.wait(`(window.first = "1") === "1"`) // it goes away when the page is loaded again
			w.wait(`document.querySelector(".button").focus() === undefined`)
			clock.Move(time.Second)
			s.comes("5", "/lamps", "", "")
			w.wait("document.querySelectorAll(`tbody tr`).length === 5")
			w.wait(`window.first === "1" && document.activeElement === document.querySelector(".button")`) // the focus stays
		}
		w.quiet()
	}
}

// windowOfTeam is a window in which Xavi has opened the team's page.
func (s *service) windowOfTeam(script bool) *window {
	s.Helper()
	w := s.window(1280, 800, script)
	w.prefer("light", "")
	w.do(chromedp.Navigate(s.url + s.teamLink(xavi)))
	w.there("form button")
	w.click("form button")
	w.there("#stats")
	return w
}

// The picture in docs/operators.md: docs/team-visitors.png.
func TestBrowser_PictureOfWhoIsOnTheSite(t *testing.T) {
	s, clock := seen(t)
	o := s.helped(olga, "Anna", "", 5)
	_, err := s.bridge.Close(t.Context(), olga, bridge.VisitorJID(o.Visitor), "")
	s.must(err)
	clock.Move(97 * time.Second)
	s.comes("2", "/cart", `"title":"Your cart"`, `,"conversation":"`+o.ID+`"`, "Authorization: Bearer "+o.Token)
	clock.Move(40 * time.Second)
	s.comes("1", "/lamps/tern", `"title":"Tern, the porch lantern"`, "")
	s.comes("3", "/", `"title":"Lamps for the way home"`, `,"open":true`)
	clock.Move(22 * time.Second)
	x, _ := s.bridge.Team.Operator(xavi)
	_, err = s.onsite.Invite(x, s.onsite.Visits()[1].ID, "")
	s.must(err)
	w := s.windowOfTeam(false)
	w.do(chromedp.EmulateViewport(1000, 440))
	w.do(chromedp.Navigate(s.url + "/team/visitors"))
	w.wait("document.querySelectorAll(`tbody tr`).length === 3")
	w.shot("team-visitors")
	w.quiet()
}
