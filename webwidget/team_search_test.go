package webwidget_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"porchlight/bridge"
)

// TestTeam_Search: the page finds what the operator may read by words, operator, department and range, and leads to what was
// said. Nothing that anybody wrote is markup there.
func TestTeam_Search(t *testing.T) {
	s, _ := staffed(t)
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveDepartment(bridge.Department{Name: "sales", Title: "Sales & more"})
	}))
	first := s.ask(`{"name":"Anna <b>","reason":"Where is my <b>refund</b>?","department":"support"}`)
	second := s.ask(`{"name":"Bob","reason":"A refund, too","department":"sales"}`)
	for _, n := range []int64{first.Number, second.Number} {
		_, err := s.bridge.Take(t.Context(), xavi, n)
		s.must(err)
	}
	_, err := s.bridge.OperatorWrites(t.Context(), xavi, bridge.VisitorJID(first.Visitor), bridge.Said{ID: "s", Text: "It is _on its way_ & soon there"})
	s.must(err)
	_, _, err = s.bridge.Tag(t.Context(), xavi, bridge.VisitorJID(second.Visitor), bridge.Tagging{Add: []string{"vip"}})
	s.must(err)
	found := func(who bridge.OperatorJID, query string) string {
		t.Helper()
		r := s.team(who, "/team/search?"+query)
		r.want(t, 200)
		return strings.Join(regexp.MustCompile(`transcript/\d+">#\d+`).FindAllString(r.body, -1), " ")
	}
	link := func(n int64) string { return fmt.Sprintf(`transcript/%d">#%d`, n, n) }
	one, both := link(first.Number), link(second.Number)+" "+link(first.Number)
	for query, want := range map[string]string{
		"": "", "q=refund": both, "q=refund&department=support": one, "q=way": one, "operator=xavi@example.org": both, "q=refund&operator=olga@example.org": "",
		"range=7d": both, "q=refund&range=2020": "", "range=2026-11-01..": both, "range=..2026-11-01": "", "q=refund&range=+..2027+": both, "q=" + url.QueryEscape(`"refund too"`): link(second.Number), "tag=none": "",
		"tag=vip": link(second.Number), "q=refund&tag=%23VIP": link(second.Number), "q=way&tag=vip": "",
	} {
		if got := found(xavi, query); got != want {
			t.Errorf("%s finds %q and not %q", query, got, want)
		}
	}
	form := s.team(xavi, "/team/search").body
	for name, like := range map[string]string{"tag": "refund", "range": "7d, 2026-10"} {
		if !regexp.MustCompile(`name="` + name + `"[^>]* placeholder="` + like + `"`).MatchString(form) {
			t.Errorf("the field %s does not show that it takes such as %s:\n%s", name, like, form)
		}
	}
	body := s.team(xavi, "/team/search?q=refund").body
	if !strings.Contains(body, `<mark>refund</mark>&lt;/b&gt;?`) || !strings.Contains(body, "Anna &lt;b&gt;") || strings.Contains(body, "<b>refund") {
		t.Error(body)
	}
	for query, why := range map[string]string{"q=%3F%21": "nothing to look for", "operator=nobody": "no operator", "range=2026-13": "no range", "range=..2026-13": "..2026-13&#34; is no range", "q=refund&page=0": "no page 0", "q=a*": "letters are needed"} {
		r := s.team(xavi, "/team/search?"+query)
		r.want(t, 422)
		if !strings.Contains(r.body, why) {
			t.Errorf("%s: %s", query, r.body)
		}
	}
	// Olga may neither search nor read what she took no part in, until she may.
	s.team(olga, "/team/search?q=refund").want(t, 403)
	path := fmt.Sprint("/team/transcript/", first.Number)
	s.team(olga, path).want(t, 403)
	_, err = s.bridge.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Permissions = bridge.Permissions{bridge.MaySearch} })
	s.must(err)
	if got := found(olga, "q=refund"); got != one {
		t.Errorf("Olga finds %q", got)
	}
	s.team(olga, fmt.Sprint("/team/transcript/", second.Number)).want(t, 403)
	r := s.team(olga, path)
	r.want(t, 200)
	for _, want := range []string{"Anna &lt;b&gt;: Where is my &lt;b&gt;refund&lt;/b&gt;?", "Xavi: It is _on its way_ &amp; soon there", "Xavi joined.", "Transcript of #"} {
		if !strings.Contains(r.body, want) {
			t.Errorf("the transcript lacks %q: %s", want, r.body)
		}
	}
	for _, path := range []string{"/team/transcript/999", "/team/transcript/x", "/team/transcript/99999999999999999999"} {
		s.team(xavi, path).want(t, 404)
	}
	if body := s.team(xavi, "/team").body; !strings.Contains(body, `href="/team/search"`) {
		t.Error("the team's page has no link to the search")
	}
	// A link of the desk opens the search or the transcript at once.
	for view, want := range map[bridge.View]string{
		{Page: bridge.SearchPage, Words: "my refund"}: "/team/search?q=my+refund", {Page: bridge.TranscriptPage(first.Number)}: path,
	} {
		address, err := s.bridge.Passes.Link(t.Context(), olga, view)
		s.must(err)
		_, to, err := s.bridge.Passes.Redeem(t.Context(), address[strings.LastIndex(address, "/")+1:], "")
		s.must(err)
		if "/team"+to != want {
			t.Errorf("the link leads to %q", to)
		}
	}
}

// What the pages say of time is told in the zone that they name: that of the site, by which days are read, too, whatever hours
// the reader keeps.
func TestTeam_TellsTheZone(t *testing.T) {
	s, _ := staffed(t) // at 12:00 UTC
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveSetting(bridge.SiteHours, "Mon-Fri 9-18; America/New_York")
	}))
	_, err := s.bridge.Team.Change(t.Context(), xavi, func(o *bridge.Operator) { o.Hours = "Mon-Sun 0-24; Asia/Tokyo" })
	s.must(err)
	o := s.helped(xavi, "Anna", "Fine", 5)
	const zone = "Days and times are those of America/New_York."
	for path, want := range map[string][]string{
		"/team":                             {"28 Nov 07:00 America/New_York", "#1, 28 Nov 07:00 →"},
		"/team/search?q=secret&range=today": {zone, "<bdi>Anna</bdi>, 28 Nov 07:00"},
		fmt.Sprint("/team/transcript/", o.Number): {zone, "<small>07:00</small>"},
	} {
		page := s.team(xavi, path).body
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("%s lacks %q: %s", path, words, page)
			}
		}
	}
}
