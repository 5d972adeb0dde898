package webwidget_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"porchlight/bridge"
)

const formType = "Content-Type: application/x-www-form-urlencoded"

// A link shows a button to whoever looks, as often as they look. Pressing it sets the cookie, and the
// link opens nothing any more. Unknown, used and old links get the same answer.
func TestTeam_ButtonThenPage(t *testing.T) {
	const safe = `__Host-porchlight_team=[a-z2-7]{26}; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict`
	for _, c := range []struct{ url, cookies string }{
		{"https://chat.example.org", "^" + safe + "$"},
		{"http://127.0.0.1:8080", "^" + safe + ` porchlight_team=[a-z2-7]{26}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict$`},
	} {
		s, clock := staffed(t, func(o *setup) { o.PublicURL = c.url })
		link, late := s.teamLink(olga), s.teamLink(olga)
		for _, method := range []string{"GET", "HEAD", "GET"} {
			r := s.do(method, link, "")
			r.want(t, 200)
			if r.header.Get("Set-Cookie") != "" || method == "GET" && strings.Count(r.body, "<button>") != 1 {
				t.Errorf("%s: %v %s", method, r.header, r.body)
			}
		}
		r := s.do("POST", link, "", formType)
		r.want(t, 303)
		cookies := r.header.Values("Set-Cookie")
		if r.header.Get("Location") != "/team" || !regexp.MustCompile(c.cookies).MatchString(strings.Join(cookies, " ")) {
			t.Errorf("opened: %v", r.header)
		}
		var session string
		for _, cookie := range cookies {
			session, _, _ = strings.Cut(cookie, ";")
			s.do("GET", "/team", "", "Cookie: "+session).want(t, 200)
		}
		_, token, _ := strings.Cut(session, "=")
		if len(cookies) == 1 {
			s.do("GET", "/team", "", "Cookie: porchlight_team="+token).want(t, 403) // by https the prefix is wanted
		}
		unknown := s.do("GET", "/team/aaaaaaaaaaaaaaaaaaaaaaaaaa", "")
		unknown.want(t, 404)
		clock.Move(bridge.LinkLasts)
		for _, path := range []string{link, late} {
			for _, method := range []string{"GET", "POST"} {
				r := s.do(method, path, "", formType)
				if r.status != 404 || r.body != unknown.body || !strings.Contains(r.body, "Send team to the desk") {
					t.Errorf("%s: %d %s", method, r.status, r.body)
				}
			}
		}
		s.do("POST", "/team/leave", "", formType, "Cookie: "+session).want(t, 303)
		s.do("GET", "/team", "", "Cookie: "+session).want(t, 403)
	}
}

// No page of another site can press the button, end a session, or frame the page; a reader who comes
// from another site, and so without the cookie, is shown the page at the second try.
func TestTeam_OtherSites(t *testing.T) {
	s, _ := staffed(t)
	link, session := s.teamLink(olga), "Cookie: porchlight_team="+s.teamSession(olga)
	for _, foreign := range []string{"Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"} {
		r := s.do("POST", link, "", formType, foreign)
		if r.status != 403 || r.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", foreign, r.status, r.header)
		}
		s.do("POST", "/team/leave", "", formType, session, foreign).want(t, 403)
	}
	s.do("GET", "/team", "", session).want(t, 200)
	s.do("POST", link, "", formType, "Origin: "+s.url, "Sec-Fetch-Site: same-origin").want(t, 303)
	const again = `<meta http-equiv="refresh" content="0; url=/team?again=1">`
	if r := s.do("GET", "/team?range=7d", "", "Sec-Fetch-Site: cross-site"); !strings.Contains(r.body, again) {
		t.Errorf("from another site: %s", r.body)
	}
	if r := s.do("GET", "/team/unknown", "", "Sec-Fetch-Site: cross-site"); strings.Contains(r.body, "refresh") {
		t.Errorf("a link from another site: %s", r.body)
	}
	if r := s.do("GET", "/team?again=1", "", "Sec-Fetch-Site: cross-site"); strings.Contains(r.body, "refresh") {
		t.Errorf("the second time: %s", r.body)
	}
}

// Tokens can't be tried one after the other, nor can what is no token do harm.
func TestTeam_Guessing(t *testing.T) {
	s, _ := staffed(t, func(o *setup) { o.RequestsPerMinute = 30 })
	wall := s.teamWall(xavi)
	session := s.teamSession(olga)
	var last reply
	for _, token := range []string{"../team", "%00", "a%0d%0aSet-Cookie:%20x=y", strings.Repeat("x", 5000), "a'--", "wall", strings.TrimPrefix(wall, "/team/wall/"), session} {
		for _, path := range []string{"/team/" + token, "/team/wall/" + token} {
			if path == wall {
				continue
			}
			last = s.do("POST", path, "", formType)
			if last.status != 404 && last.status != 405 || last.header.Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %v", path, last.status, last.header)
			}
		}
	}
	for _, cookie := range []string{"", "x", strings.Repeat("x", 5000), strings.TrimPrefix(wall, "/team/wall/"), session[:25], session + "x", strings.ToUpper(session)} {
		s.do("GET", "/team", "", "Cookie: porchlight_team="+cookie).want(t, 403)
	}
	for i := 0; i < 30 && last.status != 429; i++ {
		last = s.do("GET", fmt.Sprintf("/team/guess%d", i), "")
	}
	if last.status != 429 || last.header.Get("Retry-After") == "" {
		t.Errorf("after many guesses: %d %v", last.status, last.header)
	}
}

// What somebody sees follows from what they may at each load: without stats and feedback their own.
func TestTeam_RightsAtEachLoad(t *testing.T) {
	s, _ := staffed(t)
	s.helped(olga, "Anna", "Quick and kind", 5)
	s.helped(xavi, "Bob", "Slow answer", 2)
	session := "Cookie: porchlight_team=" + s.teamSession(olga)
	see := func(path string, status int, there, not []string) {
		t.Helper()
		r := s.do("GET", path, "", session)
		r.want(t, status)
		text := r.body[strings.Index(r.body, `id="stats"`)+1:]
		for _, words := range there {
			if !strings.Contains(text, words) {
				t.Errorf("%s lacks %q", path, words)
			}
		}
		for _, words := range not {
			if strings.Contains(text, words) {
				t.Errorf("%s shows %q", path, words)
			}
		}
	}
	see("/team", 200, []string{"Olga", "Quick and kind"}, []string{"<bdi>Xavi</bdi>", "Slow answer", "All together"})
	see("/team/stats.csv", 200, []string{"operator,Olga,1,"}, []string{"Xavi", "team,", "department,"})
	for _, who := range []string{"xavi@example.org", "nobody@example.org", "support", "*", "OLGA@example.org"} {
		see("/team?who="+who, 403, []string{"Quick and kind"}, []string{"Slow answer", "<bdi>Xavi</bdi>", "All together"})
		see("/team/stats.csv?who="+who, 403, nil, []string{"Xavi"})
	}
	see("/team?who=olga@example.org", 200, []string{"Quick and kind"}, nil)
	s.may(olga, bridge.MayStats)
	see("/team", 200, []string{"<bdi>Xavi</bdi>", "All together", "<bdi>Support</bdi>"}, []string{"Slow answer"})
	see("/team?who=xavi@example.org", 200, []string{"<bdi>Xavi</bdi>"}, []string{"Slow answer", "<bdi>Olga</bdi></a>", "All together"})
	see("/team?who=nobody@example.org", 404, nil, nil)
	s.may(olga, bridge.MayFeedback)
	see("/team", 200, []string{"Slow answer", "Quick and kind"}, []string{"All together"})
	s.may(olga)
	see("/team", 200, []string{"Quick and kind"}, []string{"Slow answer"})
	_, err := s.bridge.Team.Change(t.Context(), olga, func(o *bridge.Operator) { o.Enabled = false })
	s.must(err)
	see("/team", 403, nil, []string{"Quick and kind"})
	see("/team/stats.csv", 403, nil, []string{"Olga"})
	see("/team/board", 403, nil, nil)
}

// Others' hours are for those who may change them; one's own and the site's are for everybody.
func TestTeam_Hours(t *testing.T) {
	s, _ := staffed(t)
	s.must(s.bridge.Team.Administer(t.Context(), func(tx bridge.Tx) error {
		return tx.SaveSetting(bridge.SiteHours, "Mon-Fri 9-18; Europe/Madrid")
	}))
	for who, text := range map[bridge.OperatorJID]string{olga: "Mon-Fri 9-12:30,13:30-18; Sat 22-2; Europe/Madrid", xavi: "Mon 6-7; Europe/Madrid"} {
		_, err := s.bridge.Team.Change(t.Context(), who, func(o *bridge.Operator) { o.Hours = text })
		s.must(err)
	}
	week := func(o bridge.OperatorJID) string {
		_, rest, _ := strings.Cut(s.team(o, "/team").body, `id="week"`)
		week, _, _ := strings.Cut(rest, `id="votes"`)
		return week
	}
	mine := week(olga)
	for _, words := range []string{"The site", "again Mon 9:00", "9:00–12:30, 13:30–18:00", "22:00–2:00 (Sun)", `<rect x="540" width="210"`, `<rect x="1320" width="120"`, `<rect x="0" width="120"`, "Sat <small>28 Nov</small>"} {
		if !strings.Contains(mine, words) {
			t.Errorf("Olga's week lacks %q: %s", words, mine)
		}
	}
	if strings.Contains(mine, "6:00–7:00") || strings.Contains(mine, "Support") {
		t.Error("Olga sees others' hours")
	}
	if all := week(xavi); !strings.Contains(all, "6:00–7:00") || !strings.Contains(all, "13:30–18:00") || !strings.Contains(all, "Support") {
		t.Errorf("Xavi's week: %s", all)
	}
}

// A wall shows numbers and operators' names, and not a word that visitors wrote. Its link opens nothing
// else, and nothing at all once it is taken back.
func TestTeam_Wall(t *testing.T) {
	s, clock := staffed(t)
	s.helped(olga, "Bob", "A comment", 5)
	s.ask(`{"name":"Anna Waits","reason":"A question"}`)
	clock.Move(4 * time.Minute)
	wall := s.teamWall(xavi)
	r := s.do("GET", wall, "")
	r.want(t, 200)
	for _, words := range []string{"<b>1</b> waiting", "<b>4 min</b> longest wait", "<b>1</b> active", "<b>1</b> available", "Xavi", "Support", "Conversations", "<th scope=\"row\">#1</th><td><bdi>Olga</bdi></td><td>Support</td><td>", `<noscript><meta http-equiv="refresh" content="15; url=` + wall + `"></noscript>`, "<th scope=\"row\">#2</th><td>Support</td><td>4 min</td>"} {
		if !strings.Contains(r.body, words) {
			t.Errorf("the wall lacks %q: %s", words, r.body)
		}
	}
	for _, words := range []string{"Anna", "Bob", "question", "comment", "@"} {
		if strings.Contains(r.body, words) {
			t.Errorf("the wall shows %q", words)
		}
	}
	token := strings.TrimPrefix(wall, "/team/wall/")
	for _, path := range []string{"/team", "/team/board", "/team/stats.csv"} {
		s.do("GET", path, "", "Cookie: porchlight_team="+token).want(t, 403)
	}
	s.do("GET", "/team/"+token, "").want(t, 404)
	board := s.team(xavi, "/team/board")
	board.want(t, 200)
	if page := s.team(xavi, "/team"); !strings.Contains(page.body, "Anna Waits") || strings.Contains(page.body, "refresh") {
		t.Error("the page lacks who waits, or loads itself anew")
	}
	op, _ := s.bridge.Team.Operator(xavi)
	_, err := s.bridge.Passes.DeleteWall(t.Context(), op, "hall")
	s.must(err)
	gone := s.do("GET", wall, "")
	gone.want(t, 404)
	if !strings.Contains(gone.body, "send team-wall and a name to the desk") || strings.Contains(gone.body, "Send team to") {
		t.Error(gone.body)
	}
}
